import { appendFileSync } from "node:fs";
import type { Boundary } from "../deploy/journal.ts";

/**
 * For fault tests: with STATIONMASTER_FAULT_KILL_AT=N the process kills itself at the Nth journal boundary, as a power cut
 * would; STATIONMASTER_FAULT_TRACE=FILE lists the boundaries passed.
 */
export function crashBoundary(env: NodeJS.ProcessEnv = process.env): Boundary | undefined {
  const at = Number(env.STATIONMASTER_FAULT_KILL_AT ?? 0);
  const trace = env.STATIONMASTER_FAULT_TRACE;
  if (!at && !trace) return undefined;
  let count = 0;
  return (point) => {
    count++;
    if (trace) appendFileSync(trace, `${count} ${point}\n`);
    if (count === at) process.kill(process.pid, "SIGKILL");
  };
}
