import type { Queryable } from "./connect.ts";
import { and, asc, eq, gte, inArray, isNull, sql } from "./drizzle.ts";
import { type MigrationRunRow, migrationRun } from "./tables/hosts.ts";

export interface MigrationKey {
  app: string;
  env: string;
  service: string;
}

type Begun = Pick<MigrationRunRow, "id" | "kind" | "tool" | "position" | "checksum" | "rolloutId">;

/** What was begun for a service, by position. */
export async function migrationRuns(db: Queryable, key: MigrationKey): Promise<MigrationRunRow[]> {
  return await db.select().from(migrationRun).where(of(key)).orderBy(asc(migrationRun.position));
}

/** Notes migrations as begun, before anything is done; one that failed before begins anew. */
export async function beginMigrations(db: Queryable, key: MigrationKey, migrations: readonly Begun[]): Promise<void> {
  if (migrations.length === 0) return;
  const now = sql`now()`;
  await db
    .insert(migrationRun)
    .values(migrations.map((migration) => ({ ...key, ...migration })))
    .onConflictDoUpdate({
      target: [migrationRun.app, migrationRun.env, migrationRun.service, migrationRun.id],
      set: {
        kind: sql`excluded.kind`,
        position: sql`excluded.position`,
        checksum: sql`excluded.checksum`,
        rolloutId: sql`excluded.rollout_id`,
        startedAt: now,
        finishedAt: null,
        outcome: null,
      },
    });
}

/** Notes how migrations ended. */
export async function finishMigrations(
  db: Queryable,
  key: MigrationKey,
  ids: readonly string[],
  outcome: "done" | "failed",
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .update(migrationRun)
    .set({ outcome, finishedAt: sql`now()` })
    .where(and(of(key), inArray(migrationRun.id, [...ids])));
}

/** How far a backfill is. */
export async function saveProgress(
  db: Queryable,
  key: MigrationKey,
  id: string,
  progress: Record<string, unknown>,
): Promise<void> {
  await db
    .update(migrationRun)
    .set({ progress })
    .where(and(of(key), eq(migrationRun.id, id)));
}

/** Backfills that are not at their end, the oldest first. */
export async function openBackfills(db: Queryable, { app, env }: Omit<MigrationKey, "service">) {
  return await db
    .select()
    .from(migrationRun)
    .where(
      and(
        eq(migrationRun.app, app),
        eq(migrationRun.env, env),
        eq(migrationRun.kind, "backfill"),
        isNull(migrationRun.outcome),
      ),
    )
    .orderBy(asc(migrationRun.service), asc(migrationRun.position));
}

/** Where the schema stood after the migrations of a rollout, by its journal: `newest` is the last one its release brought along. */
interface Expanded {
  release: string;
  position: number;
  newest: number;
}

/** What the journal says of each release that was expanded in the environment, the latest first. */
export async function expandedReleases(db: Queryable, { app, env, service }: MigrationKey): Promise<Expanded[]> {
  const result = await db.execute<{ release: string; position: number; newest: number }>(sql`
    select r.release, (j.payload ->> 'position')::int as position, (j.payload ->> 'newest')::int as newest
    from journal j join rollout r on r.id = j.rollout_id
    where r.app = ${app} and r.env = ${env} and j.phase = 'outcome'
      and split_part(j.key, ':', 1) in ('expand', 'contract') and split_part(split_part(j.key, ':', 2), '#', 1) = ${service}
      and j.payload ? 'position' and j.payload ? 'newest'
    order by j.at desc, j.seq desc`);
  return result.rows;
}

/** Whether something was taken away, or began to be, that older releases need; `since` in epoch ms. */
export async function contractedSince(
  db: Queryable,
  { app, env }: Omit<MigrationKey, "service">,
  since: number,
): Promise<boolean> {
  const rows = await db
    .select({ id: migrationRun.id })
    .from(migrationRun)
    .where(
      and(
        eq(migrationRun.app, app),
        eq(migrationRun.env, env),
        eq(migrationRun.kind, "contract"),
        gte(migrationRun.startedAt, new Date(since)),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

function of({ app, env, service }: MigrationKey) {
  return and(eq(migrationRun.app, app), eq(migrationRun.env, env), eq(migrationRun.service, service));
}
