import type { Queryable } from "./connect.ts";
import { sql } from "./drizzle.ts";

/** Requests and errors of one release of a service, to be added to the minute that runs now. */
export interface CountedTraffic {
  service: string;
  release: string;
  requests: number;
  errors: number;
}

/** Adds to the current minute (the database's clock) and forgets what is older than a day. */
export async function addTraffic(
  db: Queryable,
  { app, env }: { app: string; env: string },
  counted: readonly CountedTraffic[],
): Promise<void> {
  await db.execute(sql`
    insert into traffic_minute as t (app, env, service, release, minute, requests, errors)
    select ${app}, ${env}, x.service, x.release, date_trunc('minute', now()), x.requests, x.errors
    from jsonb_to_recordset(${JSON.stringify(counted)}::jsonb) as x(service text, release text, requests bigint, errors bigint)
    on conflict (app, env, service, release, minute) do update set
      requests = t.requests + excluded.requests, errors = t.errors + excluded.errors`);
  await db.execute(
    sql`delete from traffic_minute where app = ${app} and env = ${env} and minute < now() - interval '1 day'`,
  );
}

/** What a service (or one release of it) answered in the last `withinMs`; `seconds` is the part of that time that was counted, 0 when none was. */
export async function readTraffic(
  db: Queryable,
  {
    app,
    env,
    service,
    release,
    withinMs,
  }: { app: string; env: string; service: string; release?: string; withinMs: number },
): Promise<{ requests: number; errors: number; seconds: number }> {
  const result = await db.execute<{ requests: number; errors: number; seconds: number }>(sql`
    select coalesce(sum(requests), 0)::float8 requests, coalesce(sum(errors), 0)::float8 errors,
      coalesce(extract(epoch from now() - min(minute)), 0)::float8 seconds
    from traffic_minute
    where app = ${app} and env = ${env} and service = ${service} and release = coalesce(${release ?? null}, release)
      and minute > now() - ${withinMs} * interval '1 ms'`);
  return result.rows[0] ?? { requests: 0, errors: 0, seconds: 0 };
}
