import type { Queryable } from "./connect.ts";
import { and, desc, eq, gte, lt } from "./drizzle.ts";
import { channelTest, type DrillRow, drill, report } from "./tables/reports.ts";

interface Place {
  app: string;
  environment: string;
}

type Kind = "daily" | "audit";

/** Stores a report unless there is one of its period; answers whether it did. */
export async function insertReport(
  db: Queryable,
  row: Place & { kind: Kind; period: string; madeAt: Date; data: Record<string, unknown> },
): Promise<boolean> {
  return (await db.insert(report).values(row).onConflictDoNothing().returning({ kind: report.kind })).length > 0;
}

/** The newest report of a kind, of one period or before one; undefined where there is none. */
export async function findReport(
  db: Queryable,
  { app, environment, kind, period, before }: Place & { kind: Kind; period?: string | undefined; before?: string },
): Promise<Record<string, unknown> | undefined> {
  const [row] = await db
    .select({ data: report.data })
    .from(report)
    .where(
      and(
        ...[eq(report.app, app), eq(report.environment, environment), eq(report.kind, kind)],
        period === undefined ? undefined : eq(report.period, period),
        before === undefined ? undefined : lt(report.period, before),
      ),
    )
    .orderBy(desc(report.period))
    .limit(1);
  return row?.data;
}

/** The reports that are kept, the newest first. */
export async function listReports(
  db: Queryable,
  { app, environment, most }: Place & { most: number },
): Promise<{ kind: Kind; period: string; madeAt: Date }[]> {
  return await db
    .select({ kind: report.kind, period: report.period, madeAt: report.madeAt })
    .from(report)
    .where(and(eq(report.app, app), eq(report.environment, environment)))
    .orderBy(desc(report.madeAt), desc(report.period))
    .limit(most);
}

/** Stores how a drill went. */
export async function insertDrill(db: Queryable, row: DrillRow): Promise<void> {
  await db.insert(drill).values(row);
}

/** Drills that began since then, the newest first. */
export async function drillsSince(db: Queryable, { app, environment }: Place, since: Date): Promise<DrillRow[]> {
  return await db
    .select()
    .from(drill)
    .where(and(eq(drill.app, app), eq(drill.environment, environment), gte(drill.begunAt, since)))
    .orderBy(desc(drill.begunAt));
}

/** Stores how tests of channels went. */
export async function insertChannelTests(db: Queryable, rows: (typeof channelTest.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await db.insert(channelTest).values(rows).onConflictDoNothing();
}

/** The last test of each channel. */
export async function lastChannelTests(db: Queryable, app: string): Promise<(typeof channelTest.$inferSelect)[]> {
  return await db
    .selectDistinctOn([channelTest.channel])
    .from(channelTest)
    .where(eq(channelTest.app, app))
    .orderBy(channelTest.channel, desc(channelTest.at));
}
