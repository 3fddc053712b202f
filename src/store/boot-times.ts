import type { Queryable } from "./connect.ts";
import { and, desc, eq, isNotNull, isNull, sql } from "./drizzle.ts";
import { unit } from "./tables/unit.ts";

const KEPT = 20;

/** Notes that a unit was found healthy; the first time counts. */
export async function noteHealthy(db: Queryable, id: string): Promise<void> {
  await db
    .update(unit)
    .set({ healthyAt: sql`clock_timestamp()` })
    .where(and(eq(unit.id, id), isNull(unit.healthyAt)));
}

/** How long the last 20 units of a service took from their start to their first healthy look, in ms; fewer where fewer were seen. */
export async function bootTimes(
  db: Queryable,
  { app, env, service }: { app: string; env: string; service: string },
): Promise<number[]> {
  const rows = await db
    .select({ ms: sql<number>`(extract(epoch FROM ${unit.healthyAt} - ${unit.createdAt}) * 1000)::float8` })
    .from(unit)
    .where(and(eq(unit.app, app), eq(unit.env, env), eq(unit.service, service), isNotNull(unit.healthyAt)))
    .orderBy(desc(unit.healthyAt))
    .limit(KEPT);
  return rows.map(({ ms }) => Math.max(0, ms));
}
