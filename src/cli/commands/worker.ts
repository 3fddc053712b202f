import { setFlagsFromString } from "node:v8";
import { HEAP_GROWTH } from "../../daemon/heap-flags.ts";
import { findPlace } from "../../daemon/place.ts";
import { startWorker } from "../../daemon/worker.ts";
import { note, print, printJson } from "../output.ts";
import type { GlobalOptions } from "../session.ts";
import { aborted, listenForStop } from "../stop-signals.ts";

export async function run(options: GlobalOptions): Promise<void> {
  setFlagsFromString(HEAP_GROWTH);
  const { stop, hurry } = listenForStop("its runs");
  const worker = await startWorker(findPlace(options), {
    environment: options.env,
    print: note,
    warn: (line) => note(`warning ${line}`),
  });
  const { id, environment } = worker;
  if (options.json) printJson({ id, environment, pid: process.pid });
  else print(`ready: ${id} runs a share of the checks of ${environment} · Ctrl-C ends it`);
  await aborted(stop);
  await Promise.race([worker.stop(), aborted(hurry)]);
  // What nobody waited for must not keep the process.
  if (hurry.aborted) process.exit(0);
}
