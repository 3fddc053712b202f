import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startTestServer } from "../src/store/testing.ts";
import { percentiles } from "./load.ts";
import { seconds, table } from "./report.ts";
import type { Done, Order } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
const ROUNDS = 3;
/** Processes, and rollouts at once in each. */
const CASES = [
  [1, 1],
  [1, 4],
  [1, 8],
  [2, 4],
] as const;

interface Case {
  workers: number;
  each: number;
  /** Of every rollout, and of every round from the first begin to the last end. */
  tookMs: number[];
  roundMs: number[];
  /** Of the workers, a rollout. */
  cpuMs: number;
}

/** Rollouts of applications of their own on the local platform, at once in one process or two, with one PostgreSQL server. */
export async function benchWorkers(rounds = ROUNDS): Promise<Case[]> {
  const { server, stop } = await startTestServer();
  process.env.TEST_STORE_URL = server.url();
  try {
    const cases: Case[] = [];
    for (const [workers, each] of CASES) cases.push(await measure(workers, each, rounds));
    return cases;
  } finally {
    delete process.env.TEST_STORE_URL;
    await stop();
  }
}

async function measure(workers: number, each: number, rounds: number): Promise<Case> {
  const children = Array.from({ length: workers }, () => fork(WORKER));
  const all = async (order: Order) => await Promise.all(children.map((child) => tell(child, order)));
  const result: Case = { workers, each, tookMs: [], roundMs: [], cpuMs: 0 };
  try {
    await all({ open: each });
    let cpuMs = 0;
    for (let round = 1; round <= rounds; round++) {
      const begin = performance.now();
      const done = await all({ ship: round });
      result.roundMs.push(performance.now() - begin);
      result.tookMs.push(...done.flatMap(({ tookMs }) => tookMs));
      cpuMs += done.reduce((sum, one) => sum + one.cpuMs, 0);
    }
    await all("end");
    return { ...result, cpuMs: cpuMs / result.tookMs.length };
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

async function tell(child: ChildProcess, order: Order): Promise<Done> {
  child.send(order);
  const gone = once(child, "exit").then(([code]) => {
    throw new Error(`a worker ended with ${code}`);
  });
  const [done] = await Promise.race([once(child, "message"), gone]);
  gone.catch(() => undefined);
  return done;
}

/** The table, with the rate of each case. */
export function formatWorkers(cases: readonly Case[]): string {
  const rows = cases.map(({ workers, each, tookMs, roundMs, cpuMs }) => {
    const { p50 } = percentiles(tookMs);
    const total = roundMs.reduce((sum, ms) => sum + ms, 0);
    const perMinute = (60_000 * tookMs.length) / total;
    return [
      workers,
      each,
      tookMs.length,
      seconds(p50),
      seconds(Math.max(...tookMs)),
      perMinute.toFixed(1),
      cpuMs.toFixed(0),
    ];
  });
  return [
    "blue-green rollouts (bake 1 s) of applications of their own on the local platform, at once; a worker is a process; one PostgreSQL server",
    table(["workers", "rollouts each", "n", "p50 s", "max s", "a minute", "cpu ms"], rows),
    "cpu ms: of the workers for a rollout, without the applications, their routers and the database",
  ].join("\n");
}
