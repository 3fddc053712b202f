const SAMPLES = 1_024;
const RECENT_MS = 60_000;

/** Latencies of the last minute, at most 1,024 of them; memory is taken with the first one. */
export interface LatencyWindow {
  add(ms: number, now: number): void;
  /** Milliseconds; null without a sample in the last minute. */
  percentiles(now: number): { p50: number | null; p95: number | null; p99: number | null };
}

export function createLatencyWindow(): LatencyWindow {
  let values: Float64Array | undefined;
  let times: Float64Array | undefined;
  let next = 0;
  return {
    add(ms, now) {
      values ??= new Float64Array(SAMPLES);
      times ??= new Float64Array(SAMPLES);
      values[next] = ms;
      times[next] = now;
      next = (next + 1) % SAMPLES;
    },
    percentiles(now) {
      const recent = [...(values ?? [])]
        .filter((_, index) => (times?.[index] ?? 0) > now - RECENT_MS)
        .sort((a, b) => a - b);
      const at = (share: number) => {
        const value = recent[Math.ceil(recent.length * share) - 1];
        return value === undefined ? null : Math.round(value * 100) / 100;
      };
      return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
    },
  };
}
