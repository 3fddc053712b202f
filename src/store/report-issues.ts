import type { Queryable } from "./connect.ts";
import { and, eq, inArray, sql } from "./drizzle.ts";
import { incidentIssue } from "./tables/issues.ts";
import { type ReportIssueRow, reportIssue } from "./tables/report-issues.ts";
import { type ActionItemRow, actionItem } from "./tables/reports.ts";

interface Place {
  app: string;
  environment: string;
}

/** The issue of a subject; undefined where it has none in this repository. */
export async function findReportIssue(
  db: Queryable,
  { app, environment, subject, repository }: Place & { subject: string; repository: string },
): Promise<ReportIssueRow | undefined> {
  const mine = and(
    ...[eq(reportIssue.app, app), eq(reportIssue.environment, environment), eq(reportIssue.subject, subject)],
    eq(reportIssue.repository, repository),
  );
  const [row] = await db.select().from(reportIssue).where(mine);
  return row;
}

/** The issues of these subjects. */
export async function listReportIssues(
  db: Queryable,
  { app, environment }: Place,
  subjects: readonly string[],
): Promise<Map<string, { number: number; url: string }>> {
  if (subjects.length === 0) return new Map();
  const mine = and(
    ...[eq(reportIssue.app, app), eq(reportIssue.environment, environment)],
    inArray(reportIssue.subject, [...subjects]),
  );
  const rows = await db.select().from(reportIssue).where(mine);
  return new Map(rows.map(({ subject, number, url }) => [subject, { number, url }]));
}

/** Stores what is known of an issue, in place of what was. */
export async function putReportIssue(db: Queryable, row: ReportIssueRow): Promise<void> {
  const { app, environment, subject } = reportIssue;
  await db
    .insert(reportIssue)
    .values(row)
    .onConflictDoUpdate({ target: [app, environment, subject], set: row });
}

/** Forgets an issue that is gone. */
export async function forgetReportIssue(db: Queryable, row: ReportIssueRow): Promise<void> {
  const { app, environment, subject } = reportIssue;
  await db.delete(reportIssue).where(and(eq(app, row.app), eq(environment, row.environment), eq(subject, row.subject)));
}

/** An action item to look at, with its issue and the number of that of its incident. */
export interface DueItem {
  item: ActionItemRow;
  issue: ReportIssueRow | null;
  incidentIssue: number | null;
}

/** Action items whose issue is to be made, ended, or looked at again since it was before `lookedBefore`; what waits longest first. */
export async function dueActionItems(
  db: Queryable,
  { app, environment }: Place,
  { repository, lookedBefore, most }: { repository: string; lookedBefore: Date; most: number },
): Promise<DueItem[]> {
  const itsIssue = and(
    ...[eq(reportIssue.app, app), eq(reportIssue.environment, environment), eq(reportIssue.subject, actionItem.id)],
    eq(reportIssue.repository, repository),
  );
  const ofIncident = and(eq(incidentIssue.incidentId, actionItem.incidentId), eq(incidentIssue.repository, repository));
  const isDue = sql`CASE WHEN ${reportIssue.number} IS NULL THEN ${actionItem.doneAt} IS NULL
    ELSE NOT ${reportIssue.settled} AND (${actionItem.doneAt} IS NOT NULL OR ${reportIssue.lookedAt} <= ${lookedBefore}) END`;
  return await db
    .select({ item: actionItem, issue: reportIssue, incidentIssue: incidentIssue.number })
    .from(actionItem)
    .leftJoin(reportIssue, itsIssue)
    .leftJoin(incidentIssue, ofIncident)
    .where(and(eq(actionItem.app, app), eq(actionItem.environment, environment), isDue))
    .orderBy(sql`coalesce(${reportIssue.lookedAt}, '-infinity')`, actionItem.due, actionItem.id)
    .limit(most);
}
