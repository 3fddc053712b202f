import { setTimeout as delay } from "node:timers/promises";

/** Asks every 50 ms until the answer is neither undefined, null nor false; rejects after `ms` (default 30 s) with the last error. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  ms = 30_000,
): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + ms; Date.now() < end; await delay(50)) {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) return found;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`waited ${ms} ms for ${what}`, { cause: last });
}
