import type { RequestSample } from "../../traffic.ts";

const KEPT = 1_000;
/** With fewer, one slow request would be the 99th percentile. */
const LEAST = 100;
const SERVER_ERROR = 500;

/** How long the latest requests of each unit took, as far as somebody read the samples. */
export interface Times {
  /** `units`: those the route still has; the others are forgotten. */
  add(route: string, samples: readonly RequestSample[], units: ReadonlySet<string>): void;
  /** Milliseconds, over the last 1,000 answers; null with fewer than 100. */
  p99(route: string, unit: string): number | null;
  forget(route: string): void;
}

export function createTimes(): Times {
  const routes = new Map<string, Map<string, number[]>>();
  return {
    add(route, samples, units) {
      const known = routes.get(route);
      const next = new Map<string, number[]>();
      // A failure is no answer that took so long.
      const answered = Map.groupBy(
        samples.filter(({ status }) => status < SERVER_ERROR),
        ({ unit }) => unit,
      );
      for (const unit of units)
        next.set(unit, [...(known?.get(unit) ?? []), ...(answered.get(unit) ?? []).map(({ ms }) => ms)].slice(-KEPT));
      routes.set(route, next);
    },
    p99(route, unit) {
      const times = routes.get(route)?.get(unit) ?? [];
      if (times.length < LEAST) return null;
      return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? null;
    },
    forget: (route) => void routes.delete(route),
  };
}
