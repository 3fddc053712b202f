/** How far back restarts count, in milliseconds. */
export const RESTART_WINDOW_MS = 10 * 60_000;

/** Counts how often something was started again, from what it looks like each time. */
export interface RestartCounter {
  /**
   * `mark` is a total that rises with each restart, or a text that differs after one; `now` in milliseconds that do not go back.
   * Answers the restarts seen within the last 10 minutes.
   */
  note(key: string, mark: number | string, now: number): number;
}

export function createRestartCounter(): RestartCounter {
  const kept = new Map<string, { mark: number | string; times: number[]; seen: number }>();
  return {
    note: (key, mark, now) => {
      const before = kept.get(key);
      const times = (before?.times ?? []).filter((at) => now - at < RESTART_WINDOW_MS);
      for (let rise = before ? riseOf(before.mark, mark) : 0; rise > 0; rise--) times.push(now);
      kept.set(key, { mark, times, seen: now });
      for (const [other, { seen }] of kept) if (now - seen > RESTART_WINDOW_MS) kept.delete(other);
      return times.length;
    },
  };
}

/** A total that falls begins anew: what is counted was replaced. */
function riseOf(before: number | string, now: number | string): number {
  return typeof now === "number" && typeof before === "number" ? now - before : Number(now !== before);
}
