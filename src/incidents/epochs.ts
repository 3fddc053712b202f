import type { Queryable } from "../store/connect.ts";
import { eq, max, sql } from "../store/drizzle.ts";
import { sqlState } from "../store/sql-state.ts";
import { healEpoch } from "../store/tables/incidents.ts";

/** The database answers these when a rival was first, or when the last restart is less than 60 min ago. */
const NOT_NOW = new Set(["SM001", "SM002", "23505", "40001"]);

/** Grants the first 2 restarts of a scope, once for ever. Answers whether it did. */
export async function grantFirst(db: Queryable, scope: string, reason: string): Promise<boolean> {
  if ((await newestEpoch(db, scope)) > 0) return false;
  return await addEpoch(db, scope, 1, reason);
}

/** Grants 2 new restarts once 60 min have passed since the last one or since a restore; nothing while none was used. Answers whether it did. */
export async function renew(db: Queryable, scope: string, reason: string): Promise<boolean> {
  const epoch = await newestEpoch(db, scope);
  if (epoch === 0 || !(await renewable(db, scope, epoch))) return false;
  return await addEpoch(db, scope, epoch + 1, reason);
}

/** Restarts for the key of an incident that opens, as far as the limit allows. */
export async function grant(db: Queryable, scope: string, reason: string): Promise<void> {
  if (!(await grantFirst(db, scope, reason))) await renew(db, scope, reason);
}

async function newestEpoch(db: Queryable, scope: string): Promise<number> {
  const [row] = await db
    .select({ epoch: max(healEpoch.epoch) })
    .from(healEpoch)
    .where(eq(healEpoch.scope, scope));
  return row?.epoch ?? 0;
}

async function renewable(db: Queryable, scope: string, epoch: number): Promise<boolean> {
  const { rows } = await db.execute<{ due: boolean | null }>(sql`
    SELECT max(at) + interval '60 minutes' < heal_now() AS due FROM (
      SELECT intent_at AS at FROM heal_restart WHERE scope = ${scope} AND epoch = ${epoch}
      UNION ALL SELECT at FROM heal_void WHERE scope = ${scope} AND epoch = ${epoch}) ended`);
  return rows[0]?.due ?? false;
}

/** The trigger has the last word; in a savepoint, so that its refusal leaves a surrounding transaction whole. */
async function addEpoch(db: Queryable, scope: string, epoch: number, reason: string): Promise<boolean> {
  try {
    await db.transaction(async (tx) => {
      await tx.insert(healEpoch).values({ scope, epoch, reason, grantedAt: new Date() });
    });
    return true;
  } catch (error) {
    if (NOT_NOW.has(sqlState(error) ?? "")) return false;
    throw error;
  }
}

/** How many restarts the scopes allow together right now: the least of them. */
export async function restartsLeft(db: Queryable, scopes: readonly string[]): Promise<number> {
  const { rows } = await db.execute<{ scope: string; left: number }>(sql`
    SELECT e.scope, CASE WHEN EXISTS (SELECT FROM heal_void v WHERE v.scope = e.scope AND v.epoch = max(e.epoch)) THEN 0
      ELSE 2 - (SELECT count(*)::int FROM heal_restart r WHERE r.scope = e.scope AND r.epoch = max(e.epoch)) END AS left
    FROM heal_epoch e WHERE e.scope IN (${sql.join(
      scopes.map((scope) => sql`${scope}`),
      sql`, `,
    )}) GROUP BY e.scope`);
  if (rows.length < scopes.length) return 0;
  return Math.min(...rows.map((row) => row.left));
}
