import type { Queryable } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import { DAY_MS } from "./buckets.ts";

/** Days for which there is a partition before they begin: a store that is away for some of them lacks none. */
const AHEAD = 7;
/** Dropping one waits for all readers, and all that come later wait behind it. */
const LOCK_MS = 500;
const NAME = /^bucket_minute_(on|until)_(\d{4})(\d\d)(\d\d)$/;

interface Partition {
  name: string;
  /** Epoch ms; the one that the migration made has no beginning. */
  from: number;
  to: number;
}

/** What a partition's name says; null for the one of all other days. */
function read(name: string): Partition | null {
  const [, kind, year, month, day] = NAME.exec(name) ?? [];
  if (kind === undefined) return null;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return kind === "on" ? dayAt(at) : { name, from: Number.NEGATIVE_INFINITY, to: at };
}

function dayAt(at: number): Partition {
  const date = new Date(at).toISOString().slice(0, 10).replaceAll("-", "");
  return { name: `bucket_minute_on_${date}`, from: at, to: at + DAY_MS };
}

/**
 * Which partitions of the minute buckets to create, for the days from `now` on that have none, and which to drop, because nothing
 * in them is as young as `before`. Pure; times in epoch ms, days in UTC.
 */
export function planPartitions(
  names: readonly string[],
  { now, before }: { now: number; before: number },
): { create: Partition[]; drop: string[] } {
  const known = names.flatMap((name) => read(name) ?? []);
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const wanted = Array.from({ length: AHEAD + 1 }, (_, index) => dayAt(today + index * DAY_MS));
  return {
    create: wanted.filter((day) => !known.some(({ from, to }) => from < day.to && day.from < to)),
    drop: known.filter(({ to }) => to <= before).map(({ name }) => name),
  };
}

/** Creates and drops partitions of the minute buckets. A day of which something is stored already, among all others, gets none. */
export async function tidyPartitions(db: Queryable, times: { now: number; before: number }): Promise<void> {
  const { rows } = await db.execute<{ name: string }>(
    sql`SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'bucket_minute'::regclass`,
  );
  const { create, drop } = planPartitions(
    rows.map(({ name }) => name),
    times,
  );
  if (create.length + drop.length === 0) return;
  await db.execute(sql.raw(`SET LOCAL lock_timeout = ${LOCK_MS}`));
  await db.execute(sql`LOCK TABLE bucket_minute IN ACCESS EXCLUSIVE MODE`);
  for (const name of drop) await db.execute(sql`DROP TABLE ${sql.identifier(name)}`);
  for (const { name, from, to } of create) {
    const [first, end] = [new Date(from).toISOString(), new Date(to).toISOString()];
    const { rows: stored } = await db.execute(
      sql`SELECT FROM bucket_minute_other WHERE minute >= ${first}::timestamptz AND minute < ${end}::timestamptz LIMIT 1`,
    );
    if (stored.length > 0) continue;
    const values = sql.raw(`FROM ('${first}') TO ('${end}')`);
    await db.execute(sql`CREATE TABLE ${sql.identifier(name)} PARTITION OF bucket_minute FOR VALUES ${values}`);
  }
}
