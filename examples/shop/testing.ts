import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { startEmbedded } from "../../src/store/embedded.ts";

const DEADLINE_MS = 30_000;

/** A PostgreSQL server of its own for one test file, which can be stopped and started again. */
export async function startDatabase() {
  const dir = await mkdtemp(join(tmpdir(), "shop-test-"));
  let server = await startEmbedded({ dir });
  const url = server.url("shop");
  await run(server.url(), "CREATE DATABASE shop");
  return {
    url,
    query: (sql: string) => run(url, sql),
    stop: () => server.stop(),
    start: async () => {
      server = await startEmbedded({ dir });
    },
    remove: async () => {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function run(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

export type LogLine = { level: string; message: string } & Record<string, unknown>;

/** One real process of a service; `url` is set once it listens (stays empty for the worker). */
export interface Service {
  url: string;
  pid: number;
  log: LogLine[];
  /** Exit code and signal, when the process has ended. */
  ended: Promise<{ code: number | null; signal: string | null }>;
  signal(name: NodeJS.Signals): void;
  /** Ends the process the hard way, if it still runs. */
  kill(): Promise<void>;
}

/** Starts `file` (for example `api/server.ts`) as a process and waits until its log has the line `until`. */
export async function startService(file: string, env: Record<string, string>, until = "listening"): Promise<Service> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
    env: { PATH: process.env.PATH, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: LogLine[] = [];
  const service: Service = {
    url: "",
    pid: child.pid ?? 0,
    log,
    ended: new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal }))),
    signal: (name) => void child.kill(name),
    kill: async () => {
      child.kill("SIGKILL");
      await service.ended;
    },
  };
  collectLines(child, log);
  const line = await eventually(() => log.find((entry) => entry.message === until) ?? stillRuns(child));
  const address = line.address as { port?: number } | undefined;
  if (address?.port) service.url = `http://127.0.0.1:${address.port}`;
  return service;
}

function stillRuns(child: ChildProcess): undefined {
  if (child.exitCode !== null) throw new Error(`the process ended with code ${child.exitCode}`);
}

function collectLines(child: ChildProcess, log: LogLine[]): void {
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) log.push(JSON.parse(line));
  });
}

/** Asks again until the answer is neither undefined nor false. */
export async function eventually<T>(ask: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + DEADLINE_MS;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await delay(50);
  }
  throw new Error(`still not so after ${DEADLINE_MS / 1_000} s: ${ask}`);
}

export interface Reply {
  status: number;
  json: Record<string, unknown>;
  headers: Headers;
}

/** One JSON request; `token` signs it in. */
export async function ask(
  service: Service,
  method: string,
  path: string,
  options: { token?: string; json?: unknown; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  const headers = new Headers(options.headers);
  if (options.token) headers.set("authorization", `Bearer ${options.token}`);
  const body = options.json === undefined ? (options.body ?? null) : JSON.stringify(options.json);
  const response = await fetch(service.url + path, { method, headers, body, signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  return { status: response.status, json: text.startsWith("{") ? JSON.parse(text) : {}, headers: response.headers };
}
