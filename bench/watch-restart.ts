import { percentiles } from "./load.ts";
import { seconds, verdict } from "./report.ts";
import { EVERY_MS, withBed } from "./watch/bed.ts";
import { startProber } from "./watch/figures.ts";
import type { Begun } from "./watch/prober.ts";

const CHECKS = 1_000;
const RESTARTS = 10;
/** An interval and the jitter of a run's start. */
const BOUND_MS = 1.05 * EVERY_MS;

/** kill -9 of a prober with 1,000 checks, and how long its successor takes until each has run again. */
export async function benchWatchRestart(): Promise<string> {
  return await withBed(CHECKS, async ({ order }) => {
    const times: number[] = [];
    for (let round = 0; round <= RESTARTS; round++) {
      const prober = startProber();
      const { readyMs, coveredMs } = await prober.tell<Begun>({ begin: order });
      await prober.kill();
      // The first has no predecessor.
      if (round > 0) times.push(coveredMs - readyMs);
    }
    const longest = Math.max(...times);
    return [
      `${CHECKS} checks every ${EVERY_MS / 1_000} s; from the opened store to the end of each check's first run; n = ${times.length}`,
      `p50 ${seconds(percentiles(times).p50)} s, max ${seconds(longest)} s`,
      verdict(`within one interval and its jitter (${seconds(BOUND_MS)} s)`, longest <= BOUND_MS),
    ].join("\n");
  });
}
