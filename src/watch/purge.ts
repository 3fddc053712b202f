import type { Store } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";

const ROWS_AT_ONCE = 10_000;

interface Old {
  table: "result_raw" | "bucket_minute" | "bucket_hour" | "bucket_day";
  time: "at" | "minute";
  before: Date;
}

/**
 * Removes what is older than `before`, in statements small enough that no write waits long behind one; answers how many rows. The
 * time is asked twice, since rows of two partitions may have the same place.
 */
export async function deleteInBatches({ db }: Store, { table, time, before }: Old): Promise<number> {
  const name = sql.identifier(table);
  const old = sql`${sql.identifier(time)} < ${before.toISOString()}::timestamptz`;
  for (let total = 0; ; ) {
    const { rowCount } = await db.execute(sql`
      DELETE FROM ${name} WHERE ${old} AND ctid = ANY (ARRAY(
        SELECT ctid FROM ${name} WHERE ${old} LIMIT ${ROWS_AT_ONCE}))`);
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS_AT_ONCE) return total;
  }
}
