import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { serverAccount } from "../src/store/account.ts";

const ROLE = "stationmaster";
const START_MS = 30_000;

/**
 * Set-up of a run with TEST_DATABASE: the tests use the server of that address, or for the value `machine` one that is started from the
 * machine's own PostgreSQL and removed at the end. They make and drop databases there.
 */
export async function setup(): Promise<() => Promise<void>> {
  const address = process.env.TEST_DATABASE ?? "machine";
  if (address !== "machine") {
    process.env.TEST_STORE_URL = address;
    return async () => {};
  }
  const [newest] = globSync("/usr/lib/postgresql/*/bin").sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  if (!newest)
    throw new Error("no PostgreSQL below /usr/lib/postgresql; install it, or set TEST_DATABASE to an address");
  const dir = mkdtempSync("/tmp/stationmaster-own-");
  const account = serverAccount();
  if (account) chownSync(dir, account.uid, account.gid);
  const identity = { cwd: dir, ...(account && { uid: account.uid, gid: account.gid }) };
  const data = join(dir, "data");
  execFileSync(join(newest, "initdb"), ["-D", data, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-sync"], identity);
  const argv = ["-D", data, "-k", dir, "-c", "listen_addresses="];
  const server = spawn(join(newest, "postgres"), argv, { ...identity, stdio: "ignore" });
  process.env.TEST_STORE_URL = `postgres://${ROLE}@/postgres?host=${encodeURIComponent(dir)}`;
  const stop = async () => {
    await end(server);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    console.log(`PostgreSQL of the machine: ${await versionOf(process.env.TEST_STORE_URL)}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** Waits until the server answers. */
async function versionOf(connectionString: string): Promise<string> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      return (await client.query("show server_version")).rows[0].server_version;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGINT");
  await ended;
}
