import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Lab, openLab } from "../test/lab/lab.ts";
import { until } from "../test/lab/until.ts";
import { changeVersion, closeLab, killDaemon, look, lookUntilWell, startDaemon, statusOf } from "./daemon.ts";
import { percentiles, runLoad } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

interface Crash {
  at: number;
  /** The boundary at which the daemon killed itself; null when the rollout ended without reaching it. */
  point: string | null;
  /** State of the rollout after the restart, and what serves: the release from before or the new one. */
  end: string;
  serves: "old" | "new" | "neither";
  /** From the command that starts the daemon again to "ready". */
  resumeMs: number;
  sent: number;
  failures: string[];
  wrong: string[];
}

export interface CrashBench {
  boundaries: string[];
  crashes: Crash[];
}

/** Side by side: most of a run is waiting. */
const LANES = 3;
const RATE = 20;
const RESUME_TARGET_MS = 35_000;

/** Kills the daemon at each boundary of a blue-green deployment in turn and starts it again. `only` limits the boundaries. */
export async function benchCrash({ only }: { only?: readonly number[] } = {}): Promise<CrashBench> {
  const boundaries = await withLab(listBoundaries);
  const open = boundaries.map((_, index) => index + 1).filter((at) => !only || only.includes(at));
  const crashes: Crash[] = [];
  const lane = () =>
    withLab(async (lab) => {
      for (let at = open.shift(); at !== undefined; at = open.shift()) crashes.push(await crashAt(lab, at));
    });
  await Promise.all(Array.from({ length: LANES }, lane));
  return { boundaries, crashes: crashes.sort((a, b) => a.at - b.at) };
}

async function withLab<T>(work: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await openLab({ store: "embedded" });
  try {
    const first = await startDaemon(lab);
    await killDaemon(lab, first);
    return await work(lab);
  } finally {
    await closeLab(lab);
  }
}

async function listBoundaries(lab: Lab): Promise<string[]> {
  const trace = join(lab.root, "trace.txt");
  await startDaemon(lab, { STATIONMASTER_FAULT_TRACE: trace });
  changeVersion(lab);
  await lab.deploy();
  return readTrace(trace);
}

/** Points without the ids of units and the numbers of generations, which are others in each rollout. */
function readTrace(file: string): string[] {
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  return lines.map((line) =>
    line
      .replace(/^\d+ /, "")
      .replace(/(:\w+)-\w{10,}-(\d+)/, "$1-$2")
      .replace(/@\d+$/, ""),
  );
}

async function crashAt(lab: Lab, at: number): Promise<Crash> {
  const trace = join(lab.root, "trace.txt");
  rmSync(trace, { force: true });
  const env = { STATIONMASTER_FAULT_KILL_AT: String(at), STATIONMASTER_FAULT_TRACE: trace };
  const doomed = await startDaemon(lab, env);
  const before = await look(lab, doomed);
  const [url] = (await statusOf(doomed)).services.map((service) => service.url);
  const end = new AbortController();
  const load = runLoad({
    url: url ?? "",
    rate: RATE,
    mix: { getKeepAlive: 2, getNew: 1, postBody: 1 },
    signal: end.signal,
  });
  const text = changeVersion(lab);
  const deploy = lab.start(["deploy", "local", "--yes", "--json"]);
  const alive = () => lab.processes().some(({ pid }) => pid === doomed.pid);
  const died = await Promise.race([
    deploy.done.then(() => !alive()),
    until("the crash", () => !alive(), 60_000).then(() => true),
  ]);
  deploy.child.kill("SIGKILL");
  await deploy.done;
  if (!died) await killDaemon(lab, doomed);
  const daemon = await startDaemon(lab);
  const after = await lookUntilWell(lab, daemon);
  const rollout = (await statusOf(daemon)).rollouts[0];
  end.abort();
  const { sent, failures, failed } = await load;
  await killDaemon(lab, daemon);
  return {
    at,
    point: died ? (readTrace(trace).at(-1) ?? null) : null,
    end: rollout?.state ?? "none",
    serves: after.text === text ? "new" : after.text === before.text ? "old" : "neither",
    resumeMs: daemon.readyMs,
    sent,
    failures: failed === 0 ? [] : failures.map(({ kind, reason }) => `${kind}: ${reason}`),
    wrong: [...after.wrong, ...after.unwell],
  };
}

/** The result as a table for people. */
export function formatCrash({ boundaries, crashes }: CrashBench): string {
  const reached = crashes.filter(({ point }) => point !== null);
  const whole = reached.filter(({ serves, wrong }) => serves !== "neither" && wrong.length === 0);
  const sent = reached.reduce((sum, crash) => sum + crash.sent, 0);
  const failed = reached.reduce((sum, { failures }) => sum + failures.length, 0);
  const { p50 } = percentiles(reached.map(({ resumeMs }) => resumeMs));
  const most = Math.max(0, ...reached.map(({ resumeMs }) => resumeMs));
  return [
    `kill -9 of the daemon at each of the ${boundaries.length} boundaries of a blue-green deployment (bake 500 ms), then a start; open-loop load of ${RATE} requests/s`,
    table(
      ["", "boundary", "rollout", "serves", "resume s", "requests", "failed", "left over"],
      crashes.map(({ at, point, end, serves, resumeMs, sent: requests, failures, wrong }) => [
        at,
        point ?? `(not reached) ${boundaries[at - 1]}`,
        end,
        serves,
        seconds(resumeMs),
        requests,
        failures.length,
        wrong.join("; ") || "nothing",
      ]),
    ),
    verdict(
      `a whole release, old or new, and nothing left over after ${whole.length} of ${reached.length} crashes`,
      whole.length === boundaries.length,
    ),
    verdict(`${failed} of ${sent} requests failed`, failed === 0),
    verdict(
      `start of the daemon to the end of the rollout (target < 35 s): p50 ${seconds(p50)} s, max ${seconds(most)} s (n = ${reached.length})`,
      most < RESUME_TARGET_MS,
    ),
    ...crashes.flatMap(({ at, failures }) => failures.slice(0, 3).map((text) => `failed at ${at}: ${text}`)),
  ].join("\n");
}

if (import.meta.main) process.stdout.write(`${formatCrash(await benchCrash())}\n`);
