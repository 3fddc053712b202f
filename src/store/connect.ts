import { fileURLToPath } from "node:url";
import pg from "pg";
import { Bug, ExternalError, isKnownError, systemCode } from "../core/errors.ts";
import { drizzle, migrate, type NodePgDatabase } from "./drizzle.ts";

const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));
const MIGRATION_LOCK = 0x53_4d_01;
const CONNECT_DEADLINE_MS = 10_000;
const STATEMENT_DEADLINE_MS = 30_000;
/** A transaction of a client that is cut off would hold its rows for hours; it ends before other workers call that client dead. */
const IDLE_TRANSACTION_MS = 10_000;

/** The open database. `db` for queries; `pool` for LISTEN, advisory locks and raw statements. */
export interface Store {
  url: string;
  /** The PostgreSQL schema that holds the tables. */
  schema: string;
  pool: pg.Pool;
  db: NodePgDatabase;
  close(): Promise<void>;
}

export type Transaction = Parameters<Parameters<NodePgDatabase["transaction"]>[0]>[0];
/** What a query function accepts: the store's `db` or a transaction. */
export type Queryable = NodePgDatabase | Transaction;

const SCHEMA = /^[a-z][a-z0-9_]{0,48}$/;

/** Connects, brings the tables of `schema` up to date under an advisory lock, and answers the open store. */
export async function openStore({ url, schema = "stationmaster" }: { url: string; schema?: string }): Promise<Store> {
  if (!SCHEMA.test(schema)) throw new Bug({ code: "SM-BUG", message: `"${schema}" is no schema name` });
  const pool = new pg.Pool({
    connectionString: url,
    max: 12,
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
    statement_timeout: STATEMENT_DEADLINE_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    application_name: "stationmaster",
    options: `-c search_path=${schema},public -c timezone=UTC`,
  });
  // A connection that dies is replaced by the next query, and what was under way on it is told so; without these listeners it would
  // end the process, while idle and within a transaction: the pool takes its own off one that is in use.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  try {
    await applyMigrations(pool, schema);
  } catch (cause) {
    await pool.end().catch(() => {});
    throw storeError(cause);
  }
  return { url, schema, pool, db: drizzle(pool), close: () => pool.end() };
}

async function applyMigrations(pool: pg.Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await client.query(`create schema if not exists ${schema}`);
    await migrate(drizzle(client), {
      migrationsFolder: MIGRATIONS,
      migrationsSchema: schema,
      migrationsTable: "migration",
    });
  } finally {
    await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]).catch(() => {});
    client.release();
  }
}

/** Names a database failure without its address (that may hold a password). */
export function storeError(cause: unknown): Error {
  if (isKnownError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ExternalError({
    code: "SM-STORE-CONNECT",
    message: `the database did not answer: ${reason || systemCode(cause) || "no reason given"}`,
    next: "check DATABASE_URL, or unset it to use the embedded server",
    retryable: true,
    cause,
  });
}
