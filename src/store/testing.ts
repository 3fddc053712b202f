import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { openStore, type Store } from "./connect.ts";
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
