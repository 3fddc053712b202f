import { addValue, countOf, emptyHistogram, type Histogram, mergeHistograms, quantile } from "../core/histogram.ts";

/** Two halves of the last ten minutes: between five and ten of them are looked at. */
const HALF_MS = 5 * 60_000;
const TIMES = { enter: 3, stay: 2 };
/** A few milliseconds more are nobody's trouble, however often they fit into what is usual. */
const LEAST_MORE_MS = 100;
const LEAST_RUNS = 20;
const BASELINE = { days: 3, runs: 100 };

interface Window {
  since: number;
  current: Histogram;
  previous: Histogram;
}

/** How slow each check is now against what is usual at this hour of the day. No I/O; times are monotonic milliseconds. */
export class BrownOuts {
  readonly #windows = new Map<string, Window>();
  /** p95 in milliseconds. */
  #usual: ReadonlyMap<string, number> = new Map();

  /** Replaces what is usual; checks that are not in it are not judged. */
  setUsual(usual: ReadonlyMap<string, number>): void {
    this.#usual = usual;
  }

  /** Checks that ended leave nothing behind. */
  retain(ids: { has(id: string): boolean }): void {
    for (const id of this.#windows.keys()) if (!ids.has(id)) this.#windows.delete(id);
  }

  /** Takes the duration of a run that passed; answers in words how slow it has become, undefined when it has not. */
  judge(id: string, durationMs: number, { now, already }: { now: number; already: boolean }): string | undefined {
    const usual = this.#usual.get(id);
    if (usual === undefined) return undefined;
    const window = this.#add(id, durationMs, now);
    const recent = mergeHistograms(window.current, window.previous);
    if (countOf(recent) < LEAST_RUNS) return undefined;
    const p95 = quantile(recent, 0.95) ?? 0;
    if (p95 < Math.max(usual * (already ? TIMES.stay : TIMES.enter), usual + LEAST_MORE_MS)) return undefined;
    return `95 % of the last runs took up to ${p95.toFixed(0)} ms, usual at this hour are ${usual.toFixed(0)} ms`;
  }

  #add(id: string, durationMs: number, now: number): Window {
    const known = this.#windows.get(id);
    const age = known ? now - known.since : Number.POSITIVE_INFINITY;
    const kept =
      known && age < HALF_MS
        ? known
        : {
            since: now,
            current: emptyHistogram,
            previous: known && age < 2 * HALF_MS ? known.current : emptyHistogram,
          };
    const window = { ...kept, current: addValue(kept.current, durationMs) };
    this.#windows.set(id, window);
    return window;
  }
}

/** The p95 of one hour of the day, from that hour of several days; null while there is too little to say. */
export function usualP95(sameHour: readonly Histogram[]): number | null {
  const all = sameHour.reduce(mergeHistograms, emptyHistogram);
  const days = sameHour.filter((hour) => countOf(hour) > 0).length;
  return days < BASELINE.days || countOf(all) < BASELINE.runs ? null : quantile(all, 0.95);
}
