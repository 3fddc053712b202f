import type { Queryable } from "./connect.ts";
import { and, eq } from "./drizzle.ts";
import type { LeaseKey } from "./leases.ts";
import { type WishRow, wish } from "./tables/rollout.ts";

/** Takes the waiting place of the environment, also from another one. */
export async function putWish(db: Queryable, row: typeof wish.$inferInsert): Promise<void> {
  const { app: _app, env: _env, ...set } = { ...row, createdAt: new Date() };
  await db
    .insert(wish)
    .values(row)
    .onConflictDoUpdate({ target: [wish.app, wish.env], set });
}

/** Undefined when nothing waits. */
export async function findWish(db: Queryable, { app, env }: LeaseKey): Promise<WishRow | undefined> {
  const [row] = await db
    .select()
    .from(wish)
    .where(and(eq(wish.app, app), eq(wish.env, env)));
  return row;
}

/** Frees the waiting place from this wish; false when it is not there any more. */
export async function dropWish(db: Queryable, id: string): Promise<boolean> {
  return (await db.delete(wish).where(eq(wish.id, id))).rowCount === 1;
}
