import { beforeAll, expect, test } from "vitest";
import { formatSimulation, simulate } from "../watch-sim.ts";
import type { Figures } from "./figures.ts";
import { loadScenarios } from "./scenario.ts";

const SEED = 7;
const scenarios = loadScenarios();

let figures: Figures[];
beforeAll(async () => {
  figures = await simulate(scenarios, [SEED]);
}, 600_000);

test("no fault is missed, no limit passed, few pages: every scenario is as its file wants it", () => {
  console.log(formatSimulation(figures));
  for (const { scenario, missed, violations, unmet } of figures)
    expect({ scenario, missed, violations, unmet }).toEqual({ scenario, missed: 0, violations: 0, unmet: [] });
});

test("the same seed tells the same story, another seed another one", async () => {
  const some = scenarios.filter(({ name }) => ["bad-deploy", "hard-outage"].includes(name));
  const first = figures.filter(({ scenario }) => some.some(({ name }) => name === scenario));
  const [again, other] = [await simulate(some, [SEED]), await simulate(some, [SEED + 1])];
  expect(again).toEqual(first);
  expect(other.map(({ opensMs }) => opensMs)).not.toEqual(first.map(({ opensMs }) => opensMs));
}, 300_000);
