import type { Queryable } from "./connect.ts";
import { and, asc, eq, isNull, lt } from "./drizzle.ts";
import { type ActionItemRow, actionItem } from "./tables/reports.ts";

/** Stores what is left to do after an incident. */
export async function insertActionItem(db: Queryable, row: Omit<ActionItemRow, "doneBy" | "doneAt">): Promise<void> {
  await db.insert(actionItem).values(row);
}

interface Wanted {
  app: string;
  environment: string;
  incidentId?: string | undefined;
  /** Only what is not done and was due before this day. */
  overdueOn?: string;
}

/** What is left to do and what was done, by the day it is due. */
export async function listActionItems(
  db: Queryable,
  { app, environment, incidentId, overdueOn }: Wanted,
): Promise<ActionItemRow[]> {
  const here = and(eq(actionItem.app, app), eq(actionItem.environment, environment));
  const mine = incidentId === undefined ? undefined : eq(actionItem.incidentId, incidentId);
  const overdue = overdueOn === undefined ? undefined : and(isNull(actionItem.doneAt), lt(actionItem.due, overdueOn));
  return await db
    .select()
    .from(actionItem)
    .where(and(here, mine, overdue))
    .orderBy(asc(actionItem.due), asc(actionItem.id));
}

/** Says that it is done; undefined where there is no such item that is not. */
export async function finishActionItem(
  db: Queryable,
  { app, id, doneBy, doneAt }: { app: string; id: string; doneBy: string; doneAt: Date },
): Promise<ActionItemRow | undefined> {
  const [done] = await db
    .update(actionItem)
    .set({ doneBy, doneAt })
    .where(and(eq(actionItem.app, app), eq(actionItem.id, id), isNull(actionItem.doneAt)))
    .returning();
  return done;
}
