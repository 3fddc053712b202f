/** A program of a folder that builds several. */
export interface Candidate {
  name: string;
  /** Whether its code waits for requests. */
  serves: boolean;
}

const TOOL =
  /^(?:migrat\w*|db-?migrat\w*|seed\w*|\w*-?gen|generat\w*|codegen|tools?|scripts?|cli|client|\w+-cli|\w+ctl|\w+[-_]client|examples?|demo|tests?|\w+[-_]tests?|bench\w*|load-?test|debug|dump\w*|imports?|importer|exports?|exporter|backfill|fixtures?|lint\w*|fmt|docs?|swagger|openapi|proto\w*|health-?check|keygen|create[-_]?\w+|setup|install\w*|release|build|playground|sandbox|repl|hack|xtask)$/i;
const WORKER =
  /(?:^|[-_])(?:worker|workers|consumer|cron|scheduler|queue|processor|bot|listener|subscriber|indexer|crawler|runner|daemon|poller|relay|watcher|agent)(?:$|[-_])/i;

/** Whether a program's name says that people run it by hand: `migrate`, `seed`, `xtask`. */
export function isTool(name: string): boolean {
  return TOOL.test(name);
}

/** Whether a program's name says that it works through a queue or by the clock. */
export function isWorker(name: string): boolean {
  return WORKER.test(name);
}

/** Those programs that are deployed: servers and workers; where none is one, all that are no tools. */
export function deployed<T extends Candidate>(programs: readonly T[]): T[] {
  const useful = programs.filter(({ name }) => !isTool(name));
  const running = useful.filter(({ name, serves }) => serves || isWorker(name));
  const first = [running, programs.filter(({ serves }) => serves), useful].find((some) => some.length > 0);
  return first ?? [...programs];
}
