import pg from "pg";
import { UserError } from "../../core/errors.ts";
import type { Place } from "../../platforms/platform.ts";
import type { Limits } from "./types.ts";

const CONNECT_MS = 10_000;
const DEFAULT_PORT = 5_432;
const LOOPBACK = /^(?:127\.[\d.]+|\[::1\]|host\.docker\.internal)$/;
const CHECKS_CLIENT_SINCE = 140_000;

/** The address as PostgreSQL's own clients spell it (`postgresql+psycopg://` is SQLAlchemy's way); undefined for other databases. */
function postgresAddress(address: string | undefined): string | undefined {
  const [, rest] = /^postgres(?:ql)?(?:\+\w+)?(:\/\/.*)$/.exec(address ?? "") ?? [];
  return rest && `postgres${rest}`;
}

/** Where an address leads: what is before its host, the host, what is after the port. */
const PARTS = /^(postgres:\/\/(?:[^@/]*@)?)(\[[^\]]*\]|[^:/?]*)(?::(\d+))?(.*)$/;

/**
 * The address by which this machine reaches the database of an application: the application's own, unless `elsewhere` (it runs in a
 * container or on another machine) and the address means the machine one is on, or a name without a dot, which only its own network
 * knows: here they would be another database.
 */
export function reachableAddress(address: string | undefined, elsewhere: boolean): string | undefined {
  const plain = postgresAddress(address);
  const host = PARTS.exec(plain ?? "")?.[2] ?? "";
  return elsewhere && (/^[^.[]*$/.test(host) || LOOPBACK.test(host)) ? undefined : plain;
}

/** The name and port of an address that only the application's own network knows; undefined where it is another kind of address. */
export function insidePlace(address: string | undefined): Place | undefined {
  const [, , host = "", port = String(DEFAULT_PORT)] = PARTS.exec(postgresAddress(address) ?? "") ?? [];
  return /^[^.[]+$/.test(host) && host !== "localhost" ? { host, port: Number(port) } : undefined;
}

/** The same database, asked elsewhere. */
export function withPlace(address: string, { host, port }: Place): string | undefined {
  return postgresAddress(address)?.replace(
    PARTS,
    (_all, before, _host, _port, after) => `${before}${host}:${port}${after}`,
  );
}

/** The same server, another database. */
export function withDatabase(address: string, name: string): string {
  return address.replace(/^([^:]+:\/\/[^/?]*)\/?[^/?]*/, `$1/${name}`);
}

/** A connection of its own; the server notices within seconds when we are gone, and rolls back. */
export async function connect(address: string, application: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: address,
    application_name: application,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  });
  // What dies while nobody asks it anything is noticed by the next question.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
    if (Number(rows[0]?.version) >= CHECKS_CLIENT_SINCE)
      // Not on every operating system.
      await client.query("set client_connection_check_interval = '2s'").catch(() => {});
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Does the work on a connection of its own and closes it. */
export async function withConnection<T>(
  address: string,
  application: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(address, application);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Does the work with a session in a database, or without one and with the reason why there is none. */
export async function withSession<T>(
  { reachable, redact }: { reachable: string | undefined; redact(text: string): string },
  work: (client: pg.Client | undefined, why: string) => Promise<T>,
): Promise<T> {
  if (reachable === undefined) return await work(undefined, "it has no address that leads there from this machine");
  let client: pg.Client;
  try {
    client = await connect(reachable, "stationmaster");
  } catch (error) {
    return await work(undefined, redact(error instanceof Error ? error.message : String(error)));
  }
  try {
    return await work(client, "");
  } finally {
    await client.end().catch(() => {});
  }
}

/** Ends the running statement when the signal aborts, by asking the server over another connection; answers how to stop listening. */
export function cancelOnAbort(client: pg.Client, address: string, signal: AbortSignal): () => void {
  const pid = (client as pg.Client & { processID: number | null }).processID;
  const cancel = () => {
    withConnection(address, "stationmaster", (other) => other.query("select pg_cancel_backend($1)", [pid])).catch(
      () => {},
    );
  };
  signal.addEventListener("abort", cancel, { once: true });
  return () => signal.removeEventListener("abort", cancel);
}

/** For the statements from here on. `local`: to the end of the transaction. */
export async function setLimits(
  client: pg.ClientBase,
  { lockMs, statementMs }: Pick<Limits, "lockMs" | "statementMs">,
  local: boolean,
): Promise<void> {
  await client.query("select set_config('lock_timeout', $1, $3), set_config('statement_timeout', $2, $3)", [
    String(lockMs),
    String(statementMs),
    local,
  ]);
}

/** The sessions of a migration in the database, so that one can tell them from others. PostgreSQL keeps 63 characters. */
export function applicationName({ app, env }: { app: string; env: string }): string {
  return `stationmaster migrate ${app}/${env}`.replace(/[^\w ./-]/g, "_").slice(0, 63);
}

export function unreachable(service: string, why: string): UserError {
  return new UserError({
    code: "SM-MIGRATION-DATABASE",
    message: `${service}: the database of the migrations cannot be reached from here: ${why}`,
    next: "correct `migrate.database`, give a database of the Compose file one host only, or use a tool that runs beside the service",
  });
}
