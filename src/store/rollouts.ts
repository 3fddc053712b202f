import {
  type JournalEntry,
  type RolloutFailure,
  type RolloutState,
  type RolloutSummary,
  UNSEEN_STATES,
} from "../contract/rollout.ts";
import { PolicyError, UserError } from "../core/errors.ts";
import type { Queryable } from "./connect.ts";
import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from "./drizzle.ts";
import type { HeldLease } from "./leases.ts";
import { type JournalRow, journal, type RolloutRow, rollout } from "./tables/rollout.ts";

/** The code of the failure of a rollout that made room for a newer release. */
export const SUPERSEDED = "SM-ROLLOUT-SUPERSEDED";

/** Stores a new rollout and answers it with its defaults. */
export async function insertRollout(db: Queryable, row: typeof rollout.$inferInsert): Promise<RolloutRow> {
  const [inserted] = await db.insert(rollout).values(row).returning();
  if (!inserted) throw new Error("the rollout was not stored");
  return inserted;
}

/** Undefined when there is none. */
export async function findRollout(db: Queryable, id: string): Promise<RolloutRow | undefined> {
  const [row] = await db.select().from(rollout).where(eq(rollout.id, id));
  return row;
}

/** Newest first. */
export async function listRollouts(
  db: Queryable,
  { app, env, limit }: { app: string; env?: string; limit: number },
): Promise<RolloutRow[]> {
  const where = env ? and(eq(rollout.app, app), eq(rollout.env, env)) : eq(rollout.app, app);
  return await db.select().from(rollout).where(where).orderBy(desc(rollout.startedAt), desc(rollout.id)).limit(limit);
}

/** The rollouts that have not reached a final state, oldest first; those of every environment unless one is named. */
export async function unfinishedRollouts(
  db: Queryable,
  { app, env }: { app: string; env?: string },
): Promise<RolloutRow[]> {
  return await db
    .select()
    .from(rollout)
    .where(and(eq(rollout.app, app), env === undefined ? undefined : eq(rollout.env, env), isNull(rollout.finishedAt)))
    .orderBy(asc(rollout.startedAt));
}

/**
 * Moves a rollout on, only while the lease of its environment is ours. `UserError` `SM-ROLLOUT-SUPERSEDED` where it would come to users
 * although a newer release took its place.
 */
export async function setState(
  db: Queryable,
  held: HeldLease,
  id: string,
  change: { state: RolloutState; reason?: string | null; failure?: RolloutFailure | null; finished?: boolean },
): Promise<void> {
  const result = await db.execute(sql`
    update rollout r set
      state = ${change.state}, generation = ${held.generation},
      reason = coalesce(${change.reason ?? null}, r.reason),
      failure = coalesce(${change.failure ? JSON.stringify(change.failure) : null}::jsonb, r.failure),
      finished_at = case when ${change.finished ?? false} then now() else r.finished_at end
    from lease l
    where r.id = ${id} and ${fence(held)} and (${change.state} <> 'SHIFTING' or r.request is distinct from 'supersede')`);
  if (result.rowCount === 1) return;
  const row = change.state === "SHIFTING" ? await findRollout(db, id) : undefined;
  throw row?.request === "supersede" ? superseded(row.requestBy) : leaseLost(held);
}

/** Notes the hosts that do not serve the release of a rollout yet; of what served before nobody is behind any more. */
export async function setBehind(
  db: Queryable,
  held: HeldLease,
  { id, app, env }: Pick<RolloutRow, "id" | "app" | "env">,
  hosts: readonly string[],
): Promise<void> {
  const behind = hosts.length > 0 ? JSON.stringify(hosts) : null;
  await db.execute(sql`
    update rollout r set behind = case when r.id = ${id} then ${behind}::jsonb end
    from lease l
    where r.app = ${app} and r.env = ${env} and (r.id = ${id} or r.behind is not null) and ${fence(held)}`);
}

/** The rollout whose release some hosts do not serve yet; undefined when there is none. */
export async function rolloutBehind(
  db: Queryable,
  { app, env }: { app: string; env: string },
): Promise<RolloutRow | undefined> {
  const where = and(eq(rollout.app, app), eq(rollout.env, env), isNotNull(rollout.behind));
  const [row] = await db.select().from(rollout).where(where).orderBy(desc(rollout.startedAt)).limit(1);
  return row;
}

