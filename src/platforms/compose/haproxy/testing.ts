import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { createTarget } from "../../../../bench/load/target.ts";
import { until } from "../../../../test/lab/until.ts";
import { createLocalHost } from "../../../exec/local-host.ts";
import { freePort as unusedPort } from "../../local/ports.ts";
import type { Context } from "../../target.ts";
import { ask } from "./ask.ts";
import { filesIn } from "./files.ts";
import { createProxy, type Proxy as HaProxy } from "./proxy.ts";
import type { ProxyMember, ProxyRoute } from "./route.ts";
import { isNewEnough } from "./setup.ts";

export const HAPROXY = "/usr/sbin/haproxy";
export const hasHaproxy = isNewEnough(spawnSync(HAPROXY, ["-v"]).stdout?.toString() ?? "");
/** What holds the sockets of a proxy is a Python program. */
export const holdsSockets = hasHaproxy && spawnSync("python3", ["--version"]).status === 0;
if (!holdsSockets)
  console.log("skipped: what becomes of connections while a killed proxy is started again, without HAProxy or python3");
if (!hasHaproxy) console.log("skipped: HAProxy 2.6 or newer is not installed");

export function context(): Context {
  return { signal: AbortSignal.timeout(60_000) };
}

export interface Stage {
  proxy: HaProxy;
  folder: string;
  port: number;
  url: string;
  /** Applies the route `web`: a free port, no health path, nothing on either side, unless said otherwise. */
  set(change?: Partial<ProxyRoute>): ReturnType<HaProxy["apply"]>;
  figures(unit: string): Promise<{ inflight: number; streams: number; requests: number; errors: number } | undefined>;
}

/** A real proxy in a folder of its own, ended with the test. */
export async function stage(options: Partial<Parameters<typeof createProxy>[0]> = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "proxy-"));
  const proxy = createProxy({ host: createLocalHost(), folder, ...options });
  onTestFinished(async () => {
    await proxy.stop(context());
    rmSync(folder, { recursive: true, force: true });
  });
  const port = await freePort();
  return {
    proxy,
    folder,
    port,
    url: `http://127.0.0.1:${port}`,
    set: (change) => proxy.apply(route({ listen: [{ port, bind: "127.0.0.1" }], ...change }), context()),
    figures: async (unit) => (await proxy.read(context())).web?.figures[unit],
  };
}

export function route(change: Partial<ProxyRoute> = {}): ProxyRoute {
  const rest = { salt: "r1", share: 0, until: null, hold: null, health: null };
  return { name: "web", listen: [], stable: [], candidate: [], ...rest, ...change };
}

export function member(id: string, port: number, change: Partial<ProxyMember> = {}): ProxyMember {
  return { id, port, release: `release of ${id}`, weight: 100, drain: false, ...change };
}

export interface Unit {
  member: ProxyMember;
  /** Ends it as a container is ended: no connection is accepted any more, those it has are cut. */
  stop(): Promise<void>;
}

/** A small real HTTP server as a unit, ended with the test. */
export async function unit(id: string, port = 0, server: Server = createTarget({ release: id })): Promise<Unit> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return { member: member(id, (server.address() as AddressInfo).port), stop };
}

/** One that no connection gets as its own meanwhile. */
export async function freePort(): Promise<number> {
  return await unusedPort(new Set());
}

export function pidOf(folder: string): number {
  return Number(readFileSync(join(folder, "haproxy.pid"), "utf8"));
}

/** Puts a copy of the program in its place that calls itself by another version, of the same length; answers which. */
export function installNext(binary: string, version: string): string {
  const next = version.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  const program = readFileSync(binary, "latin1").replaceAll(version, next);
  rmSync(binary);
  writeFileSync(binary, program, { encoding: "latin1", mode: 0o755 });
  return next;
}

/** Waits until somebody beside the proxy holds its listening sockets. */
export async function socketsHeld(folder: string, least = 1): Promise<void> {
  const host = createLocalHost();
  await until("the sockets to be held", async () => {
    const said = await ask(host, filesIn(folder).listeners, ["refresh"], context().signal);
    return Number.parseInt(said ?? "", 10) >= least;
  });
}

/** One every 5 ms, each on a connection of its own; how often each status came. */
export async function newRequests(url: string, count: number): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  const one = async (index: number) => {
    await delay(index * 5);
    const status = await new Promise<string>((done) => {
      const request = get(url, { agent: false }, (response) => {
        response.resume();
        done(String(response.statusCode));
      });
      request.on("error", ({ message }) => done(message));
    });
    seen[status] = (seen[status] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
  return seen;
}
