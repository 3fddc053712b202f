import { and, eq, sql } from "drizzle-orm";
import type { Queryable } from "./connect.ts";
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
 * The generation rises by one each time. Undefined when somebody else holds it; a manual lock is never taken.
 */
export async function takeLease(
  db: Queryable,
  { app, env }: LeaseKey,
  holder: string,
  deadHolder?: string,
): Promise<HeldLease | undefined> {
  const result = await db.execute<{ generation: string }>(sql`
    insert into lease as l (app, env, holder, generation, expires_at)
    values (${app}, ${env}, ${holder}, 1, now() + ${LEASE_MS} * interval '1 ms')
    on conflict (app, env) do update
      set holder = excluded.holder, generation = l.generation + 1, expires_at = excluded.expires_at, reason = null
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
