import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { ExternalError, systemCode } from "../core/errors.ts";
import { type Account, clientAccounts, serverAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { exists, type Folders, makeFolders, SYSTEM_DIR } from "./folders.ts";

const START_DEADLINE_MS = 30_000;
const ADOPT_DEADLINE_MS = 10_000;
const ROLE = "stationmaster";

export interface EmbeddedServer {
  /** libpq address of the maintenance database over the private socket. */
  url(database?: string): string;
  socketDir: string;
  dataDir: string;
  pid: number;
  /** Whether the server ran already (left over from a killed daemon). */
  adopted: boolean;
  /** Fast shutdown; resolves when the server has ended. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL server of `dir`, or adopts the one that runs there. It listens on a private unix socket only and
 * outlives this process. Times: about 0.3 s for the first start (initdb), 50 ms later.
 */
export async function startEmbedded({ dir }: { dir: string }): Promise<EmbeddedServer> {
  const account = serverAccount();
  const place = await makeFolders(resolve(dir), account);
  const running = await runningPid(place.dataDir);
  if (running && (await comes(place, running))) return server(place, running, true);
  const binaries = await findBinaries(account, SYSTEM_DIR);
  if (!(await exists(join(place.dataDir, "PG_VERSION")))) await initialise(place, binaries.initdb, account);
  await writeConfig(place, account).catch((cause: unknown) => {
    throw startFailure(place, systemCode(cause) ?? String(cause), cause);
  });
  return await launch(place, binaries.postgres, account);
}

/** Waits until a server that starts or ends has done so. Answers whether it is there. */
async function comes(place: Folders, pid: number): Promise<boolean> {
  const end = Date.now() + ADOPT_DEADLINE_MS;
  while (Date.now() < end) {
    if (await answers(place)) return true;
    if ((await runningPid(place.dataDir)) !== pid) return false;
    await delay(15);
  }
  return false;
}

/** Whether the server of `dir` runs. */
export async function embeddedRuns({ dir }: { dir: string }): Promise<boolean> {
  if (!(await exists(dir))) return false;
  const { dataDir } = await makeFolders(resolve(dir), serverAccount());
  return (await runningPid(dataDir)) !== undefined;
}

/** Stops the server of `dir` if one runs. */
export async function stopEmbedded({ dir }: { dir: string }): Promise<void> {
  if (!(await exists(dir))) return;
  const place = await makeFolders(resolve(dir), serverAccount());
  const pid = await runningPid(place.dataDir);
  if (pid) await server(place, pid, true).stop();
}

/** Makes the data in a folder beside and moves it in place whole: two first starts at the same moment end with one of the two. */
async function initialise(place: Folders, initdb: string, account: Account | undefined): Promise<void> {
  const draft = `${place.dataDir}.${randomBytes(6).toString("hex")}`;
  await mkdir(draft, { mode: 0o700 });
  if (account) await chown(draft, account.uid, account.gid);
  const args = ["-D", draft, "-U", ROLE, "-E", "UTF8", "--no-locale", "--no-instructions", "--no-sync", "-A", "peer"];
  const child = spawn(initdb, args, { ...identity(account), cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("exit", done));
  const moved = code === 0 && (await moveInPlace(draft, place.dataDir));
  if (!moved) await rm(draft, { recursive: true, force: true });
  if (code === 0) return;
  throw new ExternalError({
    code: "SM-STORE-INIT",
    message: `initdb failed: ${stderr.trim().split("\n").at(-1) ?? `exit ${code}`}`,
    next: `look at ${place.dataDir} (disk full? permissions?)`,
  });
}

/** False when somebody else has made the folder meanwhile. An empty one is replaced. */
async function moveInPlace(draft: string, to: string): Promise<boolean> {
  try {
    await rename(draft, to);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOTEMPTY" || systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function writeConfig(place: Folders, account: Account | undefined): Promise<void> {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const settings = {
    listen_addresses: "''",
    unix_socket_directories: quoted(place.socketDir),
    unix_socket_permissions: "0700",
    shared_buffers: "'16MB'",
    max_connections: "100",
    logging_collector: "off",
    log_min_messages: "warning",
    timezone: "'UTC'",
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
  await writeOwned(join(place.dataDir, "stationmaster.conf"), `${lines.join("\n")}\n`, account);
  const main = join(place.dataDir, "postgresql.conf");
  const include = "include 'stationmaster.conf'";
  const current = await readFile(main, "utf8");
  if (!current.includes(include)) await writeOwned(main, `${current}\n${include}\n`, account);
  await writeOwned(join(place.dataDir, "pg_hba.conf"), "local all all peer map=stationmaster\n", account);
  const map = clientAccounts(account).map((name) => `stationmaster "${name}" all\n`);
  await writeOwned(join(place.dataDir, "pg_ident.conf"), map.join(""), account);
}

async function writeOwned(path: string, text: string, account: Account | undefined): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, text, { mode: 0o600 });
  if (account) await chown(draft, account.uid, account.gid);
  await rename(draft, path);
}

async function launch(place: Folders, postgres: string, account: Account | undefined): Promise<EmbeddedServer> {
  const log = await open(place.logFile, "a", 0o600);
  const child = spawn(postgres, ["-D", place.dataDir], {
    ...identity(account),
    cwd: "/",
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  const failed = new Promise<never>((_, fail) => child.once("error", fail));
  failed.catch(() => {});
  try {
    await Promise.race([untilReady(place, child), failed]);
  } catch (cause) {
    child.kill("SIGKILL");
    const last = (await readFile(place.logFile, "utf8")).trim().split("\n").at(-1);
    throw startFailure(place, last || String(cause), cause);
  } finally {
    await log.close();
  }
  child.unref();
  const pid = (await runningPid(place.dataDir)) ?? child.pid ?? 0;
  return server(place, pid, pid !== child.pid);
}

function startFailure({ logFile }: Folders, reason: string, cause: unknown): ExternalError {
  const message = `PostgreSQL did not start: ${reason}`;
  return new ExternalError({
    code: "SM-STORE-START",
    message,
    next: `see ${logFile} (disk full? permissions?)`,
    cause,
  });
}

async function untilReady(place: Folders, child: ChildProcess): Promise<void> {
  const end = Date.now() + START_DEADLINE_MS;
  while (Date.now() < end) {
    if (await answers(place)) return;
    const ended = child.exitCode !== null || child.signalCode !== null;
    // It also ends when another process was faster: then that one's server is waited for.
    if (ended && !(await runningPid(place.dataDir))) throw new Error("the server ended during its start");
    await delay(15);
  }
  throw new Error(`no answer after ${START_DEADLINE_MS / 1_000} s`);
}

async function answers(place: Folders): Promise<boolean> {
  const client = new pg.Client({
    host: place.socketDir,
    user: ROLE,
    database: "postgres",
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function server(place: Folders, pid: number, adopted: boolean): EmbeddedServer {
  return {
    url: (database = "postgres") => `postgres://${ROLE}@/${database}?host=${encodeURIComponent(place.socketDir)}`,
    socketDir: place.socketDir,
    dataDir: place.dataDir,
    pid,
    adopted,
    stop: async () => {
      for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
        if (!signalProcess(pid, signal)) return;
        for (let waited = 0; waited < 10_000; waited += 20) {
          if ((await runningPid(place.dataDir)) !== pid) return;
          await delay(20);
        }
      }
    },
  };
}

/** The pid in postmaster.pid if that process lives and is a postgres. */
async function runningPid(dataDir: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(join(dataDir, "postmaster.pid"), "utf8")).split("\n")[0]);
    if (!Number.isInteger(pid) || pid <= 0 || !signalProcess(pid, 0)) return undefined;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => dataDir);
    const state = /^State:\s*(\w)/m.exec(await readFile(`/proc/${pid}/status`, "utf8").catch(() => ""))?.[1];
    return command.includes(dataDir) && state !== "Z" ? pid : undefined;
  } catch {
    return undefined;
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}

function identity(account: Account | undefined): { uid?: number; gid?: number; env: NodeJS.ProcessEnv } {
  const env = { PATH: process.env.PATH, LC_ALL: "C" };
  return account ? { uid: account.uid, gid: account.gid, env } : { env };
}
