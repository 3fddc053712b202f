/** Events arrive in bursts; queries are asked again a moment after the first of them. */
const MOMENT_MS = 250;

/** Hands on what became out of date: each key once, and no more often than every `everyMs`. */
export function createGatherer(invalidate: (key: string[]) => void, everyMs = MOMENT_MS) {
  const pending = new Map<string, string[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let handedOn = Number.NEGATIVE_INFINITY;
  const flush = () => {
    timer = undefined;
    handedOn = performance.now();
    for (const key of pending.values()) invalidate(key);
    pending.clear();
  };
  return {
    add(keys: readonly string[][]): void {
      for (const key of keys) pending.set(key.join("/"), key);
      timer ??= setTimeout(flush, Math.max(MOMENT_MS, handedOn + everyMs - performance.now()));
    },
    stop: () => clearTimeout(timer),
  };
}
