import type { Severity } from "../../contract/severity.ts";
import type { Queryable } from "../../store/connect.ts";
import { and, eq, inArray, ne, sql } from "../../store/drizzle.ts";
import { incident } from "../../store/tables/incidents.ts";
import { type IncidentIssueRow, incidentIssue } from "../../store/tables/issues.ts";
import { type Place, unclosed } from "../rows.ts";

const LOOK_MS = 60_000;

/**
 * Incidents whose issue is to be made or looked at, what nobody looked at for longest first: what has changed, and what is not over each minute. `now` in
 * epoch ms. What is kept quiet, or not severe enough, gets none; what has one keeps it.
 */
export async function dueIncidents(
  db: Queryable,
  { app, environment }: Place,
  {
    repository,
    severities,
    now,
    most,
  }: { repository: string; severities: readonly Severity[]; now: number; most: number },
): Promise<string[]> {
  const changed = sql`${incidentIssue.events} <> ${incident.events}`;
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
        sql`CASE WHEN ${incidentIssue.number} IS NULL THEN ${wanted} ELSE ${changed} OR (${stale}) OR (${unfinished}) END`,
      ),
    )
    .orderBy(sql`coalesce(${incidentIssue.lookedAt}, '-infinity')`, incident.severity, incident.openedAt)
    .limit(most);
  return rows.map(({ id }) => id);
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
