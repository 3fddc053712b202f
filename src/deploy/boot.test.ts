import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "../../test/lab/lab.ts";
import { readSituation } from "../daemon/situation.ts";
import { bootTimes } from "../store/boot-times.ts";
import { liveUnits } from "../store/units.ts";
import { limitFor, restartLimit, usualBoot } from "./boot.ts";
import { serviceOf } from "./fresh.ts";
import { restartService } from "./restart.ts";
import { untilHealthy } from "./steps/health.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

const BOOT_MS = 2_500;
const PLACE = { app: "lab", env: "local" };

let lab: DeployLab;
beforeAll(async () => {
  lab = await openDeployLab({ services: { app: service({ env: { BOOT_MS: String(BOOT_MS) } }) } });
});
afterAll(() => lab.close());

const times = () => bootTimes(lab.engine.store.db, { ...PLACE, service: "app" });

test("how long a process takes to start is measured at a rollout and at a restart, and healing hears of it", async () => {
  const begun = performance.now();
  expect((await lab.ship()).state).toBe("SUCCEEDED");
  const signal = AbortSignal.timeout(60_000);
  await restartService(lab.dependencies, { environment: "local", service: "app", which: "all", signal });
  const elapsedMs = performance.now() - begun;
  const measured = await times();
  expect(measured).toHaveLength(2);
  for (const ms of measured) {
    expect(ms).toBeGreaterThanOrEqual(BOOT_MS);
    expect(ms).toBeLessThan(elapsedMs);
  }
  const { bootMs } = await readSituation(lab.engine, "app", []);
  expect(bootMs).toBe(Math.max(...measured));
});

test("what somebody else started, perhaps long ago, is no measure", async () => {
  const { store } = lab.engine;
  await store.db.execute("UPDATE unit SET healthy_at = NULL");
  const [unit] = await liveUnits(store.db, PLACE);
  if (!unit) throw new Error("nothing runs");
  const lease = { ...PLACE, holder: "test", generation: unit.generation + 1 };
  const site = { dependencies: lab.dependencies, row: PLACE, signal: AbortSignal.timeout(60_000) };
  await untilHealthy({ ...site, lease }, unit, await serviceOf(site, unit));
  expect(await times()).toEqual([]);
  await untilHealthy({ ...site, lease: { ...lease, generation: unit.generation } }, unit, await serviceOf(site, unit));
  expect(await times()).toHaveLength(1);
  // Of its one unit a restart may take five minutes, however fast it starts.
  expect(await restartLimit(site, "app")).toBe(5 * 60_000);
});

test("the usual time leaves out the slowest of twenty starts", () => {
  expect(usualBoot([])).toBeNull();
  expect(usualBoot([3_000, 1_000])).toBe(3_000);
  const twenty = [...Array.from({ length: 19 }, (_, index) => 1_000 + index), 90_000];
  expect(usualBoot(twenty)).toBe(1_018);
});

test.each([
  ["one that starts fast", 1, 2_000, 5],
  ["three that take 90 s", 3, 90_000, 12],
  ["many that take minutes", 20, 300_000, 60],
])("a restart of %s has the time it needs", (_, units, bootMs, minutes) => {
  expect(limitFor(units, bootMs)).toBe(minutes * 60_000);
});
