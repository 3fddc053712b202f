import { expect, test } from "vitest";
import { planContract } from "./contract.ts";
import type { RangedRelease } from "./schema-range.ts";

const ranged = (name: string, min: number, max: number | null): RangedRelease => ({ name, range: { min, max } });
const INPUT = {
  service: "api",
  migrations: ["0005_drop"],
  position: 5,
  last: "SUCCEEDED" as const,
  running: [ranged("r4", 3, null)],
  kept: [ranged("r4", 3, null), ranged("r3", 3, 5), ranged("r2", 2, 4), ranged("r1", 1, 3)],
};

test("names the releases one cannot go back to any more", () => {
  expect(planContract(INPUT)).toEqual({ migrations: ["0005_drop"], position: 5, ends: ["r2", "r1"] });
});

test("is refused while a release that needs the old schema runs", () => {
  expect(() => planContract({ ...INPUT, running: [ranged("r4", 3, null), ranged("r2", 2, 4)] })).toThrow(
    expect.objectContaining({
      code: "SM-CONTRACT-RUNNING",
      message: "api: r2 is running, and it runs on schema 2 to 4 only, not on 5",
    }),
  );
});

test.each([
  [{ last: undefined }, "is not known"],
  [{ last: "BAKING" as const }, "is BAKING"],
  [{ last: "ROLLED_BACK" as const }, "is ROLLED_BACK"],
])("is refused after anything but a rollout that succeeded for good: %o", (change, words) => {
  expect(() => planContract({ ...INPUT, ...change })).toThrow(
    expect.objectContaining({ code: "SM-CONTRACT-WINDOW", message: expect.stringContaining(words) }),
  );
});
