import { createHash } from "node:crypto";
import pg from "pg";
import { UserError } from "../../core/errors.ts";
import type { Store } from "../../store/connect.ts";
import type { Crew } from "./shards.ts";

/** Row of a worker older than this: it stands still or is cut off. By the clock of the database. */
const DEAD_AFTER_S = 15;
/** What does not answer for this long counts as lost, before others call us dead. */
const ANSWER_MS = 5_000;
const ROUNDS = 3;
/** Held by every worker, shared: a connection that has it belongs to one. */
const PRESENCE = 65;

/** A worker's own connection: its locks live and end with it. Every call rejects once the connection is lost. */
export interface Session {
  /** The server process that holds the locks. */
  backend: number;
  query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
  /** Who is there, and who holds which lock. */
  look(): Promise<Crew>;
  /** Locks those that are free; answers their new epochs by number. */
  take(locks: readonly number[], owner: string): Promise<Map<number, number>>;
  release(lock: number): Promise<void>;
  end(): Promise<void>;
}

interface SessionOptions {
  store: Pick<Store, "url" | "schema">;
  environment: string;
  /** A NOTIFY on the channel of `verdictChannel`. */
  onNotice(payload: string): void;
  onLost(): void;
}

/** What is said there of a verdict change. Anything that is neither this nor begins with RUN is the id of a worker that changed the checks. */
export const VERDICT = "";
/** Before the id of a check that whoever has it is to run now. */
export const RUN = "run ";

/** Where workers tell each other what changed. */
export function verdictChannel(schema: string): string {
  return `${schema}_verdicts`;
}

/** Opens the connection. Throws UserError `SM-WORKER-POOLER` where statements of one client reach several sessions of the server. */
export async function openSession({ store, environment, onNotice, onLost }: SessionOptions): Promise<Session> {
  const client = connection(store);
  let open = false;
  const lose = () => {
    if (!open) return;
    open = false;
    void client.end().catch(() => {});
    onLost();
  };
  client.on("error", lose);
  client.on("end", lose);
  client.on("notification", ({ payload = "" }) => onNotice(payload));
  const query = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> => {
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } catch (error) {
      // Without an answer nobody knows whether the locks are still held: they are given up, on both sides.
      if (!(error instanceof pg.DatabaseError)) lose();
      throw error;
    }
  };
  const { schema } = store;
  const space = lockSpace(schema, environment);
  try {
    await client.connect();
    await refusePooler(store, client);
    const [row] = await query<{ backend: number }>(
      "SELECT pg_backend_pid() AS backend, pg_try_advisory_lock_shared($1, $2)",
      [space, PRESENCE],
    );
    await query(`LISTEN ${verdictChannel(store.schema)}`, []);
    open = true;
    return {
      backend: row?.backend ?? 0,
      query,
      look: () => lookAt(query, { schema, environment }),
      take: async (locks, owner) => {
        try {
          return await take(query, space, { environment, locks, owner });
        } catch (error) {
          // A lock that is held without its epoch is run by nobody, and nobody else can have it.
          lose();
          throw error;
        }
      },
      release: async (lock) => void (await query("SELECT pg_advisory_unlock($1, $2)", [space, lock])),
      end: async () => {
        open = false;
        await client.end().catch(() => {});
      },
    };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

function connection({ url, schema }: Pick<Store, "url" | "schema">): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    application_name: "stationmaster-worker",
    options: `-c search_path=${schema},public -c timezone=UTC`,
  });
  client.on("error", () => {});
  return client;
}

/** Locks of PostgreSQL are those of a database: the first half of their number stands for the schema and the environment. */
function lockSpace(schema: string, environment: string): number {
  return createHash("sha256").update(`${schema}\0${environment}`).digest().readUInt32BE() >>> 1;
}

/**
 * A transaction pooler lends a session of the server for one transaction: the locks would stay with whoever gets it next. It shows
 * when another client works meanwhile: both see the same session, or one sees two.
 */
async function refusePooler(store: Pick<Store, "url" | "schema">, client: pg.Client): Promise<void> {
  const other = connection(store);
  try {
    await other.connect();
    const mine = await sessionOf(client);
    for (let round = 0; round < ROUNDS; round++) {
      await other.query("BEGIN");
      const theirs = await sessionOf(other);
      const again = theirs === mine ? null : await sessionOf(client);
      await other.query("ROLLBACK");
      if (again !== mine) throw pooled();
    }
  } finally {
    await other.end().catch(() => {});
  }
}

async function sessionOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return rows[0]?.pid ?? 0;
}

function pooled(): UserError {
  return new UserError({
    code: "SM-WORKER-POOLER",
    message:
      "DATABASE_URL leads to a pooler that changes the session between transactions, and locks do not survive that",
    next: "let DATABASE_URL name the database itself, or a pooler in session mode",
  });
}

type Query = Session["query"];

/** Who is there, and who holds which lock, as any connection sees it. */
export async function lookAt(
  query: Query,
  { schema, environment }: { schema: string; environment: string },
): Promise<Crew> {
  const locks = await query<{ lock: number; backend: number }>(
    `SELECT objid::int AS lock, pid AS backend FROM pg_locks
     WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid = $1
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [lockSpace(schema, environment)],
  );
  const rows = await query<{ id: string; role: "daemon" | "worker"; backend: number; fresh: boolean }>(
    `SELECT id, role, backend, seen_at > clock_timestamp() - interval '${DEAD_AFTER_S} s' AS fresh FROM worker WHERE environment = $1`,
    [environment],
  );
  const present = new Set(locks.flatMap(({ lock, backend }) => (lock === PRESENCE ? [backend] : [])));
  return {
    members: rows.map((row) => ({ ...row, connected: present.has(row.backend) })),
    held: new Map(locks.flatMap(({ lock, backend }) => (lock === PRESENCE ? [] : [[lock, backend] as const]))),
  };
}

/** The epoch is raised before anything is run under the lock; that waits for writes under the one before. */
async function take(
  query: Query,
  space: number,
  { environment, locks, owner }: { environment: string; locks: readonly number[]; owner: string },
): Promise<Map<number, number>> {
  const got = await query<{ lock: number }>(
    "SELECT lock FROM unnest($2::int[]) AS lock WHERE pg_try_advisory_lock($1, lock)",
    [space, locks],
  );
  if (got.length === 0) return new Map();
  const raised = await query<{ shard: number; epoch: string }>(
    `INSERT INTO shard AS s (environment, shard, epoch, owner) SELECT $1, lock, 1, $3 FROM unnest($2::int[]) AS lock
     ON CONFLICT (environment, shard) DO UPDATE SET epoch = s.epoch + 1, owner = excluded.owner RETURNING shard, epoch`,
    [environment, got.map(({ lock }) => lock), owner],
  );
  return new Map(raised.map(({ shard, epoch }) => [shard, Number(epoch)]));
}
