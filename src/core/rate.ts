interface Rate {
  /** How many may come at once. */
  burst: number;
  /** After this many milliseconds one more may. */
  everyMs: number;
  /** Milliseconds of any clock that does not go back. */
  now?: () => number;
}

/** Answers at each call whether that one may pass (token bucket). */
export function createRate({ burst, everyMs, now = () => performance.now() }: Rate): () => boolean {
  let left = burst;
  let at = now();
  return () => {
    const passed = now() - at;
    at += passed;
    left = Math.min(burst, left + passed / everyMs);
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
