import { join } from "node:path";
import pg from "pg";
import { ExternalError } from "../../core/errors.ts";
import { type EmbeddedServer, startEmbedded, stopEmbedded } from "../../store/embedded.ts";

/**
 * PostgreSQL servers for the stores of a manifest that have no `url`: one server, a database and a role for each store. From the
 * call of `stopAll` on none is started (`SM-DATABASES-STOPPING`).
 */
export function createDatabases({ stateDir }: { stateDir: string }) {
  const dir = join(stateDir, "stores");
  let starting: Promise<EmbeddedServer> | undefined;
  let stopping = false;

  async function server(): Promise<EmbeddedServer> {
    starting = startEmbedded({ dir });
    try {
      return await starting;
    } finally {
      starting = undefined;
    }
  }

  async function ensure(store: string): Promise<string> {
    if (stopping)
      throw new ExternalError({
        code: "SM-DATABASES-STOPPING",
        message: "the databases are being stopped",
        next: "start them again with stationmaster up",
      });
    const running = await (starting ?? server());
    const name = store.replaceAll("-", "_");
    const client = new pg.Client({
      connectionString: running.url(),
      connectionTimeoutMillis: 10_000,
      statement_timeout: 30_000,
    });
    // A server that ends in the middle fails the query; without a listener it would end this process.
    client.on("error", () => {});
    await client.connect();
    try {
      const role = await client.query("select 1 from pg_roles where rolname = $1", [name]);
      if (role.rowCount === 0) await client.query(`create role ${client.escapeIdentifier(name)} login`);
      const database = await client.query("select 1 from pg_database where datname = $1", [name]);
      if (database.rowCount === 0)
        await client.query(`create database ${client.escapeIdentifier(name)} owner ${client.escapeIdentifier(name)}`);
    } finally {
      await client.end();
    }
    return `postgres://${name}@/${name}?host=${encodeURIComponent(running.socketDir)}`;
  }

  async function stopAll(): Promise<void> {
    stopping = true;
    await starting?.catch(() => {});
    await stopEmbedded({ dir });
  }

  return { ensure, stopAll };
}
