import type { Queryable } from "./connect.ts";
import { asc, inArray } from "./drizzle.ts";
import { publicUpdate } from "./tables/alerts.ts";

type PublicUpdate = Omit<typeof publicUpdate.$inferSelect, "id">;

/** Keeps what a person wrote about an incident for the public. */
export async function insertPublicUpdate(db: Queryable, update: PublicUpdate): Promise<void> {
  await db.insert(publicUpdate).values(update);
}

/** What was written about each of these incidents, oldest first. */
export async function publicUpdates(
  db: Queryable,
  incidentIds: readonly string[],
): Promise<Map<string, PublicUpdate[]>> {
  if (incidentIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(publicUpdate)
    .where(inArray(publicUpdate.incidentId, [...incidentIds]))
    .orderBy(asc(publicUpdate.id));
  return Map.groupBy(rows, ({ incidentId }) => incidentId);
}
