import type { Mean } from "../contract/report.ts";
import type { Queryable, Store } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";

export interface Place {
  app: string;
  environment: string;
}
/** Epoch ms; the end does not belong to it. */
export interface Span {
  from: number;
  until: number;
}

const NOISIEST = 10;

function inSpan(column: string, { from, until }: Span) {
  const time = (at: number) => sql`${new Date(at).toISOString()}::timestamptz`;
  return sql`${sql.identifier(column)} >= ${time(from)} AND ${sql.identifier(column)} < ${time(until)}`;
}

type Times = Record<`${"detect" | "acknowledge" | "restore"}_${"ms" | "n"}`, number | null>;

interface IncidentFigures {
  all: number;
  acted: number;
  detect: Mean;
  acknowledge: Mean;
  restore: Mean;
}

/**
 * Incidents that opened in the span, and mean times in ms, of their last occurrence: from the first failed run to the open incident, from there to the person
 * who took it, and from the first failed run until all passed again. `acted`: healing touched the service or its sessions, or a person took it.
 */
export async function readIncidentFigures(db: Queryable, place: Place, span: Span): Promise<IncidentFigures> {
  const mean = (name: string, from: string, to: string) => sql`
    avg(extract(epoch FROM ${sql.raw(to)} - ${sql.raw(from)}) * 1000)::float8 AS ${sql.identifier(`${name}_ms`)},
    count(${sql.raw(to)})::int AS ${sql.identifier(`${name}_n`)}`;
  const { rows } = await db.execute<{ all: number; acted: number } & Times>(sql`
    SELECT count(*)::int AS all,
      count(*) FILTER (WHERE acknowledged_at IS NOT NULL OR EXISTS (
        SELECT FROM heal_action a WHERE a.incident_id = incident.id AND a.remedy <> 'escalate'
          AND a.outcome IN ('running', 'succeeded', 'failed')))::int AS acted,
      ${mean("detect", "onset", "detected_at")},
      ${mean("acknowledge", "detected_at", "acknowledged_at")},
      ${mean("restore", "onset", "coalesce(mitigated_at, resolved_at)")}
    FROM incident WHERE app = ${place.app} AND environment = ${place.environment} AND state <> 'suspect'
      AND ${inSpan("opened_at", span)}`);
  const [row] = rows;
  const meanOf = (name: "detect" | "acknowledge" | "restore"): Mean => ({
    ms: row?.[`${name}_ms`] ?? null,
    n: row?.[`${name}_n`] ?? 0,
  });
  return {
    ...{ all: row?.all ?? 0, acted: row?.acted ?? 0 },
    ...{ detect: meanOf("detect"), acknowledge: meanOf("acknowledge"), restore: meanOf("restore") },
  };
}

type Noisy = { key: string; service: string; symptom: string; incidents: number; messages: number };

/** The keys that called people most: by messages that were delivered, then by incidents. */
export async function readNoisiest(db: Queryable, place: Place, span: Span): Promise<Noisy[]> {
  const { rows } = await db.execute<{ [K in keyof Noisy]: Noisy[K] }>(sql`
    SELECT key, (array_agg(coalesce(service, component) ORDER BY opened_at DESC))[1] AS service,
      (array_agg(symptom ORDER BY opened_at DESC))[1] AS symptom, count(*)::int AS incidents,
      coalesce(sum((SELECT count(*) FROM outbox o WHERE o.incident_id = incident.id AND o.state = 'delivered')), 0)::int AS messages
    FROM incident WHERE app = ${place.app} AND environment = ${place.environment} AND state <> 'suspect'
      AND ${inSpan("opened_at", span)}
    GROUP BY key ORDER BY messages DESC, incidents DESC, key LIMIT ${NOISIEST}`);
  return rows;
}

/** Bytes of the tables and indexes of the store; null where that may not be asked. */
export async function readStoreBytes({ db }: Pick<Store, "db">): Promise<number | null> {
  const { rows } = await db.execute<{ bytes: number | null }>(sql`
    SELECT sum(pg_total_relation_size(c.oid))::float8 AS bytes FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'm')`);
  return rows[0]?.bytes ?? null;
}

/** When each check passed last (epoch ms), within what is kept. */
export async function readLastPassed(db: Queryable, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ id: string; at: number }>(sql`
    SELECT check_id AS id, max(extract(epoch FROM at))::float8 * 1000 AS at FROM (
      SELECT check_id, minute AS at, ok, slow FROM bucket_minute UNION ALL SELECT check_id, at, ok, slow FROM bucket_hour
      UNION ALL SELECT check_id, at, ok, slow FROM bucket_day) AS piece
    WHERE check_id = ANY (${sql.param([...ids])}::text[]) AND ok + slow > 0 GROUP BY 1`);
  return new Map(rows.map(({ id, at }) => [id, at]));
}
