import type { Incident, IncidentAction, IncidentState, IncidentSummary } from "../contract/incident.ts";
import type { Queryable } from "../store/connect.ts";
import { and, asc, desc, eq, gte, inArray, ne, or } from "../store/drizzle.ts";
import { type HealActionRow, healAction, incident, incidentEvent } from "../store/tables/incidents.ts";
import { symptomOn } from "./classes.ts";
import { restartsLeft } from "./epochs.ts";
import { keyScope, serviceScope } from "./key.ts";
import { failedChecks, failingHosts, isAcknowledged } from "./members.ts";
import { type Place, toRecord } from "./rows.ts";
import type { IncidentRecord } from "./types.ts";

export interface ListQuery {
  /** `unclosed` is open, healing and monitoring; suspicions are shown only when asked for by name. */
  state?: IncidentState | "unclosed";
  /** Together with the unclosed ones, those resolved since then (epoch ms). */
  resolvedSince?: number;
  limit?: number;
}

/** Incidents newest first. `now` in epoch ms. */
export async function listIncidents(
  db: Queryable,
  place: Place,
  query: ListQuery,
  now: number,
): Promise<IncidentSummary[]> {
  const { state, limit = 50 } = query;
  const wanted =
    state === undefined || state === "unclosed" ? ne(incident.state, "suspect") : eq(incident.state, state);
  const rows = await db
    .select()
    .from(incident)
    .where(and(eq(incident.app, place.app), eq(incident.environment, place.environment), wanted, ended(query)))
    .orderBy(desc(incident.openedAt), desc(incident.id))
    .limit(limit);
  const actions = await actionsOf(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => summaryOf(toRecord(row), actions.get(row.id) ?? [], now));
}

/** Which of the resolved ones are shown. */
function ended({ state, resolvedSince }: ListQuery) {
  const since = resolvedSince === undefined ? undefined : gte(incident.resolvedAt, new Date(resolvedSince));
  if (state === "unclosed" || since) return or(ne(incident.state, "resolved"), since);
  return undefined;
}

/** One incident with its timeline, or null. */
export async function readIncident(db: Queryable, place: Place, id: string, now: number): Promise<Incident | null> {
  const mine = and(eq(incident.app, place.app), eq(incident.environment, place.environment), eq(incident.id, id));
  const [row] = await db.select().from(incident).where(mine);
  if (!row) return null;
  const record = toRecord(row);
  const actions = await actionsOf(db, [id]);
  const events = await db
    .select()
    .from(incidentEvent)
    .where(eq(incidentEvent.incidentId, id))
    .orderBy(asc(incidentEvent.seq));
  const scopes =
    record.service === null
      ? []
      : [serviceScope(place.app, place.environment, record.service), keyScope(place.app, record.key)];
  return {
    ...summaryOf(record, actions.get(id) ?? [], now),
    detectedAt: iso(record.detectedAt),
    failedChecks: failedChecks(record),
    occurrence: record.occurrence,
    restartsLeft: scopes.length === 0 ? 0 : await restartsLeft(db, scopes),
    evidence: record.evidence,
    timeline: events.map(({ seq, at, kind, text, data }) => ({ seq, at: at.toISOString(), kind, text, data })),
  };
}

async function actionsOf(db: Queryable, ids: string[]): Promise<Map<string, IncidentAction[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(healAction)
    .where(inArray(healAction.incidentId, ids))
    .orderBy(asc(healAction.number));
  const groups = Map.groupBy(rows, (row) => row.incidentId);
  return new Map([...groups].map(([id, group]) => [id, group.map(actionOf)]));
}

function actionOf({ remedy, at, outcome, detail }: HealActionRow): IncidentAction {
  return { remedy, at: at.toISOString(), outcome, detail };
}

function summaryOf(record: IncidentRecord, actions: IncidentAction[], now: number): IncidentSummary {
  const { id, key, severity, state, environment, escalated } = record;
  const symptom = symptomOn(record.symptom, failingHosts(record));
  return {
    ...{ id, key, severity, state, environment, symptom, escalated, actions },
    service: record.service ?? record.component,
    openedAt: iso(record.openedAt),
    resolvedAt: record.resolvedAt === null ? null : iso(record.resolvedAt),
    acknowledged: isAcknowledged(record, now),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
