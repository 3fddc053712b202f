import type { Queryable, Store } from "../store/connect.ts";
import { type SQL, sql } from "../store/drizzle.ts";
import { tidyTime } from "../store/tidy-clock.ts";

const KEPT_MS = 400 * 24 * 3_600_000;
/** Statements this small hold up no other write for long. */
const INCIDENTS_AT_ONCE = 200;
const ROWS_AT_ONCE = 5_000;

/** Tables with rows of an incident, in an order in which none is left behind that names another. */
const PARTS = [
  "public_update",
  "action_item",
  "incident_issue",
  "notify_thread",
  "notify_standing",
  "outbox",
  "heal_action",
  "incident_event",
];

/**
 * Removes what is older than 400 days: incidents that are closed, with all that belongs to them, messages, silences and changes of
 * verdicts. What restarts and other actions have used of their limits stays for good. Answers how many rows of each went.
 */
export async function removeOld(
  store: Store,
): Promise<Record<"incidents" | "messages" | "silences" | "verdicts", number>> {
  const before = new Date((await tidyTime(store)) - KEPT_MS).toISOString();
  const cutoff = sql`${before}::timestamptz`;
  return {
    incidents: await repeat(INCIDENTS_AT_ONCE, () => removeIncidents(store, cutoff)),
    messages: await repeat(ROWS_AT_ONCE, () =>
      remove(store.db, "outbox", sql`state <> 'pending' AND created_at < ${cutoff}`),
    ),
    silences: await repeat(ROWS_AT_ONCE, () => remove(store.db, "silence", sql`until_at < ${cutoff}`)),
    verdicts: await repeat(ROWS_AT_ONCE, () => remove(store.db, "verdict_event", sql`recorded_at < ${cutoff}`)),
  };
}

async function repeat(full: number, removed: () => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const count = await removed();
    total += count;
    if (count < full) return total;
  }
}

/** One with something left to do, or that was written to later, stays. */
async function removeIncidents({ db }: Store, cutoff: SQL): Promise<number> {
  return await db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ id: string }>(sql`
      SELECT id FROM incident i WHERE state = 'closed' AND closed_at < ${cutoff}
        AND NOT EXISTS (SELECT FROM action_item WHERE incident_id = i.id AND done_at IS NULL)
        AND NOT EXISTS (SELECT FROM incident_event WHERE incident_id = i.id AND at >= ${cutoff})
        AND NOT EXISTS (SELECT FROM public_update WHERE incident_id = i.id AND at >= ${cutoff})
      ORDER BY closed_at LIMIT ${INCIDENTS_AT_ONCE} FOR UPDATE SKIP LOCKED`);
    const ids = sql`${sql.param(rows.map(({ id }) => id))}::text[]`;
    await tx.execute(sql`DELETE FROM report_issue r USING action_item i
      WHERE i.incident_id = ANY (${ids}) AND (r.app, r.environment, r.subject) = (i.app, i.environment, i.id)`);
    for (const table of PARTS)
      await tx.execute(sql`DELETE FROM ${sql.identifier(table)} WHERE incident_id = ANY (${ids})`);
    await tx.execute(sql`DELETE FROM incident WHERE id = ANY (${ids})`);
    return rows.length;
  });
}

async function remove(db: Queryable, table: string, which: SQL): Promise<number> {
  const name = sql.identifier(table);
  const { rowCount } = await db.execute(
    sql`DELETE FROM ${name} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${name} WHERE ${which} LIMIT ${ROWS_AT_ONCE}))`,
  );
  return rowCount ?? 0;
}
