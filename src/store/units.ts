import type { Queryable } from "./connect.ts";
import { and, asc, desc, eq, ne, sql } from "./drizzle.ts";
import { type UnitRow, unit } from "./tables/unit.ts";

/** Units that are not stopped, by service and ordinal; those of every environment unless one is named. */
export async function liveUnits(db: Queryable, { app, env }: { app: string; env?: string }): Promise<UnitRow[]> {
  return await db
    .select()
    .from(unit)
    .where(and(eq(unit.app, app), env === undefined ? undefined : eq(unit.env, env), ne(unit.state, "stopped")))
    .orderBy(asc(unit.service), asc(unit.ordinal), asc(unit.createdAt));
}

/** The units of a service that stopped last, the latest at the end; only those of `release` when it is given. */
export async function endedUnits(
  db: Queryable,
  { app, env, service, release, limit }: { app: string; env: string; service: string; release?: string; limit: number },
): Promise<UnitRow[]> {
  const one = [eq(unit.app, app), eq(unit.env, env), eq(unit.service, service), eq(unit.state, "stopped")];
  const latest = await db
    .select()
    .from(unit)
    .where(and(...one, release === undefined ? undefined : eq(unit.release, release)))
    .orderBy(desc(unit.stoppedAt), desc(unit.createdAt))
    .limit(limit);
  return latest.reverse();
}

/** Units on hosts that were taken out of the manifest and never answered again. */
export async function writtenOffUnits(db: Queryable, { app, env }: { app: string; env: string }): Promise<UnitRow[]> {
  const gone = sql`${unit.address} ->> 'writtenOff' is not null`;
  return await db
    .select()
    .from(unit)
    .where(and(eq(unit.app, app), eq(unit.env, env), gone));
}

/** Undefined when there is none. */
export async function findUnit(db: Queryable, id: string): Promise<UnitRow | undefined> {
  const [row] = await db.select().from(unit).where(eq(unit.id, id));
  return row;
}

/** Stores a unit before it is started; one that is stored already stays as it is. */
export async function insertUnit(db: Queryable, row: typeof unit.$inferInsert): Promise<void> {
  await db.insert(unit).values(row).onConflictDoNothing();
}

/** Notes what became of a unit. */
export async function updateUnit(
  db: Queryable,
  id: string,
  change: Partial<Pick<UnitRow, "state" | "role" | "address" | "stoppedAt">>,
): Promise<void> {
  await db.update(unit).set(change).where(eq(unit.id, id));
}

/** Units that get no new requests from `at` (epoch ms) on and wait to be stopped; one that leaves already keeps its time. */
export async function startDraining(
  db: Queryable,
  units: readonly Pick<UnitRow, "id" | "address">[],
  at: number,
): Promise<void> {
  const drainingSince = new Date(at).toISOString();
  for (const { id, address } of units)
    await updateUnit(db, id, { state: "draining", address: { drainingSince, ...address } });
}
