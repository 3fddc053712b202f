import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clock, systemClock } from "../core/clock.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { addCounts, type Bucket, BucketBuffer, countsOf, MINUTE_MS, noCounts, uptimeOf } from "./buckets.ts";
import { createGate } from "./gate.ts";
import { createKeeper } from "./keeper.ts";
import { deleteInBatches } from "./purge.ts";
import { RawResults } from "./raw.ts";
import { Series } from "./series.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const outcome = fc.constantFrom("ok" as const, "slow" as const, "fail" as const, "unknown" as const);
const run = fc.record({
  outcome,
  durationMs: fc.double({ min: 0, max: 20_000, noNaN: true }),
  startedAt: fc.integer({ min: 0, max: 10 * MINUTE_MS }),
});

test("the sum of the buckets is the sum of the runs, however often they are written while they grow", () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 200 }), fc.array(fc.nat({ max: 200 }), { maxLength: 5 }), (runs, writes) => {
      const buffer = new BucketBuffer(0);
      const written = new Map<number, Bucket>();
      for (const [index, result] of runs.entries()) {
        buffer.add("a", result.startedAt, countsOf(result));
        if (!writes.includes(index)) continue;
        const changed = buffer.changed();
        for (const bucket of changed) written.set(bucket.epoch, bucket);
        buffer.stored(changed);
        buffer.forget(result.startedAt);
        expect(buffer.changed()).toEqual([]);
      }
      for (const bucket of buffer.all()) written.set(bucket.epoch, bucket);
      const total = [...written.values()].reduce(addCounts, noCounts);
      const expected = runs.map(countsOf).reduce(addCounts, noCounts);
      expect({ ...total, sumMs: Math.round(total.sumMs) }).toEqual({ ...expected, sumMs: Math.round(expected.sumMs) });
    }),
  );
});

test("uptime counts slow as up and unknown as nothing", () => {
  expect(uptimeOf(noCounts)).toBeNull();
  expect(uptimeOf({ ok: 1, slow: 2, fail: 1 })).toBe(0.75);
});

function at(start: number): { clock: Clock; move(ms: number): void } {
  let now = start;
  return {
    clock: { ...systemClock, now: () => now },
    move: (ms) => {
      now += ms;
    },
  };
}

test("what is written and the open minute are read as one, also by the next process", async () => {
  const noon = Date.UTC(2026, 0, 2, 12, 0, 0);
  const { clock, move } = at(noon);
  const gate = createGate(clock);
  const series = new Series({ store, clock, gate });
  const add = (result: "ok" | "slow" | "fail", durationMs: number) =>
    series.add("c", { outcome: result, durationMs, startedAt: clock.now() });
  for (let i = 0; i < 30; i++) {
    add(i % 10 === 9 ? "fail" : "ok", 100);
    move(10_000);
  }
  await series.flush();
  add("slow", 900);
  const counted = async (source: Series) => {
    const { points } = await source.series("c", 60 * MINUTE_MS);
    return points.reduce(
      (sum, point) => ({ ok: sum.ok + point.ok, slow: sum.slow + point.slow, fail: sum.fail + point.fail }),
      { ok: 0, slow: 0, fail: 0 },
    );
  };
  expect(await counted(series)).toEqual({ ok: 27, slow: 1, fail: 3 });
  await Promise.all([series.flush(), series.flush()]);
  expect(await counted(series)).toEqual({ ok: 27, slow: 1, fail: 3 });
  const later = new Series({ store, clock, gate });
  later.add("c", { outcome: "ok", durationMs: 100, startedAt: clock.now() });
  expect(await counted(later)).toEqual({ ok: 28, slow: 1, fail: 3 });
  const summary = (await later.summaries(["c", "nothing"])).get("c");
  expect(summary?.uptime24h).toBeCloseTo(29 / 32, 6);
  expect(summary?.p50).toBeGreaterThan(91);
  expect(summary?.p50).toBeLessThan(110);
  expect(summary?.p99).toBeGreaterThan(800);
  expect((await later.summaries(["nothing"])).get("nothing")).toEqual({
    uptime24h: null,
    p50: null,
    p95: null,
    p99: null,
  });
});

