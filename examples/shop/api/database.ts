import { readdir, readFile } from "node:fs/promises";
import pg from "pg";
import { log } from "./log.ts";

const MIGRATION_LOCK = 7_310_112;

export type Query = <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;

export interface Database {
  query: Query;
  /** Runs `work` in one transaction; rolled back when it throws. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  connections(): { total: number; idle: number; waiting: number };
  close(): Promise<void>;
}

/** The database does not answer: refused, restarting, out of connections, or too slow. */
export class DatabaseUnavailable extends Error {}

/** Opens a pool. A lost connection is logged and replaced; nothing here ends the process. */
export function openDatabase(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
    idleTimeoutMillis: 30_000,
  });
  pool.on("error", (error) => log("warn", "database connection lost", { reason: error.message }));

  async function transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch(rethrow);
    // A connection that breaks while it is lent out reports here as well; the running query rejects too.
    const onError = (error: Error) => log("warn", "database connection lost", { reason: error.message });
    client.on("error", onError);
    let failure: Error | undefined;
    try {
      await client.query("BEGIN");
      const result = await work(async (sql, values) => (await client.query(sql, values)).rows);
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch((reason: Error) => (failure = reason));
      return rethrow(error);
    } finally {
      client.off("error", onError);
      client.release(failure);
    }
  }

  return {
    query: async (sql, values) => (await pool.query(sql, values).catch(rethrow)).rows,
    transaction,
    connections: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}

/** Applies the files in `migrations/` that are not recorded yet. Safe when several replicas or two releases start at once. */
export async function migrate(database: Database): Promise<string[]> {
  const folder = new URL("./migrations/", import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return database.transaction(async (query) => {
    await query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await query(
      "CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    const done = new Set((await query<{ name: string }>("SELECT name FROM schema_migrations")).map((row) => row.name));
    const missing = files.filter((name) => !done.has(name));
    for (const name of missing) {
      await query(await readFile(new URL(name, folder), "utf8"));
      await query("INSERT INTO schema_migrations (name) VALUES ($1)", [name]);
    }
    return missing;
  });
}

/** Errors of the connection become `DatabaseUnavailable`; those of a statement (they carry an SQLSTATE) stay. */
function rethrow(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  if (error instanceof pg.DatabaseError && !/^(08|53|57)/.test(error.code ?? "")) throw error;
  const ofTheConnection =
    error instanceof pg.DatabaseError || "errno" in error || /connect|terminat|timeout|pool/i.test(error.message);
  throw ofTheConnection ? new DatabaseUnavailable(error.message, { cause: error }) : error;
}
