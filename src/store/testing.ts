import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { openStore, type Store, type Transaction } from "./connect.ts";
import { sql } from "./drizzle.ts";
import { type EmbeddedServer, startEmbedded } from "./embedded.ts";

export interface TestStore extends Store {
  /** Closes the pool and drops the database. */
  drop(): Promise<void>;
}

/** A migrated database of its own on the test run's server (`TEST_STORE_URL`, set by the vitest global set-up, else one started here). */
export async function openTestStore(): Promise<TestStore> {
  const database = await createTestDatabase();
  const store = await openStore({ url: database.url });
  return {
    ...store,
    drop: async () => {
      await store.close();
      await database.drop();
    },
  };
}

/** An empty database on the same server. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const base = process.env.TEST_STORE_URL ?? (await ownServer()).url();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await admin(base, `create database ${name}`);
  return {
    url: withDatabase(base, name),
    drop: () => admin(base, `drop database if exists ${name} with (force)`),
  };
}

/** What a read answers, and how many rows of the table were read for it. */
export async function rowsRead<T>(
  { db }: Pick<Store, "db">,
  table: string,
  read: (tx: Transaction) => Promise<T>,
): Promise<{ found: T; rows: number }> {
  return await db.transaction(async (tx) => {
    // What a parallel worker reads is counted at its end only.
    await tx.execute(sql`SET LOCAL max_parallel_workers_per_gather = 0`);
    const count = async () => {
      const { rows } = await tx.execute<{ n: number }>(sql`
        SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS n FROM pg_stat_xact_user_tables WHERE relname = ${table}`);
      return rows[0]?.n ?? 0;
    };
    // The connection has counted before, and not handed in yet.
    const before = await count();
    const found = await read(tx);
    return { found, rows: (await count()) - before };
  });
}

let own: Promise<EmbeddedServer> | undefined;
async function ownServer(): Promise<EmbeddedServer> {
  own ??= startTestServer().then(({ server }) => server);
  return await own;
}

/** Starts an embedded server in a temporary folder for one test run. */
export async function startTestServer(): Promise<{ server: EmbeddedServer; stop(): Promise<void> }> {
  const dir = await mkdtemp(join("/tmp", "stationmaster-test-"));
  // The server of a root user runs as another account: without this its data would lie in a system folder.
  await chmod(dir, 0o711);
  const server = await startEmbedded({ dir });
  const stop = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { server, stop };
}

async function admin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

function withDatabase(url: string, name: string): string {
  return url.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
}