test("the open minute is in the store after each write, in one row, and what is over is not kept in memory", async () => {
  const { clock, move } = at(Date.UTC(2026, 0, 4, 12, 0, 0));
  const series = new Series({ store, clock, gate: createGate(clock) });
  for (let i = 1; i <= 6; i++) {
    series.add("open", { outcome: "ok", durationMs: 5, startedAt: clock.now() });
    await series.flush();
    const { rows } = await store.pool.query("select ok from bucket_minute where check_id = 'open'");
    expect(rows).toEqual([{ ok: i }]);
    move(9_000);
  }
  const killed = new Series({ store, clock, gate: createGate(clock) });
  expect((await killed.series("open", 60 * MINUTE_MS)).points.at(-1)).toMatchObject({ ok: 6 });
});

test("steps grow with the window, and minutes without a run are gaps", async () => {
  const { clock } = at(Date.UTC(2026, 0, 3, 12, 0, 30));
  const series = new Series({ store, clock, gate: createGate(clock) });
  series.add("gap", { outcome: "ok", durationMs: 5, startedAt: clock.now() });
  const hour = await series.series("gap", 60 * MINUTE_MS);
  expect([hour.stepMs, hour.points.length]).toEqual([MINUTE_MS, 60]);
  expect(hour.points.at(-1)).toMatchObject({ at: "2026-01-03T12:00:00.000Z", ok: 1 });
  expect(hour.points[0]).toMatchObject({ ok: 0, fail: 0, unknown: 0, p50: null });
  const week = await series.series("gap", 7 * 24 * 60 * MINUTE_MS);
  expect(week.points.length).toBeLessThanOrEqual(120);
});

test("old buckets are removed", async () => {
  const { clock, move } = at(Date.UTC(2025, 0, 1));
  const series = new Series({ store, clock, gate: createGate(clock) });
  series.add("old", { outcome: "ok", durationMs: 5, startedAt: clock.now() });
  move(2 * MINUTE_MS);
  series.add("old", { outcome: "ok", durationMs: 5, startedAt: clock.now() });
  await series.flush();
  const before = new Date(clock.now() - MINUTE_MS);
  expect(await deleteInBatches(store, { table: "bucket_minute", time: "minute", before })).toBe(1);
  const left = await store.pool.query("select count(*)::int as n from bucket_minute where check_id = 'old'");
  expect(left.rows[0].n).toBe(1);
});

test("a failed write keeps its buckets; verdict_event refuses changes", async () => {
  const { clock, move } = at(Date.UTC(2026, 0, 5));
  const gate = createGate(clock);
  const series = new Series({ store, clock, gate });
  series.add("kept", { outcome: "ok", durationMs: 5, startedAt: clock.now() });
  move(2 * MINUTE_MS);
  await store.pool.query("alter table bucket_minute rename to elsewhere");
  await expect(series.flush()).rejects.toThrow();
  expect(await gate.blind(clock.monotonic())).not.toBeNull();
  expect((await series.summaries(["kept"])).get("kept")?.uptime24h).toBe(1);
  await store.pool.query("alter table elsewhere rename to bucket_minute");
  await series.flush();
  expect(await gate.blind(clock.monotonic())).toBeNull();
  const found = await store.pool.query("select ok from bucket_minute where check_id = 'kept'");
  expect(found.rows).toEqual([{ ok: 1 }]);
  await expect(store.pool.query("truncate verdict_event")).rejects.toThrow("append-only");
});

test("what is counted is in the store within ten seconds, whatever the minute", async () => {
  const start = performance.now();
  // Ten times as fast as ours.
  const clock: Clock = { ...systemClock, monotonic: () => start + (performance.now() - start) * 10 };
  const gate = createGate(clock);
  const series = new Series({ store, clock, gate });
  const keeper = createKeeper({
    ...{ store, clock, gate, series, raw: new RawResults() },
    ...{ isBeingTold: () => false, onTidy: async () => {}, onProblem: () => {} },
  });
  keeper.start();
  series.add("soon", { outcome: "ok", durationMs: 5, startedAt: clock.now() });
  try {
    for (const end = Date.now() + 20_000; Date.now() < end; await systemClock.sleep(50)) {
      const { rows } = await store.pool.query("select ok from bucket_minute where check_id = 'soon'");
      if (rows.length === 1) return;
    }
    throw new Error("it was not written");
  } finally {
    await keeper.stop(5_000);
  }
});
