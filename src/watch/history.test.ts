import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CheckResult } from "../contract/check.ts";
import { systemClock } from "../core/clock.ts";
import { emptyHistogram, type Histogram, mergeHistograms } from "../core/histogram.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./buckets.ts";
import { createGate } from "./gate.ts";
import { readBuckets, readTotals } from "./history.ts";
import { purgeResults, RawResults, readResults, writeResults } from "./raw.ts";
import { readMarks, tidyHistory } from "./rollup.ts";
import { Series } from "./series.ts";
import { loadUsual } from "./usual.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const START = Date.UTC(2026, 2, 1, 0, 0, 0);

function seriesAt(now: () => number): Series {
  const clock = { ...systemClock, now };
  return new Series({ store, clock, gate: createGate(clock) });
}

const tables = ["bucket_minute", "bucket_hour", "bucket_day", "bucket_mark"];
const empty = () => store.pool.query(`truncate ${tables.join(", ")}`);

async function total(
  table: string,
): Promise<{ runs: number; failed: number; maintenance: number; histogram: Histogram }> {
  const { rows } = await store.pool.query(
    `select ok + slow + fail + unknown as runs, fail, maintenance, histogram from ${table}`,
  );
  return rows.reduce(
    (sum, row) => ({
      runs: sum.runs + Number(row.runs),
      failed: sum.failed + Number(row.fail),
      maintenance: sum.maintenance + Number(row.maintenance),
      histogram: mergeHistograms(sum.histogram, row.histogram),
    }),
    { runs: 0, failed: 0, maintenance: 0, histogram: emptyHistogram },
  );
}

const run = fc.record({
  outcome: fc.constantFrom("ok" as const, "ok" as const, "slow" as const, "fail" as const, "unknown" as const),
  durationMs: fc.double({ min: 0, max: 20_000, noNaN: true }),
  offset: fc.integer({ min: 0, max: 3 * DAY_MS - 1 }),
  inMaintenance: fc.boolean(),
});

test("roll-up totals equal raw totals, however often and in how many steps they are made", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 120 }), fc.nat({ max: 4 }), async (runs, steps) => {
      await empty();
      const series = seriesAt(() => START + 4 * DAY_MS);
      for (const { offset, inMaintenance, ...result } of runs)
        series.add("r", { ...result, startedAt: START + offset }, { inMaintenance });
      await series.flush();
      for (let step = 1; step <= steps; step++) await tidyHistory(store, START + (step * 4 * DAY_MS) / 5);
      await tidyHistory(store, START + 4 * DAY_MS);
      await tidyHistory(store, START + 4 * DAY_MS);
      const [minutes, hours, days] = await Promise.all(tables.slice(0, 3).map(total));
      expect(hours).toEqual(minutes);
      expect(days).toEqual(minutes);
      expect((minutes?.runs ?? 0) + (minutes?.maintenance ?? 0)).toBe(runs.length);
      for (const grain of ["minute", "hour", "day"] as const) {
        const [totals] = await readTotals(store, { ids: ["r"], since: START, grain });
        expect(totals).toMatchObject({ fail: minutes?.failed, maintenance: minutes?.maintenance });
      }
    }),
    { numRuns: 12 },
  );
});

test("a reader of large buckets gets each minute once, from where they end on in smaller ones", async () => {
  await empty();
  let now = START;
  const series = seriesAt(() => now);
  for (; now < START + 2 * DAY_MS + 5 * HOUR_MS; now += 10 * MINUTE_MS)
    series.add("w", { outcome: "ok", durationMs: 10, startedAt: now });
  await series.flush();
  await tidyHistory(store, now - 30 * MINUTE_MS);
  expect(await readMarks(store)).toEqual({ hour: START + 2 * DAY_MS + 4 * HOUR_MS, day: START + 2 * DAY_MS });
  const expected = ((now - START) / (10 * MINUTE_MS)) | 0;
  for (const [grain, most] of [
    ["minute", expected],
    ["hour", 60],
    ["day", 12],
  ] as const) {
    const buckets = await readBuckets(store, { ids: ["w"], since: START, grain });
    expect(buckets.reduce((sum, { ok }) => sum + ok, 0)).toBe(expected);
    expect(buckets.length).toBeLessThanOrEqual(most);
  }
  const year = await series.series("w", 90 * DAY_MS);
  expect(year.stepMs).toBe(DAY_MS);
  expect(year.points.reduce((sum, { ok }) => sum + ok, 0)).toBe(expected);
  expect((await series.summaries(["w"])).get("w")?.uptime24h).toBe(1);
});

