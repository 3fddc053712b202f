import type { Queryable, Store } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./buckets.ts";
import { tidyPartitions } from "./partitions.ts";
import { deleteInBatches } from "./purge.ts";
import { purgeResults } from "./raw.ts";

/** How long buckets are kept, by their size. */
const KEPT_MS = { bucket_minute: 7 * DAY_MS, bucket_hour: 90 * DAY_MS, bucket_day: 400 * DAY_MS } as const;
/** By then the counts of an hour are written; what comes even later is found by the next two times. */
const SETTLED_MS = 5 * MINUTE_MS;

type Step = "hour" | "day";

const STEPS = {
  hour: { ms: HOUR_MS, from: "bucket_minute", column: "minute", into: "bucket_hour", again: 2 },
  day: { ms: DAY_MS, from: "bucket_hour", column: "at", into: "bucket_day", again: 1 },
} as const;

/** Up to when (epoch ms) finer buckets are rolled up into hours and days; 0 for never yet. */
export async function readMarks({ db }: Pick<Store, "db">): Promise<Record<Step, number>> {
  const { rows } = await db.execute<{ step: Step; until: number }>(
    sql`SELECT step, extract(epoch FROM until)::float8 * 1000 AS until FROM bucket_mark`,
  );
  return { hour: 0, day: 0, ...Object.fromEntries(rows.map(({ step, until }) => [step, until])) };
}

/**
 * Adds up minutes to hours and hours to days, as far as they are over at `now` (epoch ms), and removes what is older than it is kept
 * at `believed`, see `tidyTime`. Doing it twice changes nothing; one process of several does it at a time.
 */
export async function tidyHistory(store: Store, now: number, believed: number = now): Promise<void> {
  await rollUp(store, "hour", now - SETTLED_MS);
  await rollUp(store, "day", (await readMarks(store)).hour);
  for (const table of ["bucket_hour", "bucket_day"] as const)
    await deleteInBatches(store, { table, time: "at", before: new Date(believed - KEPT_MS[table]) });
  await purgeResults(store, believed);
  const firstDay = Math.floor((believed - KEPT_MS.bucket_minute) / DAY_MS) * DAY_MS;
  // Late, since it fails where somebody reads for long, a backup for instance: nothing else is to wait for that.
  await alone(store, (transaction) => tidyPartitions(transaction, { now, before: firstDay }));
  // What lies in none of a day: little, and nothing as a rule.
  await deleteInBatches(store, { table: "bucket_minute", time: "minute", before: new Date(firstDay) });
}

async function rollUp(store: Store, step: Step, until: number): Promise<void> {
  const { ms, again } = STEPS[step];
  const end = Math.floor(until / ms) * ms;
  const mark = Math.min((await readMarks(store))[step], end);
  // The wall clock was ahead for a while: up to a mark in the future readers would look for hours that are not there.
  await alone(store, (transaction) => lowerMark(transaction, step, end));
  for (const at of await filled(store, step, { from: mark - again * ms, end }))
    if (!(await alone(store, (transaction) => addUp(transaction, step, at)))) return;
  if (end > mark) await alone(store, (transaction) => moveMark(transaction, step, end));
}

/** Does the work unless another process is at it; answers whether it was done. */
async function alone(store: Store, work: (transaction: Queryable) => Promise<void>): Promise<boolean> {
  return await store.db.transaction(async (transaction) => {
    const { rows } = await transaction.execute<{ mine: boolean }>(
      sql`SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || ' roll-up')) AS mine`,
    );
    if (rows[0]?.mine) await work(transaction);
    return rows[0]?.mine ?? false;
  });
}

/** The hours or days in which there is something, rising. */
async function filled({ db }: Store, step: Step, { from, end }: { from: number; end: number }): Promise<number[]> {
  const { from: table, column } = STEPS[step];
  const time = sql.identifier(column);
  const { rows } = await db.execute<{ at: number }>(sql`
    SELECT DISTINCT extract(epoch FROM date_trunc(${step}, ${time}, 'UTC'))::float8 * 1000 AS at FROM ${sql.identifier(table)}
    WHERE ${time} >= ${instant(from)} AND ${time} < ${instant(end)} ORDER BY at`);
  return rows.map(({ at }) => at);
}

async function moveMark(db: Queryable, step: Step, until: number): Promise<void> {
  await db.execute(sql`
    INSERT INTO bucket_mark (step, until) VALUES (${step}, ${instant(until)})
    ON CONFLICT (step) DO UPDATE SET until = greatest(bucket_mark.until, excluded.until)`);
}

async function lowerMark(db: Queryable, step: Step, end: number): Promise<void> {
  await db.execute(
    sql`UPDATE bucket_mark SET until = ${instant(end)} WHERE step = ${step} AND until > ${instant(end)}`,
  );
}

function instant(ms: number) {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}

/** Counts and histograms are added; nothing is averaged. */
async function addUp(db: Queryable, step: Step, at: number): Promise<void> {
  const { ms, from, column, into } = STEPS[step];
  const [start, end] = [instant(at), instant(at + ms)];
  const part = sql`${sql.identifier(from)} WHERE ${sql.identifier(column)} >= ${start} AND ${sql.identifier(column)} < ${end}`;
  await db.execute(sql`
    WITH part AS (SELECT * FROM ${part}),
    merged AS (
      SELECT check_id, jsonb_object_agg(key, total) AS histogram
      FROM (SELECT check_id, key, sum(value::bigint) AS total FROM part, jsonb_each_text(histogram) GROUP BY 1, 2) AS bar
      GROUP BY 1)
    INSERT INTO ${sql.identifier(into)} (check_id, at, ok, slow, fail, unknown, skipped, maintenance, blips,
      least_ms, most_ms, sum_ms, histogram)
    SELECT check_id, ${start}, sum(ok), sum(slow), sum(fail), sum(unknown), sum(skipped), sum(maintenance), sum(blips),
      min(least_ms), max(most_ms), sum(sum_ms), coalesce(min(merged.histogram::text)::jsonb, '{}')
    FROM part LEFT JOIN merged USING (check_id) GROUP BY check_id ORDER BY check_id
    ON CONFLICT (check_id, at) DO UPDATE SET ok = excluded.ok, slow = excluded.slow, fail = excluded.fail,
      unknown = excluded.unknown, skipped = excluded.skipped, maintenance = excluded.maintenance, blips = excluded.blips,
      least_ms = excluded.least_ms, most_ms = excluded.most_ms, sum_ms = excluded.sum_ms, histogram = excluded.histogram`);
  await moveMark(db, step, at + ms);
}
