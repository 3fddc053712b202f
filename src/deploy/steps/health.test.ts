import { expect, test } from "vitest";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import type { Site } from "../run.ts";
import { healthGate, untilHealthy } from "./health.ts";

const UNIT = {
  id: "u",
  service: "app",
  app: "lab",
  env: "local",
  generation: 1,
  address: { port: 1 },
} as unknown as UnitRow;

/** A unit whose answers come from `well`, by the milliseconds since its start; time passes only while somebody sleeps. */
function unitThat(well: (ms: number) => boolean, startupMs: number) {
  let time = 0;
  const now = () => time;
  const sleep = async (ms: number) => {
    time += ms;
  };
  const dependencies = {
    clock: { now, monotonic: now, sleep },
    platform: { observe: async () => ({ alive: true }) },
    probe: async () => ({ ok: well(time), detail: `at ${time}`, body: null }),
  };
  const site = { dependencies, row: { app: "lab", env: "local" }, signal: new AbortController().signal };
  const released = { kind: "http", startupMs } as ReleasedService;
  return {
    now,
    gate: () => healthGate(site as unknown as Site, UNIT, released),
    first: () => untilHealthy(site as unknown as Site, UNIT, released),
  };
}

test("`startup` is for the first good answer only; the gate has a time of its own", async () => {
  const quick = unitThat((ms) => ms >= 450, 1_000);
  expect(await quick.gate()).toHaveLength(3);
  const flapping = unitThat((ms) => ms < 1_200 || ms > 4_000, 1_000);
  expect(await flapping.gate()).toHaveLength(3);
  expect(flapping.now()).toBeGreaterThan(4_000);
});

test.each([
  { what: "never well", well: () => false, within: "1 s" },
  { what: "well once", well: (ms: number) => ms < 500, within: "30 s" },
])("$what: the gate ends after $within", async ({ well, within }) => {
  await expect(unitThat(well, 1_000).gate()).rejects.toMatchObject({
    code: "SM-UNIT-UNHEALTHY",
    message: expect.stringContaining(`within ${within}`),
  });
});

test("the first good answer comes in time or not at all", async () => {
  await unitThat((ms) => ms >= 900, 1_000).first();
  await expect(unitThat((ms) => ms >= 2_000, 1_000).first()).rejects.toMatchObject({ code: "SM-UNIT-UNHEALTHY" });
});
