import type {
  Incident,
  IncidentAction,
  IncidentFlag,
  IncidentState,
  IncidentStorm,
  IncidentSummary,
} from "../contract/incident.ts";
import { notificationsOf } from "../notify/read.ts";
import type { Queryable } from "../store/connect.ts";
import { and, asc, desc, eq, gte, inArray, ne, or, sql } from "../store/drizzle.ts";
import { type HealActionRow, healAction, incident, incidentEvent } from "../store/tables/incidents.ts";
import { incidentIssue } from "../store/tables/issues.ts";
import { symptomOn } from "./classes.ts";
import { downtimeOf } from "./downtime.ts";
import { restartsLeft } from "./epochs.ts";
import { keyScope, serviceScope } from "./key.ts";
import { failedChecks, failingHosts, isAcknowledged, isHealable } from "./members.ts";
import { causeOf } from "./message.ts";
import { type Place, toRecord, unclosed } from "./rows.ts";
import { sinceAbout } from "./since.ts";
import type { IncidentRecord } from "./types.ts";

export interface ListQuery {
  /** `unclosed` is open, healing and monitoring; suspicions are shown only when asked for by name. */
  state?: IncidentState | "unclosed";
  /** Together with the unclosed ones, those resolved since then (epoch ms). */
  resolvedSince?: number;
  /** Only those in which this check failed. */
  check?: string | undefined;
  limit?: number;
}

/** Incidents newest first. `now` in epoch ms. */
export async function listIncidents(
  db: Queryable,
  place: Place,
  query: ListQuery,
  now: number,
): Promise<IncidentSummary[]> {
  const { state, check, limit = 50 } = query;
  const wanted =
    state === undefined || state === "unclosed" ? ne(incident.state, "suspect") : eq(incident.state, state);
  const rows = await db
    .select()
    .from(incident)
    .where(
      and(
        ...[eq(incident.app, place.app), eq(incident.environment, place.environment), wanted, ended(query)],
        check === undefined ? undefined : sql`${incident.members} -> ${check} ->> 'failed' = 'true'`,
      ),
    )
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
  if (state === "unclosed" || since) return or(unclosed, since);
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
    record.service === null || !isHealable(record)
      ? []
      : [serviceScope(place.app, place.environment, record.service), keyScope(place.app, record.key)];
  const timeline = events.map(({ seq, at, kind, text, data }) => ({ seq, at: at.toISOString(), kind, text, data }));
  return {
    ...summaryOf(record, actions.get(id) ?? [], now),
    detectedAt: iso(record.detectedAt),
    ...(await aroundOf(db, record, timeline)),
    failedChecks: failedChecks(record),
    occurrence: record.occurrence,
    restartsLeft: scopes.length === 0 ? null : await restartsLeft(db, scopes),
    evidence: record.evidence,
    timeline,
    notifications: await notificationsOf(db, place.app, id),
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
  const flags = flagsOf(record, now);
  const symptom = symptomOn(record.symptom, failingHosts(record));
  const { actor = "", note = null, until = 0 } = record.acknowledged ?? {};
  const acknowledged = isAcknowledged(record, now);
  return {
    ...{ id, key, severity, state, environment, symptom, escalated, actions },
    service: record.service ?? record.component,
    openedAt: iso(record.openedAt),
    resolvedAt: isoOrNull(record.resolvedAt),
    acknowledged,
    ...(flags.length > 0 ? { flags } : {}),
    ...(acknowledged ? { acknowledgement: { actor, note, until: iso(until) } } : {}),
    ...(record.suppressed ? { suppressedBy: record.suppressed.by } : {}),
  };
}

function flagsOf(record: IncidentRecord, now: number): IncidentFlag[] {
  const { escalated, frozen, flapping, suppressed, recurring } = record;
  const flags: Record<IncidentFlag, boolean> = {
    acknowledged: isAcknowledged(record, now),
    ...{ escalated, frozen, recurring, flapping: flapping !== null, suppressed: suppressed !== null },
  };
  return (Object.keys(flags) as IncidentFlag[]).filter((flag) => flags[flag]);
}

/** Its times, what may have caused it, and what it belongs to. */
async function aroundOf(
  db: Queryable,
  record: IncidentRecord,
  timeline: Incident["timeline"],
): Promise<Partial<Incident>> {
  const { storm, previous, reportedBy } = record;
  const issue = await issueOf(db, record.id);
  const cause = causeOf(record);
  const about = await sinceAbout(db, record);
  return {
    times: {
      onset: iso(record.onset),
      ...(about === null ? {} : { sinceAbout: iso(about) }),
      detected: iso(record.detectedAt),
      acknowledged: isoOrNull(record.acknowledgedAt),
      mitigated: isoOrNull(record.mitigatedAt),
      resolved: isoOrNull(record.resolvedAt),
      closed: isoOrNull(record.closedAt),
      downtime: downtimeOf(timeline, record.onset),
    },
    ...(cause === undefined ? {} : { cause }),
    ...(storm ? { storm: { cause: storm.cause, members: await membersOf(db, storm.members) } } : {}),
    ...(previous === null ? {} : { previous }),
    ...(reportedBy === null ? {} : { reportedBy }),
    ...(issue ? { issue } : {}),
  };
}

/** The issue that shows it. */
async function issueOf(db: Queryable, id: string): Promise<Incident["issue"]> {
  const { number, url } = incidentIssue;
  const [row] = await db.select({ number, url }).from(incidentIssue).where(eq(incidentIssue.incidentId, id));
  return row;
}

async function membersOf(db: Queryable, members: NonNullable<IncidentRecord["storm"]>["members"]) {
  const ids = members.map(({ id }) => id);
  const rows = await db
    .select({ id: incident.id, state: incident.state })
    .from(incident)
    .where(inArray(incident.id, ids));
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  return members.map((member): IncidentStorm["members"][number] => ({
    ...member,
    state: states.get(member.id) ?? "closed",
  }));
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
