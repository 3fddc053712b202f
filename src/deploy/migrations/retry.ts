import type { Clock } from "../../core/clock.ts";

const FIRST_MS = 1_000;
const MOST_MS = 30_000;

/** Time before the next attempt, milliseconds: doubled each time, and between half and all of that, so that two controllers part. */
export function lockDelay(attempt: number, random: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round(most * (0.5 + random / 2));
}

/**
 * Tries again while a lock was not free in time: each short wait lets the queries that queued behind us through. Ends with the last
 * such error when the signal aborts.
 */
export async function retryOnLock<T>(
  attempt: (number: number) => Promise<T>,
  {
    isLock,
    clock,
    signal,
    random = Math.random,
  }: { isLock: (error: unknown) => boolean; clock: Clock; signal: AbortSignal; random?: () => number },
): Promise<T> {
  let locked: unknown;
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!isLock(error)) throw signal.aborted ? (locked ?? error) : error;
      locked = error;
      await clock.sleep(lockDelay(number, random()), signal).catch(() => {
        throw error;
      });
    }
  }
}
