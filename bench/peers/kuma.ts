import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { freePort } from "../../src/platforms/local/ports.ts";
import { startProgram } from "./program.ts";
import type { Told } from "./receiver.ts";
import type { Watcher, WatcherOptions } from "./watcher.ts";

/** What of its socket.io client is used. */
interface Socket {
  on(event: "heartbeat", listener: (beat: unknown) => void): void;
  once(event: "connect", listener: () => void): void;
  emitWithAck(event: string, ...values: unknown[]): Promise<unknown>;
  disconnect(): void;
}

const VARIABLE = "STATIONMASTER_BENCH_KUMA";
const ENTRY = "server/server.js";
const USER = ["admin", "bench-1234"] as const;
/** What its form proposes for a new monitor. */
const DEFAULTS = { interval: 60, retryInterval: 60, maxretries: 1, resendInterval: 0, timeout: 48 };
/** It asks no more often. */
const SHORTEST_S = 20;
const DOWN = 0;
const POLL_MS = 5_000;

const Done = z.object({ ok: z.literal(true), id: z.int().optional(), monitorID: z.int().optional() });
const Beat = z.object({ monitorID: z.int(), status: z.int() });
const Sent = z.object({ heartbeat: Beat, monitor: z.object({ name: z.string() }) });

/** Why it cannot be started; undefined when it can. */
export function missingKuma(): string | undefined {
  const folder = process.env[VARIABLE];
  if (folder && existsSync(join(folder, ENTRY))) return undefined;
  return `${VARIABLE} names no folder of one that runs; the only version on npm, 2.0.0-dev.0, does not start as it is published`;
}

/**
 * Uptime Kuma with a store of its own, told what to watch as its dashboard would tell it. For 2.0.0-dev.0 as npm has it, its SQLite
 * has to be compiled (`node-pre-gyp install --build-from-source`) and `db/patch-*.sql` to be copied to `db/old_migrations/`.
 */
export async function startKuma({ targets, equal, hook }: WatcherOptions): Promise<Watcher> {
  const folder = process.env[VARIABLE] ?? "";
  const data = mkdtempSync(join(tmpdir(), "sm-kuma-"));
  const port = await freePort(new Set());
  const url = `http://127.0.0.1:${port}`;
  const program = await startProgram({
    program: process.execPath,
    args: [ENTRY, "--host=127.0.0.1", `--port=${port}`],
    ready: `${url}/`,
    cwd: folder,
    env: { DATA_DIR: `${data}/`, UPTIME_KUMA_DB_TYPE: "sqlite", NODE_ENV: "production" },
  });
  const ofKuma = createRequire(join(folder, ENTRY));
  const socket: Socket = ofKuma("socket.io-client").io(url);
  const names = new Map<number, string>();
  const down = new Set<number>();
  const tell = async (event: string, ...values: unknown[]) => Done.parse(await socket.emitWithAck(event, ...values));
  const stop = async () => {
    socket.disconnect();
    await program.stop();
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  };
  const interval = equal ? Math.max(SHORTEST_S, equal.everyMs / 1_000) : DEFAULTS.interval;
  const rhythm = equal
    ? { ...DEFAULTS, interval, retryInterval: interval, maxretries: 1, timeout: Math.min(10, interval / 2) }
    : DEFAULTS;
  try {
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    socket.on("heartbeat", (beat) => {
      const { monitorID, status } = Beat.parse(beat);
      if (status === DOWN) down.add(monitorID);
      else down.delete(monitorID);
    });
    await tell("setup", ...USER);
    await tell("login", { username: USER[0], password: USER[1] });
    const webhook = { type: "webhook", name: "hook", webhookURL: hook(read), webhookContentType: "json" };
    const { id = 0 } = await tell("addNotification", webhook, null);
    for (const [name, target] of targets) {
      const about = {
        type: "http",
        name,
        url: target,
        method: "GET",
        maxredirects: 10,
        notificationIDList: { [id]: true },
      };
      const monitor = { ...about, ...rhythm, accepted_statuscodes: ["200-299"], active: true };
      const { monitorID = 0 } = await tell("add", monitor);
      names.set(monitorID, name);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  return {
    settings: `version ${version}, every ${rhythm.interval} s${equal ? ` (${SHORTEST_S} s is its shortest)` : ""}, ${rhythm.maxretries} retry after ${rhythm.retryInterval} s, gives up after ${rhythm.timeout} s`,
    coveredMs: rhythm.interval * 1_000 + POLL_MS,
    down: async () => [...down].flatMap((monitor) => names.get(monitor) ?? []),
    stop,
  };
}

function read(body: unknown): Told {
  const { heartbeat, monitor } = Sent.parse(body);
  const isDown = heartbeat.status === DOWN;
  return { names: [monitor.name], begins: isDown, page: isDown };
}
