import { afterAll, beforeAll, expect, test } from "vitest";
import { SloReport } from "../contract/slo.ts";
import { systemClock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { incident } from "../store/tables/incidents.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { createGate } from "../watch/gate.ts";
import { tidyHistory } from "../watch/rollup.ts";
import { Series } from "../watch/series.ts";
import type { CheckSpec, VerdictEvent } from "../watch/types.ts";
import { createWatch, type Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import { judgeObjectives, readObjectives } from "./slo.ts";

const MINUTE_MS = 60_000;

let store: TestStore;
let now = Date.UTC(2026, 3, 1, 12, 0, 0);
const clock = { ...systemClock, now: () => now };
const watches: Watch[] = [];

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  for (const watch of watches) await watch.stop();
  await store.drop();
});

function engine(objective?: number): Engine {
  const slo = objective === undefined ? undefined : { objective };
  const manifest = {
    project: "shop",
    services: { api: { critical: true, slo }, job: { critical: false } },
    checks: {},
  };
  return { store, clock, environment: "local", manifest } as unknown as Engine;
}

const spec: CheckSpec = {
  ...{ id: "local/api/health", environment: "local", service: "api", component: "service", type: "http" },
  ...{ everyMs: MINUTE_MS, timeoutMs: 1_000, critical: true, recheck: 2, target: "GET http://127.0.0.1:9/" },
  options: { url: "http://127.0.0.1:9/", every: MINUTE_MS, critical: true },
};

async function watching() {
  const events: VerdictEvent[] = [];
  const watch = createWatch({
    ...{ store, clock, environment: "local", redact: createRedactor() },
    processes: () => Promise.reject(new Error("unused")),
    onVerdict: (event) => void events.push(event),
    onProblem: (what, error) => console.error(what, error),
  });
  watches.push(watch);
  await watch.setChecks([spec]);
  const told = async (count: number) => {
    for (let tries = 0; events.length < count && tries < 500; tries++) await systemClock.sleep(20);
    return events.map(({ to, class: name }) => `${to} ${name}`);
  };
  return { watch, events, told };
}

async function run(outcomes: ("ok" | "fail" | "unknown")[]): Promise<void> {
  const series = new Series({ store, clock, gate: createGate(systemClock) });
  for (const outcome of outcomes) {
    now += MINUTE_MS;
    series.add("local/api/health", { outcome, durationMs: 10, startedAt: now });
  }
  await series.flush();
}

const times = <T>(count: number, value: T) => Array.from({ length: count }, () => value);

test("a budget that is used up too fast is told, rises, outlives the daemon, and ends", async () => {
  const first = await watching();
  // Each rule needs half of its long window, which is a day and a half for the slowest.
  await run([...times(2_200, "ok" as const), ...times(30, "unknown" as const)]);
  await judgeObjectives(engine(), first.watch);
  await run(["fail"]);
  await judgeObjectives(engine(), first.watch);
  expect(first.events).toEqual([]);
  await run(["fail", "fail", "fail"]);
  await judgeObjectives(engine(), first.watch);
  expect(await first.told(1)).toEqual(["DOWN burn:14.4"]);
  expect(first.events[0]).toMatchObject({
    checkId: "local/slo/api",
    service: "api",
    component: "slo",
    from: "UNKNOWN",
  });
  await judgeObjectives(engine(), first.watch);
  await first.watch.setChecks([spec]);
  await first.watch.stop();

  const second = await watching();
  await judgeObjectives(engine(), second.watch);
  expect(await second.watch.synthetic()).toEqual([{ id: "local/slo/api", verdict: "DOWN" }]);
  await run(times(20, "ok"));
  await judgeObjectives(engine(), second.watch);
  expect(await second.told(1)).toEqual(["DOWN burn:6"]);
  await run(times(40, "ok"));
  await judgeObjectives(engine(), second.watch);
  expect(await second.told(2)).toEqual(["DOWN burn:6", "DEGRADED burn:1"]);
  await run(times(361, "ok"));
  await judgeObjectives(engine(), second.watch);
  expect((await second.told(3)).at(-1)).toBe("UP null");
  expect(first.events).toHaveLength(1);
});

test("an objective that is taken back ends what it said", async () => {
  const { watch, told } = await watching();
  await run([...times(40, "ok" as const), ...times(4, "fail" as const)]);
  await judgeObjectives(engine(), watch);
  await told(1);
  const without = { ...engine(), manifest: { project: "shop", services: {}, checks: {} } } as unknown as Engine;
  await judgeObjectives(without, watch);
  expect((await told(2)).at(-1)).toBe("UP null");
});

test("what is reported: attained, budget, coverage, and downtime of its incidents", async () => {
  await store.pool.query("truncate bucket_minute, bucket_hour, bucket_day, bucket_mark");
  const { watch } = await watching();
  // Roll-ups begin with full hours.
  now = Math.ceil(now / 3_600_000) * 3_600_000;
  await run([...times(196, "ok" as const), ...times(2, "fail" as const), ...times(2, "unknown" as const)]);
  await tidyHistory(store, now + 10 * MINUTE_MS);
  const reports = SloReport.array().parse(await readObjectives(engine(99), watch));
  expect(reports).toMatchObject([{ name: "api", service: "api", objective: 0.99, runs: 198, downtimeMinutes: 0 }]);
  expect(reports[0]?.attained).toBeCloseTo(196 / 198);
  expect(reports[0]?.budgetLeft).toBeCloseTo(1 - 2 / 1.98);
  expect(reports[0]?.coverage).toBeCloseTo(198 / 200, 1);
  expect(reports[0]?.burn["1h"]).toBeGreaterThan(1);
});

test("downtime is that of checks whose runs count: a late job is none, and what failed beside it is", async () => {
  const { watch } = await watching();
  const manifest = { ...engine(99).manifest, checks: { nightly: { service: "api", heartbeat: {} } } };
  const withJob = { ...engine(99), manifest } as unknown as Engine;
  const downtime = async () => (await readObjectives(withJob, watch)).map(({ downtimeMinutes }) => downtimeMinutes);
  await failing("late", ["local/check/nightly"]);
  expect(await downtime()).toEqual([0]);
  await failing("both", ["local/check/nightly", "local/check/home"]);
  expect(await downtime()).toEqual([5]);
});

/** An incident of the service that began five minutes ago. */
async function failing(id: string, checks: readonly string[]): Promise<void> {
  const at = new Date(now - 5 * MINUTE_MS);
  await store.db.insert(incident).values({
    ...{ id, key: id, app: "shop", environment: "local", service: "api", component: id, family: "availability" },
    ...{ state: "open", severity: "SEV2", symptom: "late", occurrence: 1, events: 0, needs: [], healing: {} },
    ...{ escalated: false, frozen: false, recurring: false, onset: at, detectedAt: at, failingSince: at, openedAt: at },
    members: Object.fromEntries(checks.map((check) => [check, {}])),
  });
}
