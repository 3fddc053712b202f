import type { Clock } from "../../core/clock.ts";
import type { Stage } from "./classify.ts";
import type { Phases } from "./probe.ts";

/** Measures the phases of one connection, in milliseconds. */
export interface Stopwatch {
  phases: Phases;
  /** Ends the current phase; after `end` nothing changes any more. */
  next(to: Stage | "end"): void;
  stage(): Stage;
}

/** Starts with `resolve`. */
export function startStopwatch(clock: Clock): Stopwatch {
  const phases: Phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  let stage: Stage = "resolve";
  let since = clock.monotonic();
  let ended = false;
  return {
    phases,
    next: (to) => {
      if (ended) return;
      ended = to === "end";
      const now = clock.monotonic();
      phases[stage] += now - since;
      since = now;
      if (to !== "end") stage = to;
    },
    stage: () => stage,
  };
}
