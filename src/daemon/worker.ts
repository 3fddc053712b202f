import { createSelfWatch, SELF_BEAT_MS } from "../watch/self.ts";
import { SLO_BEAT_MS } from "../watch/slo/report.ts";
import { openEngine } from "./engine.ts";
import { keepIssues } from "./issues.ts";
import { createLoops } from "./loops.ts";
import { createParts } from "./parts.ts";
import type { Place } from "./place.ts";
import { createReporter } from "./reporter.ts";
import { judgeObjectives } from "./slo.ts";
import { endAll, type StopStep } from "./stop-steps.ts";
import { requireShared } from "./store.ts";

const TICK_MS = 1_000;
/** Should a notice be missed, the checks are read anew this often. */
const CHECKS_MS = 30_000;

export interface WorkerOptions {
  environment?: string;
  print(line: string): void;
  /** Something went wrong in the background and is tried again. */
  warn(line: string): void;
}

export interface Worker {
  id: string;
  environment: string;
  /** Ends its runs and lets go of its shards. */
  stop(): Promise<void>;
}

/**
 * Runs a part of the checks of a daemon that uses the same database, folds incidents and sends messages while no daemon lives; it
 * makes no rollouts. Throws what a user can mend as `UserError`.
 */
export async function startWorker(place: Place, { environment, print, warn }: WorkerOptions): Promise<Worker> {
  await requireShared(place);
  const engine = await openEngine(place, { environment });
  const made: StopStep[] = [{ what: "the connection to the store", end: engine.close }];
  try {
    const { report } = createReporter(warn, { redact: engine.redact });
    const loops = createLoops(report);
    const parts = await createParts(engine, {
      ...{ print, report, track: loops.track, baseUrl: () => null },
      shares: "worker",
    });
    const { watch, crew, incidents, outbox, callAgain, whenLeading } = parts;
    made.unshift(
      { what: "the checks", end: () => watch.stop() },
      { what: "its shards", end: () => crew.stop() },
      { what: "the incidents", end: () => incidents.close() },
      { what: "the messages", end: () => outbox?.stop() },
      { what: "the upkeep", end: () => loops.idle() },
    );
    await crew.follow();
    watch.start();
    outbox?.start();
    await crew.start();
    loops.every(TICK_MS, () => incidents.tick());
    loops.every(TICK_MS, callAgain);
    loops.every(SELF_BEAT_MS, whenLeading(createSelfWatch(engine, watch)));
    loops.every(
      SLO_BEAT_MS,
      whenLeading(() => judgeObjectives(engine, watch)),
    );
    keepIssues(loops, engine, { ...parts, baseUrl: () => null });
    loops.every(CHECKS_MS, crew.follow);
    return {
      id: crew.id ?? "",
      environment: engine.environment,
      stop: async () => {
        loops.halt();
        await endAll(made);
      },
    };
  } catch (error) {
    await endAll(made);
    throw error;
  }
}
