import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startCommand } from "../test/lab/command.ts";
import { until } from "../test/lab/until.ts";
import { type Memory, memoryOf, tree } from "./load/memory.ts";
import { clear, pidOf, scratch } from "./load/place.ts";
import { percentiles } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const IDLE_MS = 30_000;
const STARTS = 20;
const START_MS = 5 * 60_000;

interface Start {
  /** From the command to the line with the address of the dashboard, and to "ready". */
  dashboardMs: number;
  readyMs: number;
}

export interface FootprintBench {
  memory: Record<"daemon" | "store" | "router", Memory>;
  help: { p50: number | null; p95: number | null };
  /** `npm start` in a fresh clone, and once more; a text says why it was not measured. */
  starts: Start[] | string;
}

/** What Stationmaster takes while it does nothing, and how long it takes to begin. */
export async function benchFootprint(): Promise<FootprintBench> {
  const help = await coldStart();
  const starts = await freshClone().catch((error: Error) => error.message);
  return { memory: await idleMemory(), help, starts };
}

async function idleMemory(): Promise<FootprintBench["memory"]> {
  const state = scratch("footprint-");
  const place = ["--config", join(ROOT, "examples/shop/stationmaster.yaml"), "--state", state];
  try {
    const { code, stderr } = await startCommand([...place, "up", "--detach", "--port", "0"]).done;
    if (code !== 0) throw new Error(`up ended with ${code}: ${stderr}`);
    await delay(IDLE_MS);
    return {
      // Its children are the application, the store and the router.
      daemon: memoryOf([pidOf(state, "cli/main.ts", " up ")]),
      store: memoryOf(tree(pidOf(state, "postgres -D", join(state, "db")))),
      router: memoryOf([pidOf(state, "router/main.ts")]),
    };
  } finally {
    await startCommand([...place, "down"]).done;
    await clear(state);
  }
}

async function coldStart(): Promise<FootprintBench["help"]> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const start = performance.now();
    await once(spawn(join(ROOT, "bin/stationmaster"), ["--help"], { stdio: "ignore" }), "exit");
    times.push(performance.now() - start);
  }
  return percentiles(times);
}

/** As a newcomer has it: no packages, the Node of the system. */
async function freshClone(): Promise<Start[]> {
  const folder = scratch("clone-");
  try {
    const clone = join(folder, "stationmaster");
    execFileSync("git", ["clone", "--quiet", ROOT, clone]);
    return [await npmStart(clone), await npmStart(clone)];
  } finally {
    await clear(folder);
  }
}

async function npmStart(cwd: string): Promise<Start> {
  const path = (process.env.PATH ?? "").split(delimiter).filter((part) => !part.includes("node_modules"));
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|STATIONMASTER_|DATABASE_URL$|INIT_CWD$)/i.test(name),
  );
  const env = { ...Object.fromEntries(own), PATH: path.join(delimiter) };
  const start = performance.now();
  // A group of its own, to be ended as Ctrl-C does.
  const child = spawn("npm", ["start", "--", "--port", "0"], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const times: Partial<Start> = {};
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      const now = performance.now() - start;
      if (/^dashboard /m.test(said)) times.dashboardMs ??= now;
      if (/^ready: /m.test(said)) times.readyMs ??= now;
    });
  const ended = once(child, "exit");
  try {
    await until("ready", () => times.readyMs !== undefined || child.exitCode !== null, START_MS);
    const { dashboardMs, readyMs } = times;
    if (dashboardMs === undefined || readyMs === undefined) throw new Error(`npm start ended: ${said.slice(-500)}`);
    return { dashboardMs, readyMs };
  } finally {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, "SIGINT");
    await Promise.race([ended, delay(30_000)]);
  }
}

/** The result as a table for people. */
export function formatFootprint({ memory, help, starts }: FootprintBench): string {
  const parts = Object.entries(memory);
  const sum = (key: "rss" | "pss") => parts.reduce((total, [, part]) => total + (part[key] ?? 0), 0);
  const rows = parts.map(([name, { processes, rss, pss }]) => [name, processes, rss, pss]);
  const lines = [
    `memory with the example shop, after ${IDLE_MS / 1_000} s without requests (PSS shares common pages among their users; RSS counts them in each process)`,
    table(["", "processes", "RSS MiB", "PSS MiB"], [...rows, ["together", "", sum("rss"), sum("pss")]]),
    verdict(
      `bin/stationmaster --help (target < 150 ms): median ${help.p50?.toFixed(0)} ms, p95 ${help.p95?.toFixed(0)} ms (n = ${STARTS})`,
      (help.p50 ?? 999) < 150,
    ),
  ];
  if (typeof starts === "string") return [...lines, `npm start in a fresh clone: not measured (${starts})`].join("\n");
  const second = starts[1]?.dashboardMs ?? Number.POSITIVE_INFINITY;
  return [
    ...lines,
    "npm start in a fresh clone, the Node of the system, nothing installed (n = 1)",
    table(
      ["", "dashboard s", "ready s"],
      starts.map(({ dashboardMs, readyMs }, index) => [
        ["first, with npm ci", "second"][index] ?? "",
        seconds(dashboardMs),
        seconds(readyMs),
      ]),
    ),
    verdict(`second start to a serving dashboard (target < 3 s): ${seconds(second)} s`, second < 3_000),
  ].join("\n");
}

if (import.meta.main) process.stdout.write(`${formatFootprint(await benchFootprint())}\n`);
