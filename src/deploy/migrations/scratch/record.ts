import type pg from "pg";
import { sqlState } from "../../../store/sql-state.ts";

const SCHEMA = "stationmaster_scratch";
const NOT_ALLOWED = "42501";

/**
 * From here on the scratch database keeps the statements that change its schema (event trigger) or its rows (triggers on the tables
 * there are). That needs neither the server's log nor one of its settings, but an event trigger wants a superuser: false where we are none.
 * LOCK, VACUUM and CLUSTER are not seen.
 */
export async function startRecording(client: pg.Client, ledgers: readonly string[]): Promise<boolean> {
  await client.query(`
    create schema ${SCHEMA};
    create table ${SCHEMA}.statement (n bigint generated always as identity, at timestamptz, pid int, sql text);
    create function ${SCHEMA}.note() returns void language sql as
      $$ insert into ${SCHEMA}.statement (at, pid, sql) values (statement_timestamp(), pg_backend_pid(), current_query()) $$;
    create function ${SCHEMA}.on_ddl() returns event_trigger language plpgsql as
      $$ begin perform ${SCHEMA}.note(); end $$;
    create function ${SCHEMA}.on_rows() returns trigger language plpgsql as
      $$ begin perform ${SCHEMA}.note(); return null; end $$;`);
  const { rows } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace s on s.oid = c.relnamespace
     where c.relkind in ('r', 'p') and s.nspname not in ('pg_catalog', 'information_schema', $1) and s.nspname not like 'pg_toast%'`,
    [SCHEMA],
  );
  for (const { name } of rows)
    if (!ledgers.includes(name))
      await client.query(
        `create trigger ${SCHEMA} before update or delete or truncate on ${name} for each statement execute function ${SCHEMA}.on_rows()`,
      );
  try {
    await client.query(`create event trigger ${SCHEMA} on ddl_command_end execute function ${SCHEMA}.on_ddl()`);
    return true;
  } catch (error) {
    if (sqlState(error) === NOT_ALLOWED) return false;
    throw error;
  }
}

/** What was sent since, in order. Several statements that came as one text are one. */
export async function recordedStatements(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ sql: string }>(
    `select sql from ${SCHEMA}.statement group by pid, at, sql order by min(n)`,
  );
  return rows.map(({ sql }) => sql);
}
