import type { Queryable } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import type { Place } from "./rows.ts";

/** Notes which actions held: the incident did not fail again within 30 min after its checks had passed. `at` in epoch ms. */
export async function noteHeld(db: Queryable, { app, environment }: Place, at: number): Promise<void> {
  const now = new Date(at).toISOString();
  await db.execute(sql`
    UPDATE heal_action a SET held_at = ${now}::timestamptz
    WHERE a.app = ${app} AND a.environment = ${environment} AND a.outcome = 'succeeded' AND a.remedy <> 'escalate'
      AND a.held_at IS NULL AND a.ended_at <= ${now}::timestamptz - interval '30 minutes'
      AND a.ended_at > ${now}::timestamptz - interval '1 day'
      AND NOT EXISTS (
        SELECT FROM incident_event e WHERE e.incident_id = a.incident_id AND e.kind IN ('failed-again', 'reopened')
          AND e.at > a.ended_at AND e.at <= a.ended_at + interval '30 minutes')`);
}