/** The releases that a rollout of the application brought to SUCCEEDED, with the environment, the latest success first. */
export async function succeededReleases(db: Queryable, app: string): Promise<{ env: string; release: string }[]> {
  return await db
    .select({ env: rollout.env, release: rollout.release })
    .from(rollout)
    .where(and(eq(rollout.app, app), eq(rollout.state, "SUCCEEDED")))
    .groupBy(rollout.env, rollout.release)
    .orderBy(desc(sql`max(${rollout.finishedAt})`));
}

/** Notes what somebody asked of a running rollout, and who (`cli:ada`); false when it has ended. */
export async function requestChange(
  db: Queryable,
  id: string,
  request: "promote" | "abort",
  requestBy: string,
): Promise<boolean> {
  const result = await db
    .update(rollout)
    .set({ request, requestBy })
    .where(and(eq(rollout.id, id), isNull(rollout.finishedAt)));
  return result.rowCount === 1;
}

/**
 * Asks a rollout that no user has seen to make room for a newer release; `by` names that and who wants it. False when users have
 * it already, or it has ended.
 */
export async function requestSupersede(db: Queryable, id: string, by: string): Promise<boolean> {
  const result = await db
    .update(rollout)
    .set({ request: "supersede", requestBy: by })
    .where(and(eq(rollout.id, id), isNull(rollout.finishedAt), inArray(rollout.state, [...UNSEEN_STATES])));
  return result.rowCount === 1;
}

/** Appends one record in the same statement that checks the lease: no row written means the lease is lost. */
export async function appendJournal(
  db: Queryable,
  held: HeldLease,
  entry: {
    rolloutId: string;
    key: string;
    phase: "intent" | "outcome";
    step: RolloutState;
    target: string | null;
    payload: Record<string, unknown>;
  },
): Promise<void> {
  const result = await db.execute(sql`
    insert into journal (rollout_id, seq, generation, key, phase, step, target, payload)
    select ${entry.rolloutId}, coalesce((select max(seq) from journal where rollout_id = ${entry.rolloutId}), 0) + 1,
           ${held.generation}, ${entry.key}, ${entry.phase}, ${entry.step}, ${entry.target}, ${JSON.stringify(entry.payload)}::jsonb
    from lease l where ${fence(held)}`);
  if (result.rowCount !== 1) throw leaseLost(held);
}

/** All records of a rollout, oldest first. */
export async function readJournal(db: Queryable, rolloutId: string): Promise<JournalRow[]> {
  return await db.select().from(journal).where(eq(journal.rolloutId, rolloutId)).orderBy(asc(journal.seq));
}

/** A rollout as doors show it. */
export function toSummary(row: RolloutRow): RolloutSummary {
  const { id, state, kind, strategy, release, fromRelease, reason, actor } = row;
  return {
    id,
    environment: row.env,
    state,
    kind,
    strategy,
    release,
    fromRelease,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.finishedAt?.toISOString() ?? null,
    reason,
    actor,
    ...(row.behind ? { behind: row.behind } : {}),
  };
}

/** What the last effect of that name did in an environment, where its outcome has the field; undefined where none did. */
export async function lastOutcome(
  db: Queryable,
  { app, env, key, field }: { app: string; env: string; key: string; field: string },
): Promise<unknown> {
  const named = and(
    eq(journal.key, key),
    eq(journal.phase, "outcome"),
    sql`jsonb_exists(${journal.payload}, ${field})`,
  );
  const [row] = await db
    .select({ payload: journal.payload })
    .from(journal)
    .innerJoin(rollout, eq(rollout.id, journal.rolloutId))
    .where(and(eq(rollout.app, app), eq(rollout.env, env), named))
    .orderBy(desc(journal.at), desc(journal.seq))
    .limit(1);
  return row?.payload[field];
}

/** A record as doors show it. */
export function toJournalEntry({ seq, key, phase, step, target, payload, at }: JournalRow): JournalEntry {
  return { seq, key, phase, step, target, payload, at: at.toISOString() };
}

/** The condition of every write of a rollout: the lease `l` is ours and has not run out. */
export function fence(held: HeldLease) {
  return sql`l.app = ${held.app} and l.env = ${held.env} and l.holder = ${held.holder} and l.generation = ${held.generation} and l.expires_at > now()`;
}

/** Why a rollout ends that a newer release took the place of. */
export function superseded(by: string | null): UserError {
  return new UserError({
    code: SUPERSEDED,
    message: `superseded by ${by ?? "a newer release"}`,
    next: "see stationmaster status",
  });
}

/** What a controller is told that lost its lease. */
export function leaseLost({ env }: HeldLease): PolicyError {
  return new PolicyError({
    code: "SM-LEASE-LOST",
    message: `another controller took over ${env}`,
    next: "look at it with stationmaster status",
  });
}
