import type { IncidentStorm } from "../contract/incident.ts";
import type { Queryable } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import type { Place, Span } from "./figures.ts";

type Member = IncidentStorm["members"][number];

/** Incidents that began in the span and that this one explains: it keeps them quiet, or they need what it is about. */
export async function readExplained(
  db: Queryable,
  { app, environment }: Place,
  { id, from, until }: Span & { id: string },
): Promise<Member[]> {
  const time = (at: number) => sql`${new Date(at).toISOString()}::timestamptz`;
  const { rows } = await db.execute<{ [K in keyof Member]: Member[K] }>(sql`
    SELECT other.id, coalesce(other.service, other.component) AS service, other.symptom, other.state
    FROM incident AS other JOIN incident AS head ON head.id = ${id} AND other.id <> head.id
    WHERE other.app = ${app} AND other.environment = ${environment}
      AND other.onset >= ${time(from)} AND other.onset < ${time(until)}
      AND (other.suppressed->'by' ? head.id OR other.needs ? coalesce(head.service, head.component))
    ORDER BY other.onset, other.id`);
  return rows;
}
