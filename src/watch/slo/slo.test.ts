import fc from "fast-check";
import { expect, test } from "vitest";
import { burnRate, firingRule, noTally, type Tally, WINDOWS, type Window } from "./burn.ts";
import { covered } from "./downtime.ts";
import { objectivesOf } from "./objectives.ts";
import { sloStatement, toSloReport } from "./report.ts";

const OBJECTIVE = 0.999;

function tallies(given: Partial<Record<Window, [passed: number, failed: number]>>): Record<Window, Tally> {
  const of = (window: Window) => {
    const [passed = 0, failed = 0] = given[window] ?? [];
    return { passed, failed, spanMs: WINDOWS[window] };
  };
  return { "5m": of("5m"), "30m": of("30m"), "1h": of("1h"), "6h": of("6h"), "3d": of("3d") };
}

test.each([
  ["nothing known", {}, null],
  ["all well", { "1h": [60, 0], "5m": [5, 0], "6h": [360, 0], "30m": [30, 0], "3d": [4_320, 0] }, null],
  ["one failed run at one a minute burns 16.7 and calls nobody", { "1h": [59, 1], "5m": [4, 1] }, null],
  ["two in the hour are too few", { "1h": [58, 2], "5m": [3, 2] }, null],
  ["three, two of them just now", { "1h": [57, 3], "5m": [3, 2] }, 14.4],
  ["three, of which one just now: it is over", { "1h": [57, 3], "5m": [4, 1] }, null],
  ["too few results to say anything", { "1h": [26, 3], "5m": [3, 2] }, null],
  ["slow burn over six hours", { "1h": [1_195, 5], "5m": [98, 2], "6h": [7_150, 50], "30m": [590, 10] }, 6],
  ["the six hours are bad, the half hour is not", { "6h": [7_150, 50], "30m": [600, 0] }, null],
  ["three days", { "6h": [700, 20], "30m": [60, 0], "3d": [8_620, 20] }, 1],
  ["the fastest counts", { "1h": [50, 10], "5m": [3, 2], "6h": [350, 10], "30m": [25, 5], "3d": [4_310, 10] }, 14.4],
] as const)("burn: %s", (_, given, burn) => {
  const windows = given as unknown as Parameters<typeof tallies>[0];
  expect(firingRule(tallies(windows), OBJECTIVE)?.burn ?? null).toBe(burn);
});

test("a rule is silent until half of its long window was watched", () => {
  const all = tallies({ "1h": [57, 3], "5m": [3, 2], "6h": [57, 3], "30m": [27, 3], "3d": [57, 3] });
  const watchedFor = (spanMs: number) => {
    const cut = (window: Window) => ({ ...all[window], spanMs: Math.min(spanMs, WINDOWS[window]) });
    return { "5m": cut("5m"), "30m": cut("30m"), "1h": cut("1h"), "6h": cut("6h"), "3d": cut("3d") };
  };
  expect(firingRule(watchedFor(29 * 60_000), OBJECTIVE)).toBeNull();
  expect(firingRule(watchedFor(30 * 60_000), OBJECTIVE)?.burn).toBe(14.4);
});

test("a burn of 1 uses the budget of the window in the window", () => {
  expect(burnRate({ passed: 999, failed: 1 }, OBJECTIVE)).toBeCloseTo(1);
  expect(burnRate({ passed: 59, failed: 1 }, OBJECTIVE)).toBeCloseTo(16.7, 1);
  expect(burnRate(noTally, OBJECTIVE)).toBeNull();
});

