import { setTimeout as delay } from "node:timers/promises";
import { startTestServer } from "../src/store/testing.ts";
import { type Lab, type LabOptions, openLab, service } from "../test/lab/lab.ts";
import { until } from "../test/lab/until.ts";
import {
  changeVersion,
  closeLab,
  killDaemon,
  lookUntilWell,
  type RunningDaemon,
  rollBack,
  startDaemon,
  statusOf,
} from "./daemon.ts";
import { type LoadReport, percentiles, runLoad } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

interface Scenario {
  name: string;
  /** End states with their number, e.g. `SUCCEEDED 20`. */
  ends: Record<string, number>;
  /** Length of each rollout, or from the restart of the daemon to "ready". */
  tookMs: number[];
  load: LoadReport;
  /** What was not as it should be after a rollout, and what the checks still said ten seconds later. */
  wrong: string[];
  unwell: string[];
}

export interface RolloutsBench {
  rate: number;
  scenarios: Scenario[];
}

const RATE = 270;
const BAKE = { bake: "1s" };
/** Rollouts of each scenario. */
const COUNTS = { deploys: 20, rollbacks: 5, kills: 6, others: 3 };
const TARGET_N = 30_000;
/** About the length of a rollout here, so that a kill hits any part of it. */
const KILL_WITHIN_MS = 3_500;

interface Bed {
  lab: Lab;
  daemon: RunningDaemon;
  scenario: Scenario;
}

/** Counts failed requests while rollouts of each strategy run with either store, and while the daemon is killed in the middle of them. */
export async function benchRollouts(counts: Partial<typeof COUNTS> = {}): Promise<RolloutsBench> {
  const all = { ...COUNTS, ...counts };
  const { server, stop } = await startTestServer();
  process.env.TEST_STORE_URL = server.url();
  try {
    return { rate: RATE, scenarios: [...(await withOwnStore(all)), ...(await withUrl(all))] };
  } finally {
    delete process.env.TEST_STORE_URL;
    await stop();
  }
}

async function withOwnStore({ deploys, rollbacks, kills, others }: typeof COUNTS): Promise<Scenario[]> {
  const blueGreen: LabOptions = { strategy: { kind: "blue-green", ...BAKE }, store: "embedded" };
  return [
    await scenario(`blue-green: ${deploys} deploys, ${rollbacks} rollbacks`, blueGreen, async (bed) => {
      await repeat(deploys - rollbacks, () => ship(bed));
      await repeat(rollbacks, async () => {
        await ship(bed);
        await ship(bed, rollBack);
      });
    }),
    await scenario(`blue-green: daemon killed in ${kills} deploys`, blueGreen, (bed) =>
      repeat(kills, () => shipAndKill(bed)),
    ),
    ...(await eachStrategy(OTHERS, others, "embedded")),
  ];
}

async function withUrl({ others }: typeof COUNTS): Promise<Scenario[]> {
  return await eachStrategy([{ name: "blue-green", strategy: { kind: "blue-green" } }, ...OTHERS], others, "shared");
}

const OTHERS = [
  { name: "rolling, 2 replicas", strategy: { kind: "rolling" }, replicas: 2 },
  { name: "canary 10, 50, 100 %", strategy: { kind: "canary", steps: [10, 50, 100], every: "1s" }, replicas: 2 },
  { name: "recreate", strategy: { kind: "recreate" } },
];

async function eachStrategy(
  list: readonly { name: string; strategy: Record<string, unknown>; replicas?: number }[],
  times: number,
  store: NonNullable<LabOptions["store"]>,
): Promise<Scenario[]> {
  const found: Scenario[] = [];
  for (const { name, strategy, replicas = 1 } of list) {
    const where = store === "shared" ? ", DATABASE_URL" : "";
    const options = { services: { app: service({ replicas }) }, strategy: { ...strategy, ...BAKE }, store };
    found.push(await scenario(`${name}${where}: ${times} deploys`, options, (bed) => repeat(times, () => ship(bed))));
  }
  return found;
}

async function repeat(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < times; i++) await work();
}

async function scenario(name: string, options: LabOptions, work: (bed: Bed) => Promise<void>): Promise<Scenario> {
  const lab = await openLab(options);
  const end = new AbortController();
  try {
    const daemon = await startDaemon(lab);
    const [app] = (await statusOf(daemon)).services;
    const loading = runLoad({
      url: app?.url ?? "",
      rate: RATE,
      mix: { getKeepAlive: 2, getNew: 1, postBody: 1 },
      sse: "/events",
      websocket: "/ws",
      signal: end.signal,
    });
    const result: Omit<Scenario, "load"> = { name, ends: {}, tookMs: [], wrong: [], unwell: [] };
    const bed = { lab, daemon, scenario: result as Scenario };
    await work(bed);
    end.abort();
    return { ...result, load: await loading };
  } finally {
    end.abort();
    await closeLab(lab);
  }
}

