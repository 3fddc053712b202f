import type { Clock } from "../../core/clock.ts";
import type { CheckSpec } from "../../watch/types.ts";
import type { DevOps } from "./devops.ts";

interface SweepOptions {
  devops: Pick<DevOps, "clear">;
  clock: Pick<Clock, "monotonic">;
  /** Milliseconds between two sweeps, at least; undefined: no sweeps. */
  everyMs(): number | undefined;
  report(error: unknown): void;
  /** Work that the stop waits for. */
  track<T>(work: Promise<T>): Promise<T>;
}

/** Clears the sessions that sign-in checks leave behind, after their runs. Answers what to call after each run. */
export function createSweep({
  devops,
  clock,
  everyMs,
  report,
  track,
}: SweepOptions): (spec: Pick<CheckSpec, "type" | "id">) => void {
  let last = Number.NEGATIVE_INFINITY;
  return ({ type, id }) => {
    const pause = everyMs();
    if (type !== "steps" || pause === undefined || clock.monotonic() - last < pause) return;
    last = clock.monotonic();
    void track(devops.clear("stale-sessions", `check:${id}`)).catch(report);
  };
}