test("what holds is told as a verdict, and as UP when nothing does", () => {
  const api = { name: "api", service: "api", objective: OBJECTIVE, critical: true, checkIds: ["local/api/health"] };
  const bad = sloStatement("local", api, tallies({ "1h": [57, 3], "5m": [3, 2] }));
  expect(bad).toMatchObject({
    ...{ id: "local/slo/api", service: "api", component: "slo", verdict: "DOWN", class: "burn:14.4" },
    detail:
      "the error budget of api is used up 50.0 times too fast: 3 of 60 runs failed in 1h, and they still do in 5m",
  });
  const ticket = sloStatement("local", api, tallies({ "6h": [700, 20], "3d": [8_620, 20] }));
  expect(ticket).toMatchObject({ verdict: "DEGRADED", class: "burn:1" });
  expect(sloStatement("local", api, tallies({}))).toMatchObject({ verdict: "UP", class: null });
});

test("unknown and maintenance are on neither side; they and gaps show in the coverage", () => {
  const api = { name: "api", service: "api", objective: 0.99, critical: true, checkIds: ["a"] };
  const now = 3_600_000;
  const totals = [{ checkId: "a", ok: 90, slow: 9, fail: 1, unknown: 20, skipped: 0, maintenance: 60, since: 0 }];
  const known = { totals, everyMs: new Map([["a", 10_000]]), windowDays: 30, downtimeMs: 90_000, now };
  const report = toSloReport(api, { ...known, tallies: tallies({ "1h": [99, 1] }) });
  expect(report).toMatchObject({ attained: 0.99, runs: 100, downtimeMinutes: 1.5, alert: null });
  expect(report.budgetLeft).toBeCloseTo(0);
  expect(report.burn["1h"]).toBeCloseTo(1);
  // 360 runs were due, 60 of them in maintenance; of the other 300 said 100 something.
  expect(report.coverage).toBeCloseTo(100 / 300);
  const none = toSloReport(api, { ...known, totals: [], tallies: tallies({}) });
  expect(none).toMatchObject({ attained: null, budgetLeft: null, coverage: null, runs: 0 });
});

test("critical services have an objective by themselves, others and checks where the manifest says so", () => {
  const watched = [
    { id: "local/api/health", service: "api" },
    { id: "local/api/process", service: "api" },
    { id: "local/check/login", service: "api" },
    { id: "local/check/backup", service: "api" },
    { id: "local/check/queue", service: "mail" },
    { id: "local/job/process", service: "job" },
    { id: "local/check/certificate", service: null },
  ];
  const objectives = objectivesOf({
    environment: "local",
    watched,
    services: {
      api: { critical: true },
      job: { critical: false },
      mail: { critical: true, kind: "worker" },
      gone: { critical: true },
    },
    checks: {
      login: { critical: false, service: "api", slo: { objective: 99 } },
      backup: { critical: true, service: "api", heartbeat: {} },
      queue: { critical: true, service: "mail", heartbeat: {} },
      certificate: { critical: true },
    },
  });
  expect(objectives).toEqual([
    {
      ...{ name: "api", service: "api", objective: 0.999, critical: true },
      checkIds: ["local/api/health", "local/api/process", "local/check/login"],
    },
    { name: "mail", service: "mail", objective: 0.999, critical: true, checkIds: ["local/check/queue"] },
    { name: "check/login", service: "api", objective: 0.99, critical: false, checkIds: ["local/check/login"] },
  ]);
});

test("downtime is the union of intervals, cut to the window", () => {
  expect(covered([], 0, 100)).toBe(0);
  expect(
    covered(
      [
        { start: 10, end: 20 },
        { start: 15, end: 30 },
        { start: 16, end: 18 },
        { start: 90, end: null },
        { start: -50, end: 5 },
      ],
      0,
      100,
    ),
  ).toBe(35);
  const interval = fc
    .tuple(fc.integer({ min: -50, max: 150 }), fc.nat({ max: 80 }))
    .map(([start, length]) => ({ start, end: start + length }));
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), (intervals) => {
      const minutes = Array.from({ length: 100 }, (_, at) => at);
      const down = minutes.filter((at) => intervals.some(({ start, end }) => start <= at && at < end));
      expect(covered(intervals, 0, 100)).toBe(down.length);
    }),
  );
});
