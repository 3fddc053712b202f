import type { Store } from "./connect.ts";
import { sql } from "./drizzle.ts";

/**
 * The time by which old rows are removed, epoch ms. It follows the clock of the database, but gains two days at most from one call to
 * the next. After a leap ahead, or a pause, it goes twice as fast until it has caught up: a clock that is a year ahead for a day takes
 * no more than days of the history with it. Call it at least once a day.
 */
export async function tidyTime({ db }: Pick<Store, "db">): Promise<number> {
  const { rows } = await db.execute<{ believed: number }>(
    sql`SELECT extract(epoch FROM tidy_advance())::float8 * 1000 AS believed`,
  );
  return rows[0]?.believed ?? Number.NEGATIVE_INFINITY;
}
