import type { Queryable } from "./connect.ts";
import { and, asc, eq, sql } from "./drizzle.ts";
import { type PreviewRow, preview } from "./tables/hosts.ts";

/** Every preview there is or was, by age. */
export async function listPreviews(db: Queryable, app: string): Promise<PreviewRow[]> {
  return await db.select().from(preview).where(eq(preview.app, app)).orderBy(asc(preview.createdAt), asc(preview.env));
}

/** Undefined when there never was one of that name. */
export async function findPreview(
  db: Queryable,
  { app, env }: Pick<PreviewRow, "app" | "env">,
): Promise<PreviewRow | undefined> {
  const [row] = await db.select().from(preview).where(of({ app, env }));
  return row;
}

/** Stores a preview; one of that name that is there begins anew with what is given, the rest of it stays. */
export async function putPreview(db: Queryable, row: typeof preview.$inferInsert): Promise<void> {
  await db
    .insert(preview)
    .values(row)
    .onConflictDoUpdate({ target: [preview.app, preview.env], set: row });
}

/** Changes a preview and answers it; undefined when there is none. */
export async function updatePreview(
  db: Queryable,
  key: Pick<PreviewRow, "app" | "env">,
  change: Partial<PreviewRow>,
): Promise<PreviewRow | undefined> {
  if (Object.keys(change).length === 0) return await findPreview(db, key);
  const [row] = await db.update(preview).set(change).where(of(key)).returning();
  return row;
}

/** The releases that were shipped to this preview and nowhere else. */
export async function releasesOf(db: Queryable, { app, env }: Pick<PreviewRow, "app" | "env">): Promise<string[]> {
  const result = await db.execute<{ release: string }>(sql`
    select release from rollout where app = ${app} group by release having bool_and(env = ${env})`);
  return result.rows.map(({ release }) => release);
}

function of({ app, env }: Pick<PreviewRow, "app" | "env">) {
  return and(eq(preview.app, app), eq(preview.env, env));
}
