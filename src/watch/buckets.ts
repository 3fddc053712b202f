import { addValue, emptyHistogram, type Histogram, mergeHistograms } from "../core/histogram.ts";
import type { RunResult } from "./types.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** A day of ten checks, and still only some 30 MB. */
const MOST_BUCKETS = 100_000;
/** Results of a suspicion come in late, once it is clear what they meant. */
const LATE_MS = 5_000;

export interface Counts {
  ok: number;
  slow: number;
  fail: number;
  unknown: number;
  skipped: number;
  /** Runs during maintenance, whatever they said: they count on neither side. */
  maintenance: number;
  /** Failures that their confirmation did not confirm. */
  blips: number;
  leastMs: number | null;
  mostMs: number | null;
  sumMs: number;
  /** Durations of ok and slow runs: how fast a failure was says nothing. */
  histogram: Histogram;
}

/** Results of one check in one minute (epoch ms of its start). Several may share a minute; `epoch` tells them apart. */
export interface Bucket extends Counts {
  checkId: string;
  minute: number;
  epoch: number;
}

export const noCounts: Counts = {
  ok: 0,
  slow: 0,
  fail: 0,
  unknown: 0,
  skipped: 0,
  maintenance: 0,
  blips: 0,
  leastMs: null,
  mostMs: null,
  sumMs: 0,
  histogram: emptyHistogram,
};

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    ok: a.ok + b.ok,
    slow: a.slow + b.slow,
    fail: a.fail + b.fail,
    unknown: a.unknown + b.unknown,
    skipped: a.skipped + b.skipped,
    maintenance: a.maintenance + b.maintenance,
    blips: a.blips + b.blips,
    leastMs: extreme(Math.min, a.leastMs, b.leastMs),
    mostMs: extreme(Math.max, a.mostMs, b.mostMs),
    sumMs: a.sumMs + b.sumMs,
    histogram: mergeHistograms(a.histogram, b.histogram),
  };
}

function extreme(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : pick(a, b);
}

export function countsOf({ outcome, durationMs }: Pick<RunResult, "outcome" | "durationMs">): Counts {
  const timed = outcome === "ok" || outcome === "slow";
  const measured = timed
    ? { leastMs: durationMs, mostMs: durationMs, sumMs: durationMs, histogram: addValue(emptyHistogram, durationMs) }
    : {};
  return { ...noCounts, ...measured, [outcome]: 1 };
}

/** A run during maintenance. */
export const maintained: Counts = { ...noCounts, maintenance: 1 };

/** ok / (ok + fail) with slow as ok; unknown and skipped on neither side. Null without data. */
export function uptimeOf({ ok, slow, fail }: Pick<Counts, "ok" | "slow" | "fail">): number | null {
  const known = ok + slow + fail;
  return known === 0 ? null : (ok + slow) / known;
}

/** Counts in memory until they are written; bounded, the oldest minutes give way. No I/O. */
export class BucketBuffer {
  /** By minute and check, oldest first; a change puts a new object in the place of the old one. */
  #buckets = new Map<string, Bucket>();
  /** Those that are in the store as they are here. */
  #stored = new WeakSet<Bucket>();
  #epoch: number;
  /** Buckets given up because the store was away for too long. */
  lost = 0;

  /** `epoch` must be above any of an earlier run; the wall clock in milliseconds serves. */
  constructor(epoch: number) {
    this.#epoch = epoch;
  }

  add(checkId: string, at: number, counts: Counts): void {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const key = `${minute} ${checkId}`;
    const bucket = this.#buckets.get(key) ?? { checkId, minute, epoch: ++this.#epoch, ...noCounts };
    this.#buckets.set(key, { ...bucket, ...addCounts(bucket, counts) });
    if (this.#buckets.size > MOST_BUCKETS) this.#giveUpOldest();
  }

  #giveUpOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest === undefined) return;
    this.#buckets.delete(oldest);
    this.lost += 1;
  }

  /** What the store does not have as it is here, the open minute included. */
  changed(): readonly Bucket[] {
    return this.all().filter((bucket) => !this.#stored.has(bucket));
  }

  /** The store has these. */
  stored(buckets: readonly Bucket[]): void {
    for (const bucket of buckets) this.#stored.add(bucket);
  }

  /** What is over at `now` and in the store goes from here. */
  forget(now: number): void {
    for (const [key, bucket] of this.#buckets)
      if (this.#stored.has(bucket) && bucket.minute + MINUTE_MS + LATE_MS <= now) this.#buckets.delete(key);
  }

  /** All that is in memory; the store may have an earlier state of it under the same epoch. */
  all(): Bucket[] {
    return [...this.#buckets.values()];
  }
}