test("a clock that was a year ahead leaves no mark behind that hides what is written after it", async () => {
  await empty();
  let now = START;
  const series = seriesAt(() => now);
  await store.pool.query("insert into bucket_mark values ('hour', $1), ('day', $1)", [new Date(START + 365 * DAY_MS)]);
  for (; now < START + 3 * HOUR_MS; now += 10 * MINUTE_MS)
    series.add("ahead", { outcome: "ok", durationMs: 10, startedAt: now });
  await series.flush();
  await tidyHistory(store, now);
  expect(await readMarks(store)).toEqual({ hour: START + 2 * HOUR_MS, day: START });
  const [totals] = await readTotals(store, { ids: ["ahead"], since: START, grain: "hour" });
  expect(totals?.ok).toBe(18);
});

test("what comes late is found by the next roll-up; what is older than it is kept goes", async () => {
  await empty();
  let now = START + HOUR_MS + 6 * MINUTE_MS;
  const series = seriesAt(() => now);
  series.add("late", { outcome: "ok", durationMs: 10, startedAt: START });
  await series.flush();
  await tidyHistory(store, now);
  series.add("late", { outcome: "fail", durationMs: 10, startedAt: START + MINUTE_MS });
  await series.flush();
  now += HOUR_MS;
  await tidyHistory(store, now);
  expect(await total("bucket_hour")).toMatchObject({ runs: 2, failed: 1 });
  await tidyHistory(store, START + 8 * DAY_MS);
  expect(await total("bucket_minute")).toMatchObject({ runs: 0 });
  await tidyHistory(store, START + 91 * DAY_MS);
  expect(await total("bucket_hour")).toMatchObject({ runs: 0 });
  expect(await total("bucket_day")).toMatchObject({ runs: 2 });
  await tidyHistory(store, START + 402 * DAY_MS);
  expect(await total("bucket_day")).toMatchObject({ runs: 0 });
});

test("what is usual at an hour comes from that hour of the last days", async () => {
  await empty();
  const now = START + 5 * DAY_MS + 12.5 * HOUR_MS;
  const series = seriesAt(() => now);
  for (let day = 0; day < 5; day++)
    for (let minute = 0; minute < 60; minute++) {
      const at = START + day * DAY_MS + minute * MINUTE_MS;
      series.add("noon", { outcome: "ok", durationMs: 100, startedAt: at + 12 * HOUR_MS });
      series.add("noon", { outcome: "ok", durationMs: 2_000, startedAt: at + 3 * HOUR_MS });
      if (day < 2) series.add("young", { outcome: "ok", durationMs: 100, startedAt: at + 12 * HOUR_MS });
    }
  await series.flush();
  await tidyHistory(store, now);
  const usual = await loadUsual(store, now);
  expect(usual.get("noon")).toBeGreaterThan(91);
  expect(usual.get("noon")).toBeLessThan(110);
  expect(usual.has("young")).toBe(false);
});

function result(at: number, outcome: CheckResult["outcome"] = "ok"): CheckResult {
  const said = outcome === "ok" ? { class: null, detail: null } : { class: "refused", detail: "refused" };
  return {
    at: new Date(at).toISOString(),
    kind: "scheduled",
    outcome,
    ...said,
    durationMs: 5,
    phases: null,
    facts: {},
  };
}

test("single results: what failed, ten runs on each side of a change, all where it is asked for; for 48 hours", async () => {
  const raw = new RawResults();
  let at = START;
  const add = (outcome: CheckResult["outcome"], moved = false) => {
    at += 1_000;
    raw.add("raw", result(at, outcome), { moved, keepAll: false });
  };
  for (let i = 0; i < 30; i++) add("ok");
  expect(raw.waiting()).toHaveLength(0);
  add("fail", true);
  add("fail");
  for (let i = 0; i < 30; i++) add("ok", i === 0);
  expect(raw.waiting().map(({ result: { outcome } }) => outcome)).toEqual([
    ...Array.from({ length: 10 }, () => "ok"),
    ...["fail", "fail"],
    ...Array.from({ length: 11 }, () => "ok"),
  ]);
  for (let i = 0; i < 3; i++) raw.add("every", result(START + i), { moved: false, keepAll: true });
  await writeResults(store, raw.waiting());
  await writeResults(store, raw.waiting());
  raw.written(raw.waiting());
  expect(raw.waiting()).toHaveLength(0);
  const read = await readResults(store, "raw", { before: new Date(at + 1), limit: 100 });
  expect(read).toHaveLength(23);
  expect(read.find(({ outcome }) => outcome === "fail")).toEqual(result(START + 32_000, "fail"));
  expect(await readResults(store, "every", { before: new Date(START + 2), limit: 1 })).toEqual([result(START + 1)]);
  expect(await purgeResults(store, START + 49 * HOUR_MS)).toBe(26);
});

test("results in memory have a bound", () => {
  const raw = new RawResults();
  for (let i = 0; i < 12_000; i++) raw.add(`c${i}`, result(START, "fail"), { moved: false, keepAll: false });
  expect(raw.lost).toBe(2_000);
});
