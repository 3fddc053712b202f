import type { Clock } from "../core/clock.ts";

/** A stall of our own event loop or store as long as this makes failed runs worthless. */
const STALL_MS = 1_000;
const PULSE_MS = 250;
/** The server ends a statement after 30 s by itself; this is for one that no longer answers at all. */
const WRITE_DEADLINE_MS = 35_000;

/** Tells a stalled prober from a broken target. */
export interface Gate {
  /**
   * Why a run that began at `since` (monotonic) and failed says nothing about its target; null when it does. Waits for writes
   * under way, until they have landed or are 1 s late: quick confirmations would be through before a stall can be seen.
   */
  blind(since: number): Promise<string | null>;
  /** Does a write, one after the other, and watches how long it takes. Rejects as `work` does, and after 35 s. */
  write<T>(work: () => Promise<T>): Promise<T>;
  start(): void;
  stop(): void;
}

export function createGate(clock: Clock): Gate {
  /** When the write that is under way began: those behind it wait for it, not for the store. */
  let writingSince: number | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let failing: string | null = null;
  let stalledUntil = Number.NEGATIVE_INFINITY;
  let lastPulse = clock.monotonic();
  let timer: NodeJS.Timeout | undefined;

  const pulse = () => {
    const now = clock.monotonic();
    if (now - lastPulse - PULSE_MS >= STALL_MS) stalledUntil = now;
    lastPulse = now;
  };
  const blind = async (since: number) => {
    if (timer) pulse();
    const left = writingSince === null ? 0 : writingSince + STALL_MS - clock.monotonic();
    if (left > 0) await within(queue, left).catch(() => {});
    if (stalledUntil >= since) return "not judged: this machine or its store was stalled for 1 s or more";
    if (writingSince !== null && clock.monotonic() - writingSince >= STALL_MS)
      return "not judged: the store has not taken a write for 1 s or more";
    return failing;
  };
  const observe = async <T>(work: () => Promise<T>): Promise<T> => {
    const begun = clock.monotonic();
    writingSince = begun;
    try {
      const done = await within(work(), WRITE_DEADLINE_MS);
      failing = null;
      return done;
    } catch (error) {
      failing = "not judged: the store refuses writes";
      throw error;
    } finally {
      writingSince = null;
      if (clock.monotonic() - begun >= STALL_MS) stalledUntil = clock.monotonic();
    }
  };
  return {
    blind,
    write: <T>(work: () => Promise<T>) => {
      const done = queue.then(() => observe(work));
      queue = done.catch(() => {});
      return done;
    },
    start: () => {
      lastPulse = clock.monotonic();
      timer ??= setInterval(pulse, PULSE_MS).unref();
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** Rejects when `work` takes longer than `ms`; the work itself goes on. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1_000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
