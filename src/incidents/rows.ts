import type { Queryable } from "../store/connect.ts";
import { and, asc, desc, eq, gt, gte, inArray, ne, notInArray, or, sql } from "../store/drizzle.ts";
import { healAction, type IncidentRow, incident } from "../store/tables/incidents.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { REOPEN_MS } from "./ending.ts";
import type { IncidentRecord } from "./types.ts";

export interface Place {
  app: string;
  environment: string;
}

/** A record from its row. The three JSON columns are written by `toRow` only. */
export function toRecord({ app: _app, ...row }: IncidentRow): IncidentRecord {
  return {
    ...row,
    family: row.family as IncidentRecord["family"],
    acknowledged: row.acknowledged as IncidentRecord["acknowledged"],
    members: row.members as IncidentRecord["members"],
    healing: row.healing as IncidentRecord["healing"],
    flapping: row.flapping as IncidentRecord["flapping"],
    suppressed: row.suppressed as IncidentRecord["suppressed"],
    storm: row.storm as IncidentRecord["storm"],
    onset: row.onset.getTime(),
    detectedAt: row.detectedAt.getTime(),
    failingSince: row.failingSince.getTime(),
    openedAt: row.openedAt.getTime(),
    acknowledgedAt: row.acknowledgedAt?.getTime() ?? null,
    mitigatedAt: row.mitigatedAt?.getTime() ?? null,
    resolvedAt: row.resolvedAt?.getTime() ?? null,
    closedAt: row.closedAt?.getTime() ?? null,
  };
}

export function toRow(record: IncidentRecord, app: string): IncidentRow {
  return {
    ...record,
    app,
    onset: new Date(record.onset),
    detectedAt: new Date(record.detectedAt),
    failingSince: new Date(record.failingSince),
    openedAt: new Date(record.openedAt),
    acknowledgedAt: dateOf(record.acknowledgedAt),
    mitigatedAt: dateOf(record.mitigatedAt),
    resolvedAt: dateOf(record.resolvedAt),
    closedAt: dateOf(record.closedAt),
  };
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}

/** What is not over. */
export const unclosed = notInArray(incident.state, ["resolved", "review", "closed"]);

/** Incidents that are not over, oldest first. */
export async function loadUnclosed(db: Queryable, place: Place): Promise<IncidentRecord[]> {
  return await load(db, place, unclosed);
}

/** Those for which time passes: the ones that are not over, and the ones that may still open again. */
export async function loadLive(db: Queryable, place: Place): Promise<IncidentRecord[]> {
  return await load(db, place, or(unclosed, eq(incident.state, "resolved")));
}

/** Those that opened after `since` (epoch ms) and are not over, locked. */
export async function lockOpenedSince(tx: Queryable, place: Place, since: number): Promise<IncidentRecord[]> {
  const wanted = and(here(place), unclosed, ne(incident.state, "suspect"), gte(incident.openedAt, new Date(since)));
  return (await tx.select().from(incident).where(wanted).orderBy(asc(incident.id)).for("update")).map(toRecord);
}

async function load(db: Queryable, place: Place, wanted: ReturnType<typeof or>): Promise<IncidentRecord[]> {
  const rows = await db
    .select()
    .from(incident)
    .where(and(here(place), wanted))
    .orderBy(asc(incident.openedAt), asc(incident.id));
  return rows.map(toRecord);
}

function here({ app, environment }: Place) {
  return and(eq(incident.app, app), eq(incident.environment, environment));
}

/** One incident, locked until the transaction ends. */
export async function lockIncident(
  tx: Queryable,
  { app, environment }: Place,
  id: string,
): Promise<IncidentRecord | null> {
  const mine = and(eq(incident.app, app), eq(incident.environment, environment), eq(incident.id, id));
  const [row] = await tx.select().from(incident).where(mine).for("update");
  return row ? toRecord(row) : null;
}

/** The unclosed incidents the check has a part in, locked. */
export async function lockByCheck(
  tx: Queryable,
  { app }: Place,
  { checkId, environment }: VerdictEvent,
): Promise<IncidentRecord[]> {
  const part = sql`jsonb_exists(${incident.members}, ${checkId})`;
  const rows = await tx
    .select()
    .from(incident)
    .where(and(eq(incident.app, app), eq(incident.environment, environment), unclosed, part))
    .orderBy(asc(incident.id))
    .for("update");
  return rows.map(toRecord);
}

/** The incident a failure of this key belongs to: the unclosed one, else one that was resolved a short time ago; locked. */
export async function lockByKey(
  tx: Queryable,
  { app }: Place,
  key: string,
  at: number,
): Promise<IncidentRecord | null> {
  const recent = and(eq(incident.state, "resolved"), gt(incident.resolvedAt, new Date(at - REOPEN_MS)));
  const [row] = await tx
    .select()
    .from(incident)
    .where(and(eq(incident.app, app), eq(incident.key, key), or(unclosed, recent)))
    .orderBy(sql`${incident.state} = 'resolved'`, desc(incident.resolvedAt))
    .limit(1)
    .for("update");
  return row ? toRecord(row) : null;
}

const LINK_MS = 7 * 24 * 3_600_000;

/** The last incident of the same key that ended within 7 days, and how many did. */
export async function earlierOf(
  tx: Queryable,
  { app }: Place,
  key: string,
  at: number,
): Promise<{ previous: string | null; recent: number }> {
  const rows = await tx
    .select({ id: incident.id })
    .from(incident)
    .where(and(eq(incident.app, app), eq(incident.key, key), gt(incident.resolvedAt, new Date(at - LINK_MS))))
    .orderBy(desc(incident.resolvedAt));
  return { previous: rows[0]?.id ?? null, recent: rows.length };
}

/** When another service of the environment was last healed (epoch ms), null for never. */
export async function healedElsewhere(
  db: Queryable,
  { app, environment }: Place,
  service: string,
): Promise<number | null> {
  const [row] = await db
    .select({ at: healAction.at })
    .from(healAction)
    .where(
      and(
        eq(healAction.app, app),
        eq(healAction.environment, environment),
        ne(healAction.service, service),
        ne(healAction.remedy, "escalate"),
        inArray(healAction.outcome, ["running", "succeeded", "failed"]),
      ),
    )
    .orderBy(desc(healAction.at))
    .limit(1);
  return row?.at.getTime() ?? null;
}
