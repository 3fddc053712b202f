import type { Queryable } from "./connect.ts";
import { and, asc, eq, gt, isNull, or } from "./drizzle.ts";
import { type FreezeRow, freeze } from "./tables/hosts.ts";

/** Stores a freeze and answers it. */
export async function insertFreeze(db: Queryable, row: Omit<FreezeRow, "liftedAt">): Promise<FreezeRow> {
  const [inserted] = await db.insert(freeze).values(row).returning();
  if (!inserted) throw new Error("the freeze was not stored");
  return inserted;
}

/** The freezes of an environment that nobody lifted and that end after `at` or not at all, oldest first. */
export async function standingFreezes(
  db: Queryable,
  { app, env, at }: { app: string; env: string; at: Date },
): Promise<FreezeRow[]> {
  return await db
    .select()
    .from(freeze)
    .where(
      and(
        eq(freeze.app, app),
        eq(freeze.env, env),
        isNull(freeze.liftedAt),
        or(isNull(freeze.endsAt), gt(freeze.endsAt, at)),
      ),
    )
    .orderBy(asc(freeze.beginsAt), asc(freeze.id));
}

/** Ends a freeze now; undefined when there is none of that id that is not lifted. */
export async function liftFreeze(
  db: Queryable,
  { app, id, at }: { app: string; id: string; at: Date },
): Promise<FreezeRow | undefined> {
  const [lifted] = await db
    .update(freeze)
    .set({ liftedAt: at })
    .where(and(eq(freeze.app, app), eq(freeze.id, id), isNull(freeze.liftedAt)))
    .returning();
  return lifted;
}
