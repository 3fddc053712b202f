import type { Clock } from "../core/clock.ts";
import { withDeadline } from "../notify/deadline.ts";

const LOOK_MS = 2_000;
/** While something hangs others still get what a sound look takes many times over. */
const SHORT_LOOK_MS = 250;
const HANGS_FOR_MS = 30_000;

interface LooksOptions {
  clock: Pick<Clock, "monotonic">;
  report(error: unknown): void;
  /** Aborts when the daemon stops. */
  signal: AbortSignal;
}

/** Asks how things stand where decisions cannot wait for long. */
export interface Looks {
  /** Answers within 2 s, and for half a minute after a look that hung within 250 ms; null where there is no answer. Never rejects. */
  ask<T>(look: (signal: AbortSignal) => Promise<T>): Promise<T | null>;
}

export function createLooks({ clock, report, signal }: LooksOptions): Looks {
  let hangsUntil = Number.NEGATIVE_INFINITY;
  return {
    ask: async (look) => {
      const isShort = clock.monotonic() < hangsUntil;
      try {
        return await withDeadline(look, isShort ? SHORT_LOOK_MS : LOOK_MS, signal);
      } catch (error) {
        if (signal.aborted) return null;
        const hung = error instanceof DOMException && error.name === "TimeoutError";
        if (hung && !isShort) hangsUntil = clock.monotonic() + HANGS_FOR_MS;
        report(error);
        return null;
      }
    },
  };
}
