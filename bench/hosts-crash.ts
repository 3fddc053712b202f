import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { seeded } from "../src/deploy/analysis/random.ts";
import { underLoad } from "../test/labs/fleet-load.ts";
import { killDaemon, startDaemon, statusOf } from "./daemon.ts";
import { type Bed, onHosts, ship, wrongWith } from "./hosts-bed.ts";
import { percentiles } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

const HOSTS = 2;
const RATE = 20;
const SEED = 7;
const TARGET_MS = 35_000;
const LONGEST_MS = 300_000;

interface Kind {
  strategy?: object;
  replicas?: number;
  compose?: string;
}

const KINDS = {
  "blue-green": {},
  canary: { strategy: { steps: [50, 100], every: "1s", judge: { on_inconclusive: "promote" } } },
  rolling: { replicas: 2 },
  recreate: { compose: "services: {app: {volumes: ['data:/data']}}\nvolumes: {data: {}}\n" },
} satisfies Record<string, Kind>;

interface Crash {
  at: number;
  point: string;
  end: string;
  /** From the command that starts the daemon to "ready": the rollout it found has an end. */
  resumeMs: number;
  sent: number;
  failures: string[];
  wrong: string[];
}

/** All of them would take an hour and a half. */
const MANY = { "blue-green": 20, canary: 5, rolling: 5, recreate: 5 };
const A_TRY = { "blue-green": 2, canary: 1, rolling: 1, recreate: 1 };

/** Kills the controller at journal boundaries of a rollout of each kind, and has a daemon go on. */
export async function benchHostsCrash(counts: Record<keyof typeof KINDS, number> = MANY): Promise<string> {
  return await onHosts({ hosts: HOSTS }, async (bed) => {
    const texts: string[] = [];
    for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[])
      texts.push(await crashesOf(bed, kind, KINDS[kind], counts[kind]));
    return texts.join("\n\n");
  });
}

async function crashesOf(
  bed: Bed,
  kind: string,
  { strategy, replicas = 1, compose }: Kind,
  count: number,
): Promise<string> {
  let number = 0;
  const next = () => {
    number += 1;
    const settings = { strategy: { kind, bake: "1s", ...strategy } };
    bed.fleet.manifest(bed.images[number % 2 === 0 ? "two" : "one"] ?? "", { service: { replicas }, settings });
  };
  if (compose) bed.fleet.write("compose.yaml", compose);
  next();
  await ship(bed);
  const trace = join(bed.fleet.root, "trace.txt");
  rmSync(trace, { force: true });
  next();
  await ship(bed, { STATIONMASTER_FAULT_TRACE: trace });
  const boundaries = readTrace(trace).length;
  const crashes: Crash[] = [];
  for (const at of sample(boundaries, count)) {
    next();
    crashes.push(await crashAt(bed, { at, trace, replicas }));
  }
  rmSync(join(bed.fleet.root, "compose.yaml"), { force: true });
  return format(kind, boundaries, crashes);
}

/** So many of the numbers 1 to `all`, the same each time. */
function sample(all: number, count: number): number[] {
  const random = seeded(SEED);
  const drawn = Array.from({ length: all }, (_, index) => ({ at: index + 1, rank: random() }));
  return drawn
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}

/** Boundaries without their number, and without the id of the rollout that is in the names of units. */
function readTrace(file: string): string[] {
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  return lines.map((line) =>
    line
      .replace(/^\d+ /, "")
      .replaceAll(/-\w{12}(?=-h\d)/g, "")
      .replace(/@\d+$/, ""),
  );
}

async function crashAt(
  bed: Bed,
  { at, trace, replicas }: { at: number; trace: string; replicas: number },
): Promise<Crash> {
  const { fleet } = bed;
  rmSync(trace, { force: true });
  const [before] = await fleet.releases();
  let end = "no rollout";
  let serves = "";
  let resumeMs = Number.NaN;
  const load = await underLoad(
    fleet,
    async () => {
      const env = { STATIONMASTER_FAULT_KILL_AT: String(at), STATIONMASTER_FAULT_TRACE: trace };
      const { signal } = await fleet.run(["deploy", "production", "--yes"], { env, deadlineMs: LONGEST_MS });
      if (signal !== "SIGKILL") throw new Error(`boundary ${at} was not reached`);
      const daemon = await startDaemon(fleet);
      resumeMs = daemon.readyMs;
      const [rollout] = (await statusOf(daemon)).rollouts;
      end = rollout?.state ?? end;
      serves = (rollout?.state === "SUCCEEDED" ? rollout.release : before) ?? "";
      await killDaemon(fleet, daemon);
    },
    { rate: RATE },
  );
  return {
    at,
    point: readTrace(trace).at(-1) ?? "",
    end,
    resumeMs,
    sent: load.sent,
    failures: load.failures.map(({ kind, reason }) => `${kind}: ${reason}`),
    wrong: await wrongWith(bed, { release: serves, replicas }),
  };
}

function format(kind: string, boundaries: number, crashes: readonly Crash[]): string {
  const resumes = crashes.map(({ resumeMs }) => resumeMs);
  const sum = (of: (crash: Crash) => number) => crashes.reduce((total, crash) => total + of(crash), 0);
  const failed = sum(({ failures }) => failures.length);
  const sent = sum((crash) => crash.sent);
  const whole = crashes.filter(({ end, wrong }) => end === "SUCCEEDED" && wrong.length === 0).length;
  return [
    `kill -9 of the controller at ${crashes.length < boundaries ? `a sample of ${crashes.length} (seed ${SEED})` : "each"} of the ${boundaries} boundaries of a ${kind} rollout on ${HOSTS} hosts (bake 1 s), then the start of a daemon; open-loop load of ${RATE} requests/s to each host`,
    table(
      ["", "boundary", "rollout", "resume s", "requests", "failed", "left over"],
      crashes.map(({ at, point, end, resumeMs, sent: requests, failures, wrong }) => [
        ...[at, point, end, seconds(resumeMs), requests, failures.length],
        wrong.join("; ") || "nothing",
      ]),
    ),
    verdict(
      `the same end after ${whole} of ${crashes.length} crashes: the new release on all hosts, nothing left over`,
      whole === crashes.length,
    ),
    verdict(`${failed} of ${sent} requests failed`, failed === 0),
    verdict(
      `start of the daemon to the end of the rollout (target < 35 s): p50 ${seconds(percentiles(resumes).p50)} s, max ${seconds(Math.max(...resumes))} s (n = ${resumes.length})`,
      resumes.every((ms) => ms < TARGET_MS),
    ),
    ...crashes.flatMap(({ at, failures }) => failures.slice(0, 3).map((text) => `failed at ${at}: ${text}`)),
  ].join("\n");
}

if (import.meta.main) console.log(await benchHostsCrash(process.argv.includes("--small") ? A_TRY : MANY));
