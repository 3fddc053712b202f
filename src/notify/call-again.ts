import { isDeepStrictEqual } from "node:util";
import type { Queryable, Store } from "../store/connect.ts";
import { and, eq, inArray, isNull, max, or, sql } from "../store/drizzle.ts";
import { incident, outbox } from "../store/tables/incidents.ts";
import { notifyStanding } from "../store/tables/notify.ts";
import { type EnqueueOptions, putDown } from "./enqueue.ts";
import { type Call, callsFor, type Standing } from "./escalation.ts";
import type { Message } from "./message.ts";

/**
 * Puts down the calls that are due for incidents nobody has acknowledged, and remembers how far they have come. `unresolved` says how
 * each incident of the environment that is not over stands; answers whether anything was put down.
 */
export async function callAgain(
  db: Store["db"],
  unresolved: readonly Message[],
  options: EnqueueOptions & { environment: string },
): Promise<boolean> {
  const { app, environment, clock, escalate, channels } = options;
  const now = clock.now();
  return await db.transaction(async (tx) => {
    // One at a time, whichever process asks.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext(${`notify:${app}`}))`);
    const known = await standings(tx, app, environment);
    let calls = 0;
    for (const message of unresolved) {
      const { id } = message.incident;
      const before = known.get(id);
      known.delete(id);
      const next = callsFor(before, { message, escalate, channels, now });
      for (const call of next.calls) await put(tx, message, call, options);
      calls += next.calls.length;
      if (!isDeepStrictEqual(before, next.standing)) await remember(tx, app, id, next.standing);
    }
    if (known.size > 0) await tx.delete(notifyStanding).where(inArray(notifyStanding.incidentId, [...known.keys()]));
    return calls > 0;
  });
}

async function put(tx: Queryable, message: Message, call: Call, options: EnqueueOptions): Promise<void> {
  const mine = and(eq(outbox.incidentId, message.incident.id), eq(outbox.event, message.event));
  const [last] = await tx
    .select({ turn: max(outbox.turn) })
    .from(outbox)
    .where(mine);
  const { kind, text, channels } = call;
  const at = new Date(options.clock.now()).toISOString();
  await putDown(tx, { ...message, kind, text, at, turn: (last?.turn ?? 0) + 1 }, channels, options);
}

/** Those of other environments are of another daemon, which would begin anew without them. */
async function standings(tx: Queryable, app: string, environment: string): Promise<Map<string, Standing>> {
  const rows = await tx
    .select({ standing: notifyStanding })
    .from(notifyStanding)
    .leftJoin(incident, eq(incident.id, notifyStanding.incidentId))
    .where(and(eq(notifyStanding.app, app), or(isNull(incident.id), eq(incident.environment, environment))));
  return new Map(
    rows.map(({ standing: { incidentId, severity, since, level, reminders } }) => [
      incidentId,
      { severity, since: since.getTime(), level, reminders },
    ]),
  );
}

async function remember(tx: Queryable, app: string, incidentId: string, standing: Standing | undefined): Promise<void> {
  if (standing === undefined) {
    await tx.delete(notifyStanding).where(eq(notifyStanding.incidentId, incidentId));
    return;
  }
  const change = { ...standing, since: new Date(standing.since) };
  await tx
    .insert(notifyStanding)
    .values({ app, incidentId, ...change })
    .onConflictDoUpdate({ target: notifyStanding.incidentId, set: change });
}
