import type { Queryable } from "./connect.ts";
import { and, desc, eq, isNull, notInArray } from "./drizzle.ts";
import { type ReleaseRow, release } from "./tables/release.ts";

/** Undefined when there never was one of that name; removed ones are found too. */
export async function findRelease(db: Queryable, app: string, name: string): Promise<ReleaseRow | undefined> {
  const [row] = await db
    .select()
    .from(release)
    .where(and(eq(release.app, app), eq(release.name, name)));
  return row;
}

/** The releases that are kept, newest first. */
export async function keptReleases(db: Queryable, app: string): Promise<ReleaseRow[]> {
  return await db
    .select()
    .from(release)
    .where(and(eq(release.app, app), isNull(release.removedAt)))
    .orderBy(desc(release.seq));
}

/** Removed ones too, newest first. */
export async function allReleases(db: Queryable, app: string): Promise<ReleaseRow[]> {
  return await db.select().from(release).where(eq(release.app, app)).orderBy(desc(release.seq));
}

/** A release of that name that exists stays as it is: releases are immutable. */
export async function insertRelease(db: Queryable, row: typeof release.$inferInsert): Promise<void> {
  await db.insert(release).values(row).onConflictDoNothing();
}

/** Marks every release outside `keep` as removed: it can no longer be rolled back to. */
export async function removeReleases(db: Queryable, app: string, keep: readonly string[]): Promise<void> {
  await db
    .update(release)
    .set({ removedAt: new Date() })
    .where(and(eq(release.app, app), isNull(release.removedAt), notInArray(release.name, [...keep])));
}
