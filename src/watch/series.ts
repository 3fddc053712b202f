import type { CheckSeries, SeriesPoint } from "../contract/check.ts";
import type { Clock } from "../core/clock.ts";
import { emptyHistogram, mergeHistograms, quantile } from "../core/histogram.ts";
import type { Store } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import { bucketMinute } from "../store/tables/watch.ts";
import {
  addCounts,
  type Bucket,
  BucketBuffer,
  type Counts,
  countsOf,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  maintained,
  noCounts,
  uptimeOf,
} from "./buckets.ts";
import { type Gate, within } from "./gate.ts";
import { type Grain, readBuckets, readHistograms, readTotals, type StoredBucket } from "./history.ts";
import type { RunResult } from "./types.ts";

const READ_DEADLINE_MS = 3_000;
const MOST_POINTS = 120;
const STEPS_MS = [1, 5, 15, 30, 60, 120, 360].map((minutes) => minutes * MINUTE_MS);
/** Rows of one statement: parsing more would hold up the probes. */
const ROWS_AT_ONCE = 1_000;
/** With more buckets than this at a time only minutes that are over are written, each once. */
const MANY_BUCKETS = 2_000;
/** Checks that are asked for in one statement; the figures of more are at most a minute old. */
const CHECKS_AT_ONCE = 500;
const FIGURES_FOR_MS = MINUTE_MS;

export interface Summary {
  uptime24h: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

interface SeriesOptions {
  store: Store;
  clock: Clock;
  gate: Gate;
}

/** History of checks: minute buckets, written every few seconds while they grow, read together with what is in memory. */
export class Series {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #gate: Gate;
  readonly #buffer: BucketBuffer;
  #figures: { at: number; of: number; figures: Map<string, Summary> } | undefined;

  constructor({ store, clock, gate }: SeriesOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#gate = gate;
    this.#buffer = new BucketBuffer(clock.now());
  }

  /** Counts a run; never waits for the store. */
  add(
    checkId: string,
    result: Pick<RunResult, "outcome" | "durationMs" | "startedAt">,
    { inMaintenance = false }: { inMaintenance?: boolean } = {},
  ): void {
    this.#buffer.add(checkId, result.startedAt, inMaintenance ? maintained : countsOf(result));
  }

  skip(checkId: string, count: number): void {
    this.#buffer.add(checkId, this.#clock.now(), { ...noCounts, skipped: count });
  }

  /** A failure that was not confirmed. */
  blip(checkId: string): void {
    this.#buffer.add(checkId, this.#clock.now(), { ...noCounts, blips: 1 });
  }

  /** Writes what changed since the last time. Rejects when the store does not take it; it stays here then. */
  async flush({ all = false } = {}): Promise<void> {
    const changed = this.#buffer.changed();
    const minute = Math.floor(this.#clock.now() / MINUTE_MS) * MINUTE_MS;
    const rows = all || changed.length <= MANY_BUCKETS ? changed : changed.filter((bucket) => bucket.minute < minute);
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const part = rows.slice(from, from + ROWS_AT_ONCE);
      await this.#gate.write(() => writeBuckets(this.#store, part));
      this.#buffer.stored(part);
    }
    this.#buffer.forget(this.#clock.now());
  }

  /** The last `windowMs` in at most 120 steps; minutes without a run are points without counts. */
  async series(checkId: string, windowMs: number): Promise<CheckSeries> {
    const now = this.#clock.now();
    const stepMs = STEPS_MS.find((step) => windowMs / step <= MOST_POINTS) ?? DAY_MS;
    const first = Math.floor((now - windowMs) / stepMs) * stepMs + stepMs;
    const sums = new Map<number, Counts>();
    for (const bucket of await this.#read(checkId, first, grainOf(stepMs))) {
      const at = Math.floor(bucket.at / stepMs) * stepMs;
      sums.set(at, addCounts(sums.get(at) ?? noCounts, bucket));
    }
    const points: SeriesPoint[] = [];
    for (let at = first; at <= now; at += stepMs) points.push(toPoint(at, sums.get(at) ?? noCounts));
    return { check: checkId, stepMs, points };
  }

  /** Milliseconds that its runs took on average, by minute (epoch ms), rising; of the last `windowMs`. */
  async means(checkId: string, windowMs: number): Promise<{ at: number; ms: number }[]> {
    const sums = new Map<number, Pick<Counts, "ok" | "slow" | "sumMs">>();
    for (const { at, ...bucket } of await this.#read(checkId, this.#clock.now() - windowMs, "minute")) {
      const { ok, slow, sumMs } = sums.get(at) ?? noCounts;
      sums.set(at, { ok: ok + bucket.ok, slow: slow + bucket.slow, sumMs: sumMs + bucket.sumMs });
    }
    return [...sums]
      .filter(([, { ok, slow }]) => ok + slow > 0)
      .map(([at, { ok, slow, sumMs }]) => ({ at, ms: sumMs / (ok + slow) }))
      .sort((a, b) => a.at - b.at);
  }

