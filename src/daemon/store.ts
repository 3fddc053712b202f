import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { UserError } from "../core/errors.ts";
import { isStoreAway } from "../store/away.ts";
import { openStore, type Store, storeError } from "../store/connect.ts";
import { embeddedRuns, startEmbedded, stopEmbedded } from "../store/embedded.ts";
import type { Place } from "./place.ts";

/** Held shared by whoever uses an embedded server, and alone by the one that stops it: nobody is cut off who just came. */
const USE_LOCK = 0x53_4d_10;
const OPENINGS = 5;
const DEADLINE_MS = 10_000;

const embeddedDir = (place: Place) => join(place.stateDir, "db");
const isEmbedded = () => !process.env.DATABASE_URL;

/**
 * The store of a place: in its embedded server, or in the one of DATABASE_URL. There each state directory has a schema of its own,
 * since processes and files belong to one machine and directory; STATIONMASTER_SCHEMA names another.
 */
export async function openPlaceStore(place: Place): Promise<Store> {
  const url = process.env.DATABASE_URL;
  return url ? await openStore({ url, schema: schemaOf(place) }) : await openEmbedded(place);
}

function schemaOf({ stateDir }: Place): string {
  const id = createHash("sha256").update(`${hostname()}\0${stateDir}`).digest("hex").slice(0, 10);
  return process.env.STATIONMASTER_SCHEMA ?? `stationmaster_${id}`;
}

/** Whether other processes may watch together with this one. */
export function isShared(): boolean {
  return !isEmbedded();
}

/** Throws UserError `SM-WORKER-STORE` or `SM-WORKER-SCHEMA` where no daemon of this application has ever used the store of a place. */
export async function requireShared(place: Place): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (!url)
    throw new UserError({
      code: "SM-WORKER-STORE",
      message: "a worker needs the database of its daemon, and DATABASE_URL is not set",
      next: "set DATABASE_URL for the daemon and for the worker",
    });
  const client = connection(url);
  try {
    await client.connect().catch((cause: unknown) => Promise.reject(storeError(cause)));
    const table = `${schemaOf(place)}.check_state`;
    const { rows } = await client.query("select to_regclass($1) is not null as known", [table]);
    if (rows[0].known) return;
  } finally {
    await end(client);
  }
  throw new UserError({
    code: "SM-WORKER-SCHEMA",
    message: `DATABASE_URL has no schema ${schemaOf(place)}`,
    next: "set STATIONMASTER_SCHEMA to the one that stationmaster doctor shows beside the daemon",
  });
}

/** The server may be stopped by the last command before this one was seen: then it is started again. */
async function openEmbedded(place: Place): Promise<Store> {
  for (let opening = 1; ; opening++) {
    const url = (await startEmbedded({ dir: embeddedDir(place) })).url();
    const use = connection(url);
    try {
      await use.connect();
      await use.query("select pg_advisory_lock_shared($1)", [USE_LOCK]);
      const store = await openStore({ url });
      return { ...store, close: () => store.close().finally(() => end(use)) };
    } catch (error) {
      await end(use);
      if (opening === OPENINGS || !isStoreAway(error)) throw error;
    }
  }
}

/** Starts the embedded server again when it has died; connections come back by themselves. */
export async function reviveStore(place: Place, store: Store): Promise<void> {
  const alive = await store.pool.query("select 1").then(
    () => true,
    () => false,
  );
  if (!alive && isEmbedded()) await startEmbedded({ dir: embeddedDir(place) });
}

/** Whether the embedded database runs. */
export async function storeRuns(place: Place): Promise<boolean> {
  return isEmbedded() && (await embeddedRuns({ dir: embeddedDir(place) }));
}

/** Ends the embedded database; nothing to do when DATABASE_URL names a server. */
export async function stopStore(place: Place): Promise<void> {
  if (isEmbedded()) await stopEmbedded({ dir: embeddedDir(place) });
}

/** The same, where no other process uses it. `store` is closed already. */
export async function leaveStore(place: Place, { url }: Store): Promise<void> {
  if (!isEmbedded()) return;
  const client = connection(url);
  try {
    await client.connect();
    const { rows } = await client.query("select pg_try_advisory_lock($1) as alone", [USE_LOCK]);
    if (rows[0].alone) await stopStore(place);
  } catch {
    // Nobody answers: it has ended.
  } finally {
    await end(client);
  }
}

function connection(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: DEADLINE_MS,
    statement_timeout: DEADLINE_MS,
  });
  client.on("error", () => {});
  return client;
}

const end = (client: pg.Client) => client.end().catch(() => {});
