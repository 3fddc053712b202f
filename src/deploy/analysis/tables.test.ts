import { afterAll, beforeAll, expect, test } from "vitest";
import type { RolloutPlan } from "../../contract/rollout.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { addTraffic } from "../../store/traffic.ts";
import { resolveStrategy } from "../plan.ts";
import { chooseStrategy } from "./choose.ts";
import { readPower } from "./tables.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

test("the tables come from the service's own traffic, and the strategy from them", async () => {
  const strategy = resolveStrategy({ kind: "canary" }, { platform: "compose" });
  const { steps } = strategy;
  const services = [
    { service: "api", fromRelease: "r1", steps },
    { service: "new", fromRelease: null, steps: [100] },
    { service: "worker", fromRelease: "r1", steps: [] },
  ] as unknown as RolloutPlan["services"];
  const plan = { environment: "prod", strategy, services };
  expect(await readPower(store.db, "shop", plan)).toMatchObject([{ service: "api", rps: 0, rows: [] }]);
  await addTraffic(store.db, { app: "shop", env: "prod" }, [
    { service: "api", release: "r1", requests: 30_000, errors: 60 },
    { service: "api", release: "r0", requests: 6_000, errors: 12 },
  ]);
  await store.pool.query("update traffic_minute set minute = minute - interval '20 minutes'");
  const [table] = await readPower(store.db, "shop", plan);
  // 20 minutes, and what has passed of this one.
  expect(table?.rps).toBeGreaterThan(36_000 / 1_261);
  expect(table?.rps).toBeLessThanOrEqual(30);
  expect(table).toMatchObject({ errorRate: 0.002, share: 10, withinSeconds: 360 });
  expect(chooseStrategy(table ? [table] : []).kind).toBe("canary");
});
