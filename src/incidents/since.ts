import type { Queryable } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import { failedChecks } from "./members.ts";
import type { IncidentRecord } from "./types.ts";

/** When the change behind an incident most likely came about (epoch ms), where its checks say another time than its onset; null where none does. */
export async function sinceAbout(db: Queryable, record: IncidentRecord): Promise<number | null> {
  const { rows } = await db.execute<{ at: number | null }>(sql`
    SELECT extract(epoch FROM min(about))::float8 * 1000 AS at FROM verdict_event
    WHERE check_id = ANY (${sql.param(failedChecks(record))}::text[]) AND environment = ${record.environment}
      AND onset = ${new Date(record.onset).toISOString()}::timestamptz AND about IS NOT NULL`);
  return rows[0]?.at ?? null;
}
