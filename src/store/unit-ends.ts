import type { Queryable } from "./connect.ts";
import { inArray, sql } from "./drizzle.ts";
import { type UnitEndRow, unitEnd } from "./tables/unit.ts";

const KEPT_DAYS = 7;
/** Of one service on one host. */
const MOST_KEPT = 20;

interface EndsOf {
  app: string;
  env: string;
  service: string;
  release?: string | undefined;
  host?: string | undefined;
  since: Date;
}

/** Keeps what is left of a unit, and forgets what is too old or too much. The first word on a unit counts: a later one is about its removal. */
export async function keepUnitEnd(db: Queryable, row: Omit<UnitEndRow, "at">): Promise<void> {
  await db.insert(unitEnd).values(row).onConflictDoNothing();
  await db.execute(sql`
    delete from unit_end where at < now() - make_interval(days => ${KEPT_DAYS}) or unit_id in (
      select unit_id from (
        select e.unit_id, row_number() over (
          partition by u.app, u.env, u.service, u.address->>'host' order by e.at desc, e.unit_id) as place
        from unit_end e join unit u on u.id = e.unit_id) as ends
      where place > ${MOST_KEPT})`);
}

/** What is left of those units, by id; those of which nothing is kept are not in it. */
export async function unitEnds(db: Queryable, ids: readonly string[]): Promise<Map<string, UnitEndRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(unitEnd)
    .where(inArray(unitEnd.unitId, [...ids]));
  return new Map(rows.map((row) => [row.unitId, row]));
}

/**
 * How often one replica of a service ended by itself since then, that of them which did most often. Only of one release, where it is
 * named, and of units that users had: a release that never came up is no crash of the service.
 */
export async function mostEnds(db: Queryable, { app, env, service, release, host, since }: EndsOf): Promise<number> {
  const { rows } = await db.execute<{ most: number | null }>(sql`
    select max(ends)::int as most from (
      select count(*) as ends from unit_end e join unit u on u.id = e.unit_id
      where u.app = ${app} and u.env = ${env} and u.service = ${service} and u.role = 'stable'
        and e.exit is not null and e.at > ${since.toISOString()}::timestamptz
        and (${release ?? null}::text is null or u.release = ${release ?? null})
        and (${host ?? null}::text is null or u.address->>'host' = ${host ?? null})
      group by u.address->>'host', u.ordinal) as replicas`);
  return rows[0]?.most ?? 0;
}
