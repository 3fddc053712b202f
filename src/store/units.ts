import { and, asc, eq, ne } from "drizzle-orm";
import type { Queryable } from "./connect.ts";
import { type UnitRow, unit } from "./tables/unit.ts";

/** Units that are not stopped, by service and ordinal. */
export async function liveUnits(db: Queryable, { app, env }: { app: string; env: string }): Promise<UnitRow[]> {
  return await db
    .select()
    .from(unit)
    .where(and(eq(unit.app, app), eq(unit.env, env), ne(unit.state, "stopped")))
    .orderBy(asc(unit.service), asc(unit.ordinal), asc(unit.createdAt));
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
