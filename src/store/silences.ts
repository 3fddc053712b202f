import type { Queryable } from "./connect.ts";
import { and, asc, desc, eq, gt, isNotNull, isNull, lte, or } from "./drizzle.ts";
import { type SilenceRow, silence } from "./tables/silence.ts";

/** Stores a silence and answers it. */
export async function insertSilence(db: Queryable, row: Omit<SilenceRow, "endedAt">): Promise<SilenceRow> {
  const [inserted] = await db.insert(silence).values(row).returning();
  if (!inserted) throw new Error("the silence was not stored");
  return inserted;
}

/** The silences of an environment that nobody ended and whose time is not over at `at`, oldest first. */
export async function standingSilences(
  db: Queryable,
  { app, environment, at }: { app: string; environment: string; at: Date },
): Promise<SilenceRow[]> {
  const here = and(eq(silence.app, app), eq(silence.environment, environment));
  return await db
    .select()
    .from(silence)
    .where(and(here, isNull(silence.endedAt), gt(silence.untilAt, at)))
    .orderBy(asc(silence.createdAt), asc(silence.id));
}

/** The silences of an environment that were ended or whose time is over at `at`, the newest first; at most `limit`. */
export async function pastSilences(
  db: Queryable,
  { app, environment, at, limit }: { app: string; environment: string; at: Date; limit: number },
): Promise<SilenceRow[]> {
  const here = and(eq(silence.app, app), eq(silence.environment, environment));
  return await db
    .select()
    .from(silence)
    .where(and(here, or(isNotNull(silence.endedAt), lte(silence.untilAt, at))))
    .orderBy(desc(silence.createdAt), desc(silence.id))
    .limit(limit);
}

/** Ends a silence now; undefined when there is none of that id that stands. */
export async function endSilence(
  db: Queryable,
  { app, id, at }: { app: string; id: string; at: Date },
): Promise<SilenceRow | undefined> {
  const [ended] = await db
    .update(silence)
    .set({ endedAt: at })
    .where(and(eq(silence.app, app), eq(silence.id, id), isNull(silence.endedAt), gt(silence.untilAt, at)))
    .returning();
  return ended;
}
