import type { Store } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";

const ROWS_AT_ONCE = 10_000;

interface Old {
  table: "result_raw" | "bucket_minute" | "bucket_hour" | "bucket_day";
  time: "at" | "minute";
  before: Date;
}

/** Removes what is older than `before`, in statements small enough that no write waits long behind one; answers how many rows. */
export async function deleteInBatches({ db }: Store, { table, time, before }: Old): Promise<number> {
  const [name, column] = [sql.identifier(table), sql.identifier(time)];
  for (let total = 0; ; ) {
    const { rowCount } = await db.execute(sql`
      DELETE FROM ${name} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${name} WHERE ${column} < ${before.toISOString()}::timestamptz LIMIT ${ROWS_AT_ONCE}))`);
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS_AT_ONCE) return total;
  }
}
