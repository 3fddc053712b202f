import { createHash } from "node:crypto";
import pg from "pg";
import { ExternalError, systemCode, UserError } from "../../core/errors.ts";

const CONNECT_MS = 10_000;
/** Copying a template copies its files. */
const COPY_MS = 10 * 60_000;
/** A name in PostgreSQL. */
const LONGEST = 63;

type Refusal = (name: string, template: string) => { code: string; message: string; next: string };

/** SQLSTATE: the template has connections; a database of that name exists; the account may not; there is no such database. */
const REFUSALS: Record<"55006" | "42P04" | "42501" | "3D000", Refusal> = {
  "55006": (_, template) => ({
    code: "SM-PREVIEW-TEMPLATE",
    message: `the template ${template} has connections, and PostgreSQL copies only what nobody is connected to`,
    next: `name a database that nobody uses, for example a restored backup: createdb ${template}_copy, then pg_restore`,
  }),
  "42P04": (name) => ({
    code: "SM-PREVIEW-DATABASE",
    message: `there is a database ${name} already, which was not made here`,
    next: "look at it; rename or drop it",
  }),
  "42501": (name) => ({
    code: "SM-PREVIEW-DATABASE",
    message: `the account may not make the database ${name}`,
    next: "ALTER ROLE … CREATEDB, or give stores.….preview.url an account that may",
  }),
  "3D000": (_, template) => ({
    code: "SM-PREVIEW-TEMPLATE",
    message: `there is no database ${template}`,
    next: "make it, or correct `template`",
  }),
};

function refusalOf(cause: unknown): Refusal | undefined {
  const code = systemCode(cause);
  return code !== undefined && Object.hasOwn(REFUSALS, code) ? REFUSALS[code as keyof typeof REFUSALS] : undefined;
}

/** The database of a preview's store: `<app>_<env>_<store>`, cut with a hash where that is too long. Names of the manifest have no underscore. */
export function databaseName({ app, env }: { app: string; env: string }, store: string): string {
  const name = `${app}_${env}_${store}`;
  if (name.length <= LONGEST) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 10);
  return `${name.slice(0, LONGEST - hash.length - 1)}_${hash}`;
}

/** `scheme://user:password@host`, which is empty behind the `@` where the server is reached through a socket; then the database. */
const ADDRESS = /^([a-z]+:\/\/[^/?]*)(?:\/([^?]*))?/;

/** The same server, another database. */
export function onDatabase(address: string, database: string): string {
  return address.replace(ADDRESS, (_, server: string) => `${server}/${encodeURIComponent(database)}`);
}

/** The address a preview's services get instead of the store's own. Throws where it has no database of its own: never the store's. */
export function previewAddress(
  address: string,
  { env, databases }: { env: string; databases: Record<string, string> },
  store: string,
): string {
  const database = databases[store];
  if (database !== undefined) return onDatabase(address, database);
  throw new UserError({
    code: "SM-PREVIEW-DATABASE",
    message: `${env} has no database for the store ${store}`,
    next: `add stores.${store}.preview.template, then stationmaster preview wake ${env}`,
  });
}

/**
 * Makes a database as a copy of a template. `begun` says that an earlier attempt may have made it; otherwise one of that name is
 * somebody else's, and `record` is called before ours is made. Throws `SM-PREVIEW-TEMPLATE` and `SM-PREVIEW-DATABASE` with what
 * to do.
 */
export async function copyDatabase(
  address: string,
  { name, template, begun, record }: { name: string; template: string; begun: boolean; record(): Promise<void> },
): Promise<void> {
  await onServer(address, template, async (client) => {
    const found = (await client.query("select from pg_database where datname = $1", [name])).rowCount === 1;
    if (found && begun) return;
    if (found) throw new UserError(REFUSALS["42P04"](name, template));
    if (!begun) await record();
    await client.query(`create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}`);
  }).catch((error: unknown) => {
    const refusal = error instanceof ExternalError ? refusalOf(error.cause) : undefined;
    throw refusal ? new UserError({ ...refusal(name, template), cause: error }) : error;
  });
}

/** Drops a database with whoever is connected to it; one that is gone is fine. */
export async function dropDatabase(address: string, name: string): Promise<void> {
  await onServer(address, name, async (client) => {
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  });
}

/** Connects to a database that is not the one the work is about: nobody may be connected to that. */
async function onServer(address: string, apart: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const own = decodeURIComponent(ADDRESS.exec(address)?.[2] ?? "");
  const client = new pg.Client({
    connectionString: own === "" || own === apart ? onDatabase(address, "postgres") : address,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: COPY_MS,
    application_name: "stationmaster-previews",
  });
  client.on("error", () => {});
  try {
    await client.connect();
    await work(client);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new ExternalError({
      code: "SM-PREVIEW-DATABASE",
      message: `the server of the previews' databases: ${cause instanceof Error ? cause.message : String(cause)}`,
      next: "check stores.….preview.url, or the store's url",
      retryable: true,
      cause,
    });
  } finally {
    await client.end().catch(() => {});
  }
}
