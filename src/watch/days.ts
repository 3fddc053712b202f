import type { Store } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import { pieces } from "./history.ts";

/** Counts of one check on one day (epoch ms of its start, UTC). */
export interface DayCounts {
  checkId: string;
  day: number;
  ok: number;
  slow: number;
  fail: number;
  unknown: number;
}

/** What is stored of these checks per day since `since`, the start of a day in epoch ms. Days without a run are left out. */
export async function readDays(store: Store, ids: readonly string[], since: number): Promise<DayCounts[]> {
  const { rows } = await store.db.execute<{ [K in keyof DayCounts]: DayCounts[K] }>(sql`
    SELECT check_id AS "checkId", extract(epoch FROM date_trunc('day', at, 'UTC'))::float8 * 1000 AS day,
      sum(ok)::float8 AS ok, sum(slow)::float8 AS slow, sum(fail)::float8 AS fail, sum(unknown)::float8 AS unknown
    FROM ${await pieces(store, { ids, since, grain: "day" })} GROUP BY 1, 2`);
  return rows;
}
