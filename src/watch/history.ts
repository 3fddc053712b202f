import type { Histogram } from "../core/histogram.ts";
import type { Store } from "../store/connect.ts";
import { type SQL, sql } from "../store/drizzle.ts";
import type { Counts } from "./buckets.ts";
import { readMarks } from "./rollup.ts";

/** Counts of one check in one bucket; `at` is its start in epoch ms, `epoch` is null for what is rolled up. */
export interface StoredBucket extends Counts {
  checkId: string;
  at: number;
  epoch: number | null;
}

/** The largest buckets that a reader can use. */
export type Grain = "minute" | "hour" | "day";

/** Totals of one check over a window. */
export interface Totals {
  checkId: string;
  ok: number;
  slow: number;
  fail: number;
  unknown: number;
  skipped: number;
  maintenance: number;
  /** Start of the first bucket, epoch ms. */
  since: number;
}

const COLUMNS = sql.raw("ok, slow, fail, unknown, skipped, maintenance, blips, least_ms, most_ms, sum_ms, histogram");

/** All that is stored since `since` (epoch ms), of some checks or of all, each minute once: from the largest buckets that are complete. */
export async function pieces(
  store: Store,
  { ids, since, grain }: { ids: readonly string[] | null; since: number; grain: Grain },
): Promise<SQL> {
  const marks = grain === "minute" ? { hour: 0, day: 0 } : await readMarks(store);
  const dayEnd = grain === "day" ? marks.day : 0;
  const time = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
  const mine = ids === null ? sql`true` : sql`check_id = ANY (${sql.param([...ids])}::text[])`;
  const rolled = (table: string, from: number, to: number) => sql`
    SELECT check_id, at, NULL::bigint AS epoch, ${COLUMNS} FROM ${sql.identifier(table)}
    WHERE ${mine} AND at >= ${time(from)} AND at < ${time(to)} UNION ALL`;
  return sql`(
    ${dayEnd > since ? rolled("bucket_day", since, dayEnd) : sql``}
    ${marks.hour > since ? rolled("bucket_hour", Math.max(since, dayEnd), marks.hour) : sql``}
    SELECT check_id, minute AS at, epoch, ${COLUMNS} FROM bucket_minute
    WHERE ${mine} AND minute >= ${time(Math.max(since, marks.hour))}) AS piece`;
}

/** Every bucket since `since`. */
export async function readBuckets(
  store: Store,
  query: { ids: readonly string[]; since: number; grain: Grain },
): Promise<StoredBucket[]> {
  const { rows } = await store.db.execute<{ [K in keyof StoredBucket]: StoredBucket[K] }>(sql`
    SELECT check_id AS "checkId", extract(epoch FROM at)::float8 * 1000 AS at, epoch::float8,
      ok::float8, slow::float8, fail::float8, unknown::float8, skipped::float8, maintenance::float8, blips::float8,
      least_ms AS "leastMs", most_ms AS "mostMs", sum_ms AS "sumMs", histogram
    FROM ${await pieces(store, query)}`);
  return rows;
}

/** The counts since `since` added up, per check; buckets with an epoch of `except` are left out. */
export async function readTotals(
  store: Store,
  query: { ids: readonly string[] | null; since: number; grain: Grain; except?: readonly number[] },
): Promise<Totals[]> {
  const { except = [] } = query;
  const counts = ["ok", "slow", "fail", "unknown", "skipped", "maintenance"];
  const sums = sql.join(
    counts.map((name) => sql`sum(${sql.identifier(name)})::float8 AS ${sql.identifier(name)}`),
    sql`, `,
  );
  const { rows } = await store.db.execute<{ [K in keyof Totals]: Totals[K] }>(sql`
    SELECT check_id AS "checkId", ${sums}, extract(epoch FROM min(at))::float8 * 1000 AS since
    FROM ${await pieces(store, query)}
    WHERE epoch IS NULL OR epoch <> ALL (${sql.param([...except])}::bigint[]) GROUP BY 1`);
  return rows;
}

/** Histograms of durations since `since` from minute buckets, merged per check; buckets with an epoch of `except` are left out. */
export async function readHistograms(
  { db }: Store,
  { ids, since, except }: { ids: readonly string[]; since: number; except: readonly number[] },
): Promise<Map<string, Histogram>> {
  const { rows } = await db.execute<{ checkId: string; histogram: Histogram }>(sql`
    SELECT check_id AS "checkId", jsonb_object_agg(key, total) AS histogram FROM (
      SELECT check_id, key, sum(value::bigint) AS total FROM bucket_minute, jsonb_each_text(histogram)
      WHERE check_id = ANY (${sql.param([...ids])}::text[]) AND minute > ${new Date(since).toISOString()}::timestamptz
        AND epoch <> ALL (${sql.param([...except])}::bigint[])
      GROUP BY 1, 2) AS bar GROUP BY 1`);
  return new Map(rows.map(({ checkId, histogram }) => [checkId, histogram]));
}

/** Histograms of one hour of the day, of each of the days before `hour` (epoch ms of its start). */
export async function readSameHours(
  { db }: Store,
  { hours }: { hours: readonly number[] },
): Promise<Map<string, Histogram[]>> {
  const times = hours.map((at) => new Date(at).toISOString());
  const { rows } = await db.execute<{ checkId: string; histograms: Histogram[] }>(sql`
    SELECT check_id AS "checkId", jsonb_agg(histogram) AS histograms FROM bucket_hour
    WHERE at = ANY (${sql.param(times)}::timestamptz[]) GROUP BY 1`);
  return new Map(rows.map(({ checkId, histograms }) => [checkId, histograms]));
}