async function ship(
  { lab, daemon, scenario: { ends, tookMs, wrong, unwell } }: Bed,
  how?: typeof rollBack,
): Promise<void> {
  if (!how) changeVersion(lab);
  const rollout = how ? await how(lab) : (await lab.deploy()).rollout;
  ends[rollout.state] = (ends[rollout.state] ?? 0) + 1;
  tookMs.push(Date.parse(rollout.endedAt ?? rollout.startedAt) - Date.parse(rollout.startedAt));
  if (rollout.state !== "SUCCEEDED") wrong.push(`${rollout.id} ended ${rollout.state}: ${rollout.reason}`);
  const world = await lookUntilWell(lab, daemon);
  wrong.push(...world.wrong);
  unwell.push(...world.unwell);
}

/** Kills the daemon at a random moment of a deployment and starts it again; a deployment that was faster is shipped anew. */
async function shipAndKill(bed: Bed): Promise<void> {
  const {
    lab,
    scenario: { ends, tookMs, wrong, unwell },
  } = bed;
  changeVersion(lab);
  const deploy = lab.start(["deploy", "local", "--yes"]);
  await until("the rollout", () => deploy.said().includes("→ "));
  const moment = Math.random() * KILL_WITHIN_MS;
  const early = await Promise.race([deploy.done, delay(moment)]);
  await killDaemon(lab, bed.daemon);
  deploy.child.kill("SIGKILL");
  await deploy.done;
  bed.daemon = await startDaemon(lab);
  if (early) return await shipAndKill(bed);
  tookMs.push(bed.daemon.readyMs);
  const [rollout] = (await statusOf(bed.daemon)).rollouts;
  const state = rollout?.state ?? "none";
  ends[state] = (ends[state] ?? 0) + 1;
  const world = await lookUntilWell(lab, bed.daemon);
  wrong.push(...world.wrong.map((text) => `killed after ${Math.round(moment)} ms: ${text}`));
  unwell.push(...world.unwell);
}

/** The result as a table for people. */
export function formatRollouts({ rate, scenarios }: RolloutsBench): string {
  const sent = scenarios.reduce((sum, { load }) => sum + load.sent, 0);
  const failed = scenarios.reduce((sum, { load }) => sum + load.failed, 0);
  const wrong = scenarios.flatMap((one) => one.wrong.map((text) => `${one.name}: ${text}`));
  const unwell = scenarios.flatMap((one) => one.unwell.map((text) => `${one.name}: ${text}`));
  return [
    `open-loop load of ${rate} requests/s (half on kept connections, a quarter on new ones, a quarter POST with a body), one SSE and one WebSocket client`,
    table(
      ["", "ended", "p50 s", "max s", "requests", "failed", "95 % bound", "p50 ms", "p99 ms", "SSE cuts", "WS cuts"],
      scenarios.map(({ name, ends, tookMs, load }) => [
        name,
        Object.entries(ends)
          .map(([state, count]) => `${state} ${count}`)
          .join(", "),
        seconds(percentiles(tookMs).p50),
        seconds(Math.max(...tookMs)),
        load.sent,
        load.failed,
        load.failed === 0 ? `${(300 / load.sent || 0).toFixed(3)} %` : "–",
        load.p50,
        load.p99,
        load.sse.cuts,
        load.ws.cuts,
      ]),
    ),
    "p50 s, max s: length of a rollout; for the killed daemon from its start to the end of the rollout it found",
    verdict(
      `${failed} of ${sent} requests failed (target 0 of at least ${TARGET_N})`,
      failed === 0 && sent >= TARGET_N,
    ),
    verdict("one whole release serves after every rollout, nothing else is left", wrong.length === 0),
    ...wrong,
    verdict("the checks say healthy at most 10 s after every rollout", unwell.length === 0),
    ...unwell,
    ...scenarios.flatMap(({ name, load }) =>
      load.failures.map(({ at, kind, reason }) => `failed (${name}): ${at} ${kind} ${reason}`),
    ),
  ].join("\n");
}

if (import.meta.main) process.stdout.write(`${formatRollouts(await benchRollouts())}\n`);