  /** Uptime of 24 h and quantiles of the last hour, per check. Without the store: of what is in memory. */
  async summaries(checkIds: readonly string[]): Promise<Map<string, Summary>> {
    const [now, known] = [this.#clock.now(), this.#figures];
    const fresh = known !== undefined && now - known.at < FIGURES_FOR_MS && known.of === checkIds.length;
    if (fresh && checkIds.length > CHECKS_AT_ONCE) return known.figures;
    const figures = new Map<string, Summary>();
    for (let from = 0; from < checkIds.length; from += CHECKS_AT_ONCE)
      for (const [id, summary] of await this.#summarize(checkIds.slice(from, from + CHECKS_AT_ONCE), now))
        figures.set(id, summary);
    this.#figures = { at: now, of: checkIds.length, figures };
    return figures;
  }

  async #summarize(ids: readonly string[], now: number): Promise<Map<string, Summary>> {
    const wanted = new Set(ids);
    const memory = this.#buffer.all().filter(({ checkId }) => wanted.has(checkId));
    const except = memory.map(({ epoch }) => epoch);
    const [day, hour] = [now - DAY_MS, now - HOUR_MS];
    const stored = Promise.all([
      readTotals(this.#store, { ids, since: day, grain: "hour", except }),
      readHistograms(this.#store, { ids, since: hour, except }),
    ]);
    const [totals, histograms] = await within(stored, READ_DEADLINE_MS).catch(() => [[], new Map()] as const);
    const counts = new Map<string, Pick<Counts, "ok" | "slow" | "fail">>();
    const times = new Map(histograms);
    for (const part of [...totals, ...memory.filter(({ minute }) => minute >= day)]) {
      const { ok, slow, fail } = counts.get(part.checkId) ?? noCounts;
      counts.set(part.checkId, { ok: ok + part.ok, slow: slow + part.slow, fail: fail + part.fail });
    }
    for (const { checkId, minute, histogram } of memory)
      if (minute > hour) times.set(checkId, mergeHistograms(times.get(checkId) ?? emptyHistogram, histogram));
    const summary = (id: string) => ({
      uptime24h: uptimeOf(counts.get(id) ?? noCounts),
      ...quantiles({ histogram: times.get(id) ?? emptyHistogram }),
    });
    return new Map(ids.map((id) => [id, summary(id)]));
  }

  async #read(checkId: string, since: number, grain: Grain): Promise<(Pick<StoredBucket, "at"> & Counts)[]> {
    // The order matters: a bucket that is written in between shows up in both and is dropped below, never in none.
    const memory = this.#buffer.all().filter((bucket) => bucket.minute >= since && bucket.checkId === checkId);
    const inMemory = new Set<number | null>(memory.map(({ epoch }) => epoch));
    const reading = readBuckets(this.#store, { ids: [checkId], since, grain });
    const stored = await within(reading, READ_DEADLINE_MS).catch(() => []);
    return [
      ...stored.filter(({ epoch }) => !inMemory.has(epoch)),
      ...memory.map((bucket) => ({ ...bucket, at: bucket.minute })),
    ];
  }
}

function grainOf(stepMs: number): Grain {
  if (stepMs >= DAY_MS) return "day";
  return stepMs >= HOUR_MS ? "hour" : "minute";
}

function quantiles({ histogram }: Pick<Counts, "histogram">) {
  return { p50: quantile(histogram, 0.5), p95: quantile(histogram, 0.95), p99: quantile(histogram, 0.99) };
}

function toPoint(at: number, counts: Counts): SeriesPoint {
  const { ok, slow, fail, unknown } = counts;
  return { at: new Date(at).toISOString(), ok, slow, fail, unknown, ...quantiles(counts) };
}

/** One statement with one parameter, whatever the number of rows; a bucket that has grown replaces what it was. */
async function writeBuckets({ db }: Store, buckets: readonly Bucket[]): Promise<void> {
  const rows = JSON.stringify(buckets.map((bucket) => ({ ...bucket, minute: new Date(bucket.minute).toISOString() })));
  await db.execute(sql`
    INSERT INTO ${bucketMinute} (check_id, minute, epoch, ok, slow, fail, unknown, skipped, maintenance, blips, least_ms, most_ms, sum_ms, histogram)
    SELECT * FROM json_to_recordset(${rows}::json) AS row (
      "checkId" text, minute timestamptz, epoch bigint, ok integer, slow integer, fail integer, unknown integer, skipped integer,
      maintenance integer, blips integer, "leastMs" double precision, "mostMs" double precision, "sumMs" double precision, histogram jsonb)
    ON CONFLICT (check_id, minute, epoch) DO UPDATE SET ok = excluded.ok, slow = excluded.slow, fail = excluded.fail,
      unknown = excluded.unknown, skipped = excluded.skipped, maintenance = excluded.maintenance, blips = excluded.blips, least_ms = excluded.least_ms, most_ms = excluded.most_ms,
      sum_ms = excluded.sum_ms, histogram = excluded.histogram`);
}
