import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createRouterClient, spawnRouter } from "../src/platforms/local/router/client.ts";
import { findHaproxy, startHaproxy } from "./load/haproxy.ts";
import { saturate } from "./load/saturate.ts";
import { percentiles } from "./load.ts";

interface Row {
  /** What stands between client and target. */
  path: "direct" | "router" | "haproxy, kept connections" | "haproxy, http-server-close";
  getPerSecond: number;
  postPerSecond: number;
  /** Milliseconds of a GET on one connection. */
  p50: number;
  p99: number;
  /** The same minus the direct way. */
  addedP50: number;
  addedP99: number;
}

export interface RouterBench {
  /** Requests measured for each latency, and connections of the throughput. */
  n: number;
  connections: number;
  rows: Row[];
  /** Resident memory of the router, MiB: after the start and after all the load; null where it cannot be read. */
  routerMemory: { idle: number | null; after: number | null };
  skipped: string[];
}

const CONNECTIONS = 16;
const ROUNDS = 3;
const BODY = "x".repeat(1_024);
const GET = { request: Buffer.from("GET / HTTP/1.1\r\nHost: bench\r\n\r\n"), answerEnd: Buffer.from("hello") };
const POST = {
  request: Buffer.from(`POST /echo HTTP/1.1\r\nHost: bench\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`),
  answerEnd: Buffer.from(BODY.slice(-200)),
};

/** Latency and throughput of the local router beside HAProxy and no proxy at all, in front of the same Node target. */
export async function benchRouter({ durationMs = 2_000 }: { durationMs?: number } = {}): Promise<RouterBench> {
  const folder = await mkdtemp(join(tmpdir(), "bench-router-"));
  const children: ChildProcess[] = [];
  const client = createRouterClient({ socket: join(folder, "router.sock") });
  try {
    const program = fileURLToPath(new URL("./load/target.ts", import.meta.url));
    const target = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    children.push(target);
    const [line] = await once(target.stdout, "data");
    const { port } = JSON.parse(String(line));
    const ports = new Map<Row["path"], number>([["direct", port]]);

    const { pid } = await spawnRouter({
      stateFile: join(folder, "router.json"),
      socket: join(folder, "router.sock"),
      logFile: join(folder, "router.log"),
    });
    const targets = [{ id: "target", host: "127.0.0.1", port, role: "stable" as const, release: "bench" }];
    const route = await client.putRoute("bench", {
      listen: { port: 0 },
      salt: "",
      share: 0,
      until: null,
      hold: null,
      targets,
    });
    ports.set("router", route.listen.port);
    const idle = await residentMiB(pid);

    const haproxy = await findHaproxy();
    const skipped = haproxy ? [] : ["haproxy: not installed"];
    for (const option of haproxy ? (["http-keep-alive", "http-server-close"] as const) : []) {
      const started = await startHaproxy({ program: haproxy ?? "", folder, target: port, option });
      children.push(started.child);
      ports.set(
        option === "http-keep-alive" ? "haproxy, kept connections" : "haproxy, http-server-close",
        started.port,
      );
    }
    const measured = await measure(ports, durationMs);
    const direct = measured[0];
    const rows = measured.map((row) => ({
      ...row,
      addedP50: round(row.p50 - (direct?.p50 ?? 0)),
      addedP99: round(row.p99 - (direct?.p99 ?? 0)),
    }));
    const n = Math.min(...measured.map((row) => row.n));
    return {
      n,
      connections: CONNECTIONS,
      rows: rows.map(({ n: _, ...row }) => row),
      routerMemory: { idle, after: await residentMiB(pid) },
      skipped,
    };
  } finally {
    await client.stop().catch(() => undefined);
    for (const child of children) child.kill("SIGKILL");
    await delay(200);
    await rm(folder, { recursive: true, force: true });
  }
}

/** All ways in turn, several rounds, so that a disturbance does not hit one of them only. */
async function measure(ports: ReadonlyMap<Row["path"], number>, durationMs: number) {
  const found = new Map(
    [...ports.keys()].map((path) => [path, { latencies: [] as number[], get: [] as number[], post: [] as number[] }]),
  );
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [path, port] of ports) {
      const one = await saturate({ port, connections: 1, durationMs: durationMs / 2, ...GET });
      const get = await saturate({ port, connections: CONNECTIONS, durationMs, ...GET });
      const post = await saturate({ port, connections: CONNECTIONS, durationMs, ...POST });
      // The first round warms up.
      if (round === 0) continue;
      const sums = found.get(path);
      for (const latency of one.latencies) sums?.latencies.push(latency);
      sums?.get.push(get.perSecond);
      sums?.post.push(post.perSecond);
    }
  }
  return [...found].map(([path, { latencies, get, post }]) => {
    const { p50, p99 } = percentiles(latencies);
    return {
      path,
      n: latencies.length,
      getPerSecond: median(get),
      postPerSecond: median(post),
      p50: p50 ?? 0,
      p99: p99 ?? 0,
    };
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

async function residentMiB(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const match = /^VmRSS:\s+(\d+) kB/m.exec(status);
  return match ? Math.round(Number(match[1]) / 1_024) : null;
}

/** The result as a table for people. */
export function formatRouterBench({ rows, n, connections, routerMemory, skipped }: RouterBench): string {
  const lines = [
    `GET latency on one connection (n ≥ ${n}), throughput on ${connections} kept connections, POST of ${BODY.length} bytes, one thread each`,
    `${"".padEnd(28)}${["GET/s", "POST/s", "p50 ms", "p99 ms", "+p50 ms", "+p99 ms"].map((text) => text.padStart(10)).join("")}`,
    ...rows.map(
      (row) =>
        `${row.path.padEnd(28)}${[row.getPerSecond, row.postPerSecond, row.p50, row.p99, row.addedP50, row.addedP99].map((value) => String(value).padStart(10)).join("")}`,
    ),
    `router memory: ${routerMemory.idle ?? "?"} MiB idle, ${routerMemory.after ?? "?"} MiB after the load`,
    ...skipped.map((reason) => `skipped: ${reason}`),
  ];
  return lines.join("\n");
}

if (import.meta.main) process.stdout.write(`${formatRouterBench(await benchRouter())}\n`);
