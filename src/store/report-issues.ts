import type { Queryable } from "./connect.ts";
import { and, asc, eq, inArray, notInArray, sql } from "./drizzle.ts";
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

function issueOfItem({ app, environment }: Place, repository: string) {
  return and(
    ...[eq(reportIssue.app, app), eq(reportIssue.environment, environment), eq(reportIssue.subject, actionItem.id)],
    eq(reportIssue.repository, repository),
  );
}

/** An action item to look at, with its issue and the number of that of its incident. */
export interface DueItem {
  item: ActionItemRow;
  issue: ReportIssueRow | null;
  incidentIssue: number | null;
}

/** Action items whose issue is to be made, ended, or looked at again since it was before `lookedBefore`, but not those with the ids in `except`; what waits longest first. */
export async function dueActionItems(
  db: Queryable,
  { app, environment }: Place,
  {
    repository,
    lookedBefore,
    except,
    most,
  }: { repository: string; lookedBefore: Date; except: readonly string[]; most: number },
): Promise<DueItem[]> {
  const ofIncident = and(eq(incidentIssue.incidentId, actionItem.incidentId), eq(incidentIssue.repository, repository));
  const isDue = sql`CASE WHEN ${reportIssue.number} IS NULL THEN ${actionItem.doneAt} IS NULL
    ELSE NOT ${reportIssue.settled} AND (${actionItem.doneAt} IS NOT NULL OR ${reportIssue.lookedAt} <= ${lookedBefore}) END`;
  return await db
    .select({ item: actionItem, issue: reportIssue, incidentIssue: incidentIssue.number })
    .from(actionItem)
    .leftJoin(reportIssue, issueOfItem({ app, environment }, repository))
    .leftJoin(incidentIssue, ofIncident)
    .where(
      and(
        eq(actionItem.app, app),
        eq(actionItem.environment, environment),
        notInArray(actionItem.id, [...except]),
        isDue,
      ),
    )
    .orderBy(sql`coalesce(${reportIssue.lookedAt}, '-infinity')`, actionItem.due, actionItem.id)
    .limit(most);
}

/** What is left to do after an incident, with the number of its issue in the repository; what is due first comes first. */
export type FollowUp = Pick<ActionItemRow, "id" | "text" | "owner" | "due" | "doneAt"> & { number: number | null };

/** The action items of an incident. */
export async function listFollowUps(
  db: Queryable,
  { app, environment, repository, incidentId }: Place & { repository: string; incidentId: string },
): Promise<FollowUp[]> {
  const { id, text, owner, due, doneAt } = actionItem;
  return await db
    .select({ id, text, owner, due, doneAt, number: reportIssue.number })
    .from(actionItem)
    .leftJoin(reportIssue, issueOfItem({ app, environment }, repository))
    .where(and(eq(actionItem.incidentId, incidentId), eq(actionItem.app, app)))
    .orderBy(asc(due), asc(id));
}
