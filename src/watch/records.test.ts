import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { DAY_MS, MINUTE_MS } from "./buckets.ts";
import { createGate } from "./gate.ts";
import { createRecords } from "./records.ts";
import { until } from "./testing.ts";
import type { RunResult } from "./types.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const START = Date.UTC(2026, 2, 10, 12);
const EVERY_MS = 10_000;

function recordsAt(now: () => number) {
  const clock = { ...systemClock, now, monotonic: now };
  return createRecords({
    ...{ store, clock, gate: createGate(systemClock), inMaintenance: () => false, isBeingTold: () => false },
    onProblem: (_, error) => {
      throw error;
    },
  });
}

function run(startedAt: number, durationMs: number, kind: RunResult["kind"] = "scheduled"): RunResult {
  return {
    ...{ plannedAt: startedAt, startedAt, durationMs, kind },
    outcome: "ok",
    class: null,
    family: null,
    detail: null,
  };
}

test("a check that became slow says since when about, from what is stored of it", async () => {
  for (const day of [1, 2, 3])
    await store.pool.query(
      `INSERT INTO bucket_hour (check_id, at, ok, slow, fail, unknown, skipped, maintenance, blips, sum_ms, histogram)
       VALUES ('slow', $1, 100, 0, 0, 0, 0, 0, 0, 10000, '{"26":100}')`,
      [new Date(START - day * DAY_MS)],
    );
  let now = START;
  const records = recordsAt(() => now);
  records.start();
  let said: Awaited<ReturnType<typeof records.slowness>> = {};
  await until("what is usual is known", async () => {
    for (let probe = 0; probe < 20; probe++) said = await records.slowness("slow", run(now, 5_000), "UP");
    return said.brownOut !== undefined;
  });
  // Those are forgotten when it is looked at anew.
  now += 20 * MINUTE_MS;
  const change = now + 10 * MINUTE_MS;
  for (said = {}; said.brownOut === undefined; now += EVERY_MS) {
    const result = run(now, now < change ? 100 + ((now / EVERY_MS) % 7) : 900);
    records.count("slow", result);
    said = await records.slowness("slow", result, "UP");
  }
  expect(now).toBeLessThan(change + 10 * MINUTE_MS);
  expect(said).toEqual({ brownOut: expect.stringContaining("95 %"), slowSince: change });
  expect(await records.slowness("slow", run(now, 900), "DEGRADED")).not.toHaveProperty("slowSince");
  // When all become slow together, it is looked for a few of them at a time; the others are told without.
  const together = await Promise.all(Array.from({ length: 20 }, () => records.slowness("slow", run(now, 900), "UP")));
  expect(together.every(({ brownOut }) => brownOut !== undefined)).toBe(true);
  expect(together.filter(({ slowSince }) => slowSince === change)).toHaveLength(4);
  expect(await records.slowness("slow", run(now, 900), "UP")).toMatchObject({ slowSince: change });
  await records.stop(5_000);
});

test("confirmations count nowhere: they come in clusters just when something fails", async () => {
  const records = recordsAt(() => START);
  records.count("confirmed", run(START, 10));
  records.count("confirmed", { ...run(START, 10, "confirmation"), outcome: "fail" });
  const { points } = await records.series("confirmed", 10 * MINUTE_MS);
  expect(points.at(-1)).toMatchObject({ ok: 1, fail: 0 });
});
