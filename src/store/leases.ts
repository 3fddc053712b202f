import { PolicyError } from "../core/errors.ts";
import type { Queryable } from "./connect.ts";
import { and, eq, sql } from "./drizzle.ts";
import { lease } from "./tables/lease.ts";

/** Time to live of a lease; renew at a third of it. Only the database's clock counts. */
export const LEASE_MS = 30_000;

export interface LeaseKey {
  app: string;
  env: string;
}
export interface HeldLease extends LeaseKey {
  holder: string;
  generation: number;
}

/** `quietMs`: time since the holder last renewed it. */
export async function readLease(db: Queryable, { app, env }: LeaseKey) {
  const [row] = await db
    .select({
      holder: lease.holder,
      generation: lease.generation,
      manual: lease.manual,
      reason: lease.reason,
      expired: sql<boolean>`${lease.expiresAt} < now()`,
      quietMs: sql<number>`(extract(epoch from now() - ${lease.expiresAt}) * 1000 + ${LEASE_MS})::float8`,
    })
    .from(lease)
    .where(and(eq(lease.app, app), eq(lease.env, env)));
  return row;
}

/**
 * Takes the lease in one statement when it is free, expired, ours, or held by `deadHolder` (a process known to be gone).
 * The generation rises each time, at least to `least` (what the target has seen). Undefined when somebody else holds it; a manual lock is never taken.
 */
export async function takeLease(
  db: Queryable,
  { app, env }: LeaseKey,
  holder: string,
  deadHolder?: string,
  least = 1,
): Promise<HeldLease | undefined> {
  const result = await db.execute<{ generation: string }>(sql`
    insert into lease as l (app, env, holder, generation, expires_at)
    values (${app}, ${env}, ${holder}, ${least}, now() + ${LEASE_MS} * interval '1 ms')
    on conflict (app, env) do update
      set holder = excluded.holder, generation = greatest(l.generation + 1, ${least}), expires_at = excluded.expires_at, reason = null
      where not l.manual and (l.expires_at < now() or l.holder = ${holder} or l.holder = ${deadHolder ?? null})
    returning generation`);
  const row = result.rows[0];
  return row ? { app, env, holder, generation: Number(row.generation) } : undefined;
}

/**
 * Puts the end off; false when the lease is no longer ours. One that ran out while this process was stopped, and that nobody
 * took meanwhile, is ours still: whoever takes it raises the generation in the same row.
 */
export async function renewLease(db: Queryable, held: HeldLease): Promise<boolean> {
  const result = await db.execute(sql`
    update lease set expires_at = now() + ${LEASE_MS} * interval '1 ms'
    where app = ${held.app} and env = ${held.env} and holder = ${held.holder} and generation = ${held.generation}`);
  return result.rowCount === 1;
}

/** Frees the lease, also from a renewal that is under way; its generation stays, so the next holder's is higher. */
export async function releaseLease(db: Queryable, held: HeldLease): Promise<void> {
  await db.execute(sql`
    update lease set expires_at = now() - interval '1 ms', holder = ''
    where app = ${held.app} and env = ${held.env} and holder = ${held.holder} and generation = ${held.generation}`);
}

/** A lock that a person holds: never stolen, without an end. */
export interface ManualLock {
  holder: string;
  reason: string;
  since: Date;
}

/** What everybody else is told of a lock. */
export function lockedBy(env: string, { holder, reason }: ManualLock): PolicyError {
  return new PolicyError({
    code: "SM-LOCKED",
    message: `${env} is locked by ${holder}: ${reason}`,
    next: `ask ${holder}, or stationmaster unlock ${env}`,
  });
}

/** Undefined when nobody locked the environment. */
export async function readLock(db: Queryable, { app, env }: LeaseKey): Promise<ManualLock | undefined> {
  const [row] = await db
    .select({ holder: lease.holder, reason: lease.reason, since: lease.expiresAt })
    .from(lease)
    .where(and(eq(lease.app, app), eq(lease.env, env), eq(lease.manual, true)));
  return row && { ...row, reason: row.reason ?? "" };
}

/**
 * Locks the environment for a person until `unlockLease`; again by the same person it changes the reason. Undefined when
 * another person locked it or somebody works there. Since it has no end, `expires_at` says when it was taken: no renewal or
 * journal record of an earlier holder passes after it.
 */
export async function lockLease(
  db: Queryable,
  { app, env }: LeaseKey,
  { holder, reason }: { holder: string; reason: string },
): Promise<ManualLock | undefined> {
  const result = await db.execute(sql`
    insert into lease as l (app, env, holder, generation, expires_at, manual, reason)
    values (${app}, ${env}, ${holder}, 1, now(), true, ${reason})
    on conflict (app, env) do update
      set holder = excluded.holder, generation = l.generation + 1, expires_at = excluded.expires_at, manual = true, reason = excluded.reason
      where (l.manual and l.holder = excluded.holder) or (not l.manual and l.expires_at < now())`);
  return result.rowCount === 1 ? await readLock(db, { app, env }) : undefined;
}

/** Frees the environment from a person's lock and answers whose it was; undefined when there was none. */
export async function unlockLease(db: Queryable, { app, env }: LeaseKey): Promise<ManualLock | undefined> {
  return await db.transaction(async (tx) => {
    const before = await readLock(tx, { app, env });
    const result = await tx.execute(sql`
      update lease set manual = false, holder = '', reason = null, expires_at = now() - interval '1 ms'
      where app = ${app} and env = ${env} and manual`);
    return result.rowCount === 1 ? before : undefined;
  });
}
