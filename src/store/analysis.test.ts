import { afterAll, beforeAll, expect, test } from "vitest";
import { findAnalysis, saveAnalysis } from "./analysis.ts";
import { type HeldLease, takeLease } from "./leases.ts";
import { insertRollout } from "./rollouts.ts";
import { openTestStore, type TestStore } from "./testing.ts";
import { addTraffic, readTraffic } from "./traffic.ts";

const SCOPE = { app: "shop", env: "prod" };
let store: TestStore;
let held: HeldLease;
beforeAll(async () => {
  store = await openTestStore();
  held = (await takeLease(store.db, SCOPE, "me")) as HeldLease;
  const rest = { kind: "deploy", strategy: "canary", plan: {} as never, planHash: "h", state: "PLANNED" } as const;
  await insertRollout(store.db, { ...SCOPE, ...rest, id: "ro-1", release: "r2", generation: 1, actor: "test" });
});
afterAll(() => store.drop());

const row = (metric: string, candidateBad: number) => ({
  rolloutId: "ro-1",
  service: "api",
  metric,
  candidateRequests: 100,
  candidateBad,
  baselineRequests: 900,
  baselineBad: 9,
  sums: Array.from({ length: 20 }, (_, index) => candidateBad / 3 - index * 1e-9),
  state: { threshold: 12.5, before: null },
});

test("counts and sums come back as they were, the latest ones; who lost the lease writes nothing", async () => {
  await saveAnalysis(store.db, held, [row("errors", 1), row("latency-p95", 2)]);
  await saveAnalysis(store.db, held, [row("errors", 7), row("latency-p95", 8)]);
  const stored = await findAnalysis(store.db, "ro-1", "api");
  expect(stored).toEqual(
    [row("errors", 7), row("latency-p95", 8)].map((saved) => ({ ...saved, updatedAt: expect.any(Date) })),
  );
  expect(await findAnalysis(store.db, "ro-1", "web")).toEqual([]);
  const late = { ...held, generation: held.generation - 1 };
  await expect(saveAnalysis(store.db, late, [row("errors", 99)])).rejects.toMatchObject({ code: "SM-LEASE-LOST" });
  expect(await findAnalysis(store.db, "ro-1")).toEqual(stored);
});

test("minutes add up by release; what is older than asked for, or than a day, does not count", async () => {
  const count = (release: string, requests: number, errors: number) => ({ service: "api", release, requests, errors });
  const read = (more: { release?: string; withinMs?: number } = {}) =>
    readTraffic(store.db, { ...SCOPE, service: "api", withinMs: 1_800_000, ...more });
  expect(await read()).toEqual({ requests: 0, errors: 0, seconds: 0 });
  await addTraffic(store.db, SCOPE, [count("r1", 100, 1)]);
  const age = (by: string) => store.pool.query(`update traffic_minute set minute = minute - interval '${by}'`);
  await age("25 hours");
  await addTraffic(store.db, SCOPE, [count("r1", 600, 6)]);
  await age("10 minutes");
  await addTraffic(store.db, SCOPE, [count("r1", 60, 3), count("r2", 40, 0)]);
  await addTraffic(store.db, SCOPE, [count("r1", 0, 0)]);
  const all = await read();
  expect(all).toMatchObject({ requests: 700, errors: 9 });
  expect(all.seconds).toBeGreaterThanOrEqual(600);
  expect(all.seconds).toBeLessThan(800);
  expect(await read({ release: "r2" })).toMatchObject({ requests: 40, errors: 0 });
  expect(await read({ withinMs: 300_000 })).toMatchObject({ requests: 100, errors: 3 });
  expect((await store.pool.query("select count(*)::int n from traffic_minute")).rows[0].n).toBe(3);
});
