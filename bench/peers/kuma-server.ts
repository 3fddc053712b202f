import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { freePort } from "../../src/platforms/local/ports.ts";
import { startProgram } from "./program.ts";

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
const Done = z.object({ ok: z.literal(true), id: z.int().optional(), monitorID: z.int().optional() });

/** Its server, and the connection its dashboard has. */
export interface KumaServer {
  version: string;
  pid: number;
  /** Asks for something; rejects unless it was done. */
  tell(event: string, ...values: unknown[]): Promise<z.infer<typeof Done>>;
  onBeat(listener: (beat: unknown) => void): void;
  stop(): Promise<void>;
}

/** Why it cannot be started; undefined when it can. */
export function missingKuma(): string | undefined {
  const folder = process.env[VARIABLE];
  if (folder && existsSync(join(folder, ENTRY))) return undefined;
  return `${VARIABLE} names no folder of one that runs; the only version on npm, 2.0.0-dev.0, does not start as it is published`;
}

/**
 * Starts Uptime Kuma on the store in `data` and connects; signs nobody in. For 2.0.0-dev.0 as npm has it, its SQLite has to be
 * compiled (`node-pre-gyp install --build-from-source`) and `db/patch-*.sql` to be copied to `db/old_migrations/`.
 */
export async function openKuma(data: string): Promise<KumaServer> {
  const folder = process.env[VARIABLE] ?? "";
  const url = `http://127.0.0.1:${await freePort(new Set())}`;
  const program = await startProgram({
    program: process.execPath,
    args: [ENTRY, "--host=127.0.0.1", `--port=${new URL(url).port}`],
    ready: `${url}/`,
    cwd: folder,
    env: { DATA_DIR: `${data}/`, UPTIME_KUMA_DB_TYPE: "sqlite", NODE_ENV: "production" },
  });
  const socket: Socket = createRequire(join(folder, ENTRY))("socket.io-client").io(url);
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  return {
    version,
    pid: program.pid,
    tell: async (event, ...values) => Done.parse(await socket.emitWithAck(event, ...values)),
    onBeat: (listener) => socket.on("heartbeat", listener),
    stop: async () => {
      socket.disconnect();
      await program.stop();
    },
  };
}

/** Makes the one user of a new store and signs in. */
export async function setUp({ tell }: KumaServer): Promise<void> {
  await tell("setup", ...USER);
  await tell("login", { username: USER[0], password: USER[1] });
}

/** A monitor as its form would send it, with `rhythm` for what it calls interval, retries and timeout. */
export function monitorOf(name: string, url: string, rhythm: object, notification?: number) {
  const about = { type: "http", name, url, method: "GET", maxredirects: 10, accepted_statuscodes: ["200-299"] };
  return {
    ...about,
    ...rhythm,
    notificationIDList: notification === undefined ? {} : { [notification]: true },
    active: true,
  };
}
