import type { CheckSeries, SeriesPoint } from "../contract/check.ts";
import type { Clock } from "../core/clock.ts";
import { quantile } from "../core/histogram.ts";
import type { Store } from "../store/connect.ts";
import { and, gte, inArray, lt, sql } from "../store/drizzle.ts";
import { bucketMinute } from "../store/tables/watch.ts";
import {
  addCounts,
  type Bucket,
  BucketBuffer,
  type Counts,
  countsOf,
  MINUTE_MS,
  noCounts,
  uptimeOf,
} from "./buckets.ts";
import { type Gate, within } from "./gate.ts";
import type { RunResult } from "./types.ts";

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const READ_DEADLINE_MS = 3_000;
const MOST_POINTS = 120;
const STEPS_MS = [1, 5, 15, 30, 60, 120, 360].map((minutes) => minutes * MINUTE_MS);
/** How long minute buckets are kept. */
export const SERIES_KEPT_MS = 7 * DAY_MS;

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

  constructor({ store, clock, gate }: SeriesOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#gate = gate;
    this.#buffer = new BucketBuffer(clock.now());
  }

  /** Counts a run; never waits for the store. */
  add(checkId: string, result: Pick<RunResult, "outcome" | "durationMs" | "startedAt">): void {
    this.#buffer.add(checkId, result.startedAt, countsOf(result));
  }

  skip(checkId: string, count: number): void {
    this.#buffer.add(checkId, this.#clock.now(), { ...noCounts, skipped: count });
  }

  /** Writes what changed since the last time in one statement. Rejects when the store does not take it; it stays here then. */
  async flush(): Promise<void> {
    const rows = this.#buffer.changed();
    if (rows.length === 0) return;
    await this.#gate.write(() => writeBuckets(this.#store, rows));
    this.#buffer.written(rows, this.#clock.now());
  }

  /** The last `windowMs` in at most 120 steps; minutes without a run are points without counts. */
  async series(checkId: string, windowMs: number): Promise<CheckSeries> {
    const now = this.#clock.now();
    const stepMs = STEPS_MS.find((step) => windowMs / step <= MOST_POINTS) ?? DAY_MS;
    const first = Math.floor((now - windowMs) / stepMs) * stepMs + stepMs;
    const sums = new Map<number, Counts>();
    for (const bucket of await this.#read([checkId], first)) {
      const at = Math.floor(bucket.minute / stepMs) * stepMs;
      sums.set(at, addCounts(sums.get(at) ?? noCounts, bucket));
    }
    const points: SeriesPoint[] = [];
    for (let at = first; at <= now; at += stepMs) points.push(toPoint(at, sums.get(at) ?? noCounts));
    return { check: checkId, stepMs, points };
  }

  /** Uptime of 24 h and quantiles of the last hour, per check. Without the store: of what is in memory. */
  async summaries(checkIds: readonly string[]): Promise<Map<string, Summary>> {
    const now = this.#clock.now();
    const hour = new Map<string, Counts>();
    const day = new Map<string, Counts>();
    for (const bucket of await this.#read(checkIds, now - DAY_MS)) {
      day.set(bucket.checkId, addTotals(day.get(bucket.checkId) ?? noCounts, bucket));
      if (bucket.minute > now - HOUR_MS)
        hour.set(bucket.checkId, addCounts(hour.get(bucket.checkId) ?? noCounts, bucket));
    }
    return new Map(
      checkIds.map((id) => [
        id,
        { uptime24h: uptimeOf(day.get(id) ?? noCounts), ...quantiles(hour.get(id) ?? noCounts) },
      ]),
    );
  }

  async #read(checkIds: readonly string[], since: number): Promise<Bucket[]> {
    // The order matters: a bucket that is written in between shows up in both and is dropped below, never in none.
    const memory = this.#buffer.all().filter((bucket) => bucket.minute >= since && checkIds.includes(bucket.checkId));
    const inMemory = new Set(memory.map(({ epoch }) => epoch));
    const stored = await within(selectBuckets(this.#store, checkIds, since), READ_DEADLINE_MS).catch(() => []);
    return [...stored.filter(({ epoch }) => !inMemory.has(epoch)), ...memory];
  }
}

/** As `addCounts` without the histogram, which a day of minutes does not need. */
function addTotals(a: Counts, b: Counts): Counts {
  return { ...noCounts, ok: a.ok + b.ok, slow: a.slow + b.slow, fail: a.fail + b.fail };
}

function quantiles({ histogram }: Counts) {
  return { p50: quantile(histogram, 0.5), p95: quantile(histogram, 0.95), p99: quantile(histogram, 0.99) };
}

function toPoint(at: number, counts: Counts): SeriesPoint {
  const { ok, slow, fail, unknown } = counts;
  return { at: new Date(at).toISOString(), ok, slow, fail, unknown, ...quantiles(counts) };
}

async function selectBuckets({ db }: Store, checkIds: readonly string[], since: number): Promise<Bucket[]> {
  const rows = await db
    .select()
    .from(bucketMinute)
    .where(and(inArray(bucketMinute.checkId, [...checkIds]), gte(bucketMinute.minute, new Date(since))));
  return rows.map((row) => ({ ...row, minute: row.minute.getTime() }));
}

/** One statement with one parameter, whatever the number of rows; a bucket that has grown replaces what it was. */
async function writeBuckets({ db }: Store, buckets: readonly Bucket[]): Promise<void> {
  const rows = JSON.stringify(buckets.map((bucket) => ({ ...bucket, minute: new Date(bucket.minute).toISOString() })));
  await db.execute(sql`
    INSERT INTO ${bucketMinute} (check_id, minute, epoch, ok, slow, fail, unknown, skipped, least_ms, most_ms, sum_ms, histogram)
    SELECT * FROM json_to_recordset(${rows}::json) AS row (
      "checkId" text, minute timestamptz, epoch bigint, ok integer, slow integer, fail integer, unknown integer, skipped integer,
      "leastMs" double precision, "mostMs" double precision, "sumMs" double precision, histogram jsonb)
    ON CONFLICT (check_id, minute, epoch) DO UPDATE SET ok = excluded.ok, slow = excluded.slow, fail = excluded.fail,
      unknown = excluded.unknown, skipped = excluded.skipped, least_ms = excluded.least_ms, most_ms = excluded.most_ms,
      sum_ms = excluded.sum_ms, histogram = excluded.histogram`);
}

/** Removes minute buckets that began before `before`; answers how many. */
export async function purgeBuckets({ db }: Store, before: Date): Promise<number> {
  const result = await db.delete(bucketMinute).where(lt(bucketMinute.minute, before));
  return result.rowCount ?? 0;
}
