import { randomBytes } from "node:crypto";
import type pg from "pg";
import { connect, withConnection, withDatabase } from "../database.ts";
import { copyRows, dumpSchema, findDump } from "./dump.ts";

const PREFIX = "stationmaster_scratch_";
const STALE_S = 3_600;

export interface Scratch {
  /** Of the scratch database, as this machine reaches it. */
  address: string;
  name: string;
  /** Lets connections in, or nobody at all: superusers neither. */
  open(allowed: boolean): Promise<void>;
}

/** There is no scratch database to be had, or none that is like the target; the message says why. */
export class NoScratch extends Error {}

/** An empty database on the target's server for the time of the work. */
export async function withScratch<T>(address: string, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const admin = await connect(address, "stationmaster");
  const name = `${PREFIX}${Math.floor(Date.now() / 1_000)}_${randomBytes(4).toString("hex")}`;
  try {
    await dropStale(admin);
    await admin.query(`create database ${name}`).catch((cause: unknown) => {
      throw new NoScratch(`no scratch database could be made: ${reasonOf(cause)}`, { cause });
    });
    const open = async (allowed: boolean) => {
      await admin.query(`alter database ${name} with allow_connections ${allowed}`);
    };
    return await work({ address: withDatabase(address, name), name, open });
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`).catch(() => {});
    await admin.end().catch(() => {});
  }
}

/** Gives the scratch database the target's schema and what its migration tool has noted. A target without migrations is taken as empty. */
export async function copySchema(
  target: pg.Client,
  targetAddress: string,
  { address }: Scratch,
  { ledgers, empty, signal }: { ledgers: readonly string[]; empty: boolean; signal: AbortSignal },
): Promise<void> {
  const { rows } = await target.query<{ version: string }>("select current_setting('server_version_num') as version");
  const program = await findDump(Math.floor(Number(rows[0]?.version) / 10_000));
  if (!program && !empty)
    throw new NoScratch("this machine has no pg_dump as new as the server to copy the schema with");
  try {
    const schema = program && (await dumpSchema(program, targetAddress, signal));
    // The text sets search_path for good, so its connection is for nothing else.
    if (schema) await withConnection(address, "stationmaster", (client) => client.query(schema));
    await withConnection(address, "stationmaster", (client) => copyRows(target, client, ledgers));
  } catch (cause) {
    throw new NoScratch(`the schema could not be copied: ${reasonOf(cause)}`, { cause });
  }
}

/** Left by a controller that died. */
async function dropStale(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    "select datname as name from pg_database where datname like $1",
    [`${PREFIX.replaceAll("_", "\\_")}%`],
  );
  const now = Date.now() / 1_000;
  for (const { name } of rows)
    if (now - Number(name.slice(PREFIX.length).split("_")[0]) > STALE_S)
      await admin.query(`drop database if exists ${name} with (force)`).catch(() => {});
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
