import type { Severity } from "../../contract/severity.ts";
import type { Queryable } from "../../store/connect.ts";
import { and, eq, inArray, ne, notInArray, sql } from "../../store/drizzle.ts";
import type { FollowUp } from "../../store/report-issues.ts";
import { incident } from "../../store/tables/incidents.ts";
import { type IncidentIssueRow, incidentIssue } from "../../store/tables/issues.ts";
import { type Place, unclosed } from "../rows.ts";

const LOOK_MS = 60_000;

/**
 * Incidents whose issue is to be made or looked at, what nobody looked at for longest first: what has changed, and what is not over each minute. `now` in
 * epoch ms. Those with the ids in `except` are left out. What is kept quiet, or not severe enough, gets none; what has one keeps it.
 */
export async function dueIncidents(
  db: Queryable,
  { app, environment }: Place,
  {
    repository,
    severities,
    now,
    except,
    most,
  }: { repository: string; severities: readonly Severity[]; now: number; except: readonly string[]; most: number },
): Promise<string[]> {
  const followed = sql`(SELECT count(*) + count(made.number) + count(item.done_at) FROM action_item AS item
    LEFT JOIN report_issue AS made ON made.app = item.app AND made.environment = item.environment
      AND made.subject = item.id AND made.repository = ${repository}
    WHERE item.incident_id = ${incident.id})`;
  const changed = sql`${incidentIssue.events} <> ${incident.events} + ${followed}`;
  const stale = sql`${unclosed} AND ${incidentIssue.lookedAt} <= ${new Date(now - LOOK_MS)}`;
  const unfinished = sql`NOT (${unclosed}) AND ${incidentIssue.closedBy} IS DISTINCT FROM 'us'`;
  const wanted = and(unclosed, sql`${incident.suppressed} IS NULL`, inArray(incident.severity, [...severities]));
  const rows = await db
    .select({ id: incident.id })
    .from(incident)
    .leftJoin(incidentIssue, and(eq(incidentIssue.incidentId, incident.id), eq(incidentIssue.repository, repository)))
    .where(
      and(
        eq(incident.app, app),
        eq(incident.environment, environment),
        ne(incident.state, "suspect"),
        notInArray(incident.id, [...except]),
        sql`CASE WHEN ${incidentIssue.number} IS NULL THEN ${wanted} ELSE ${changed} OR (${stale}) OR (${unfinished}) END`,
      ),
    )
    .orderBy(sql`coalesce(${incidentIssue.lookedAt}, '-infinity')`, incident.severity, incident.openedAt)
    .limit(most);
  return rows.map(({ id }) => id);
}

/** How much has happened to what an issue shows, as `dueIncidents` counts it: each event, and each item that was added, got an issue, or was done. */
export function shownEvents(events: number, followUps: readonly FollowUp[]): number {
  const steps = followUps.map(({ number, doneAt }) => 1 + (number === null ? 0 : 1) + (doneAt === null ? 0 : 1));
  return steps.reduce((sum, one) => sum + one, events);
}

/** The issue of an incident; undefined where it has none in this repository. */
export async function findMirror(
  db: Queryable,
  incidentId: string,
  repository: string,
): Promise<IncidentIssueRow | undefined> {
  const mine = and(eq(incidentIssue.incidentId, incidentId), eq(incidentIssue.repository, repository));
  const [row] = await db.select().from(incidentIssue).where(mine);
  return row;
}

/** Which of these numbers are issues of other incidents. */
export async function takenNumbers(
  db: Queryable,
  { incidentId, repository }: Pick<IncidentIssueRow, "incidentId" | "repository">,
  numbers: readonly number[],
): Promise<number[]> {
  if (numbers.length === 0) return [];
  const others = and(
    eq(incidentIssue.repository, repository),
    ne(incidentIssue.incidentId, incidentId),
    inArray(incidentIssue.number, [...numbers]),
  );
  const rows = await db.select({ number: incidentIssue.number }).from(incidentIssue).where(others);
  return rows.map(({ number }) => number);
}

export async function putMirror(db: Queryable, row: IncidentIssueRow): Promise<void> {
  await db.insert(incidentIssue).values(row).onConflictDoUpdate({ target: incidentIssue.incidentId, set: row });
}

export async function forgetMirror(db: Queryable, incidentId: string): Promise<void> {
  await db.delete(incidentIssue).where(eq(incidentIssue.incidentId, incidentId));
}
