import { describe, expect, test } from "vitest";
import type { RolloutPlan } from "../../contract/rollout.ts";
import { observe } from "./observe.ts";
import { settingsOf } from "./settings.ts";
import { type Answer, freshState } from "./state.ts";
import { afterStep, type Verdict, verdictOf } from "./verdict.ts";

const service = (fromRelease: string | null, steps: number[]) => ({ fromRelease, steps });
const plan = (judge: RolloutPlan["strategy"]["judge"], ...services: ReturnType<typeof service>[]) =>
  ({ strategy: { judge }, services }) as unknown as RolloutPlan;
const JUDGE = { alpha: 0.01, ratio: 1.25, onInconclusive: "hold" } as const;
const settings = settingsOf(plan(JUDGE, service("r1", [10, 100])));

test("α is shared by the three metrics of every service that is compared", () => {
  expect(settings).toMatchObject({ ratio: 1.25, onInconclusive: "hold", needed: 300 });
  const two = plan(
    { ...JUDGE, alpha: 0.05 },
    service("r1", [100]),
    service("r1", [10, 100]),
    service(null, [100]),
    service("r1", []),
  );
  expect(settingsOf(two).needed).toBeCloseTo(120, 9);
  // A plan of an older version goes on as it did.
  expect(settingsOf(plan(undefined)).onInconclusive).toBe("promote");
});

const BESIDE = { beside: true, lost: false };

/** After looks with so many requests and failures of each side. */
function verdictAfter(newOnes: [number, number], oldOnes: [number, number], beside = true): Verdict {
  const side = (unit: string, [requests, bad]: [number, number]): Answer[] =>
    Array.from({ length: requests }, (_, index) => ({ unit, failed: index < bad, ms: null }));
  const state = freshState();
  state.metrics.errors.before = { requests: 36_000, bad: 36, from: "in the 30 min before the shift" };
  const seen = observe(state, {
    answers: [...side("new", newOnes), ...side("old", oldOnes)],
    candidate: new Set(["new"]),
    stable: new Set(["old"]),
    beside,
    now: 0,
    ratio: 1.25,
  });
  return verdictOf(seen, settings, { beside, lost: false });
}

describe("verdicts", () => {
  test.each([
    { what: "nobody came", newOnes: [0, 0], oldOnes: [0, 0], kind: "INCONCLUSIVE" },
    { what: "too few, without a failure", newOnes: [100, 0], oldOnes: [900, 0], kind: "INCONCLUSIVE" },
    { what: "enough, and as good as the old", newOnes: [1_000, 1], oldOnes: [9_000, 9], kind: "PASS" },
    { what: "enough, and a quarter worse", newOnes: [10_000, 125], oldOnes: [90_000, 900], kind: "PASS" },
    { what: "enough, and five times worse", newOnes: [1_000, 50], oldOnes: [9_000, 90], kind: "FAIL" },
    { what: "few, and far worse", newOnes: [8, 8], oldOnes: [72, 0], kind: "FAIL" },
    { what: "both as broken", newOnes: [500, 250], oldOnes: [4_500, 2_250], kind: "PASS" },
  ] as const)("$what: $kind", ({ newOnes, oldOnes, kind }) => {
    expect(verdictAfter([...newOnes], [...oldOnes]).kind).toBe(kind);
  });

  test("a failure names counts, baseline and evidence", () => {
    expect(verdictAfter([1_000, 50], [9_000, 90])).toMatchObject({
      code: "SM-CANARY-ERRORS",
      message: expect.stringMatching(
        /^50 of 1000 \(5 %\) requests failed on the new release, 90 of 9000 \(1 %\) on the old one beside it: evidence [\d.e+]+, 300 is enough$/,
      ),
    });
    expect(verdictAfter([200, 10], [0, 0], false)).toMatchObject({
      message: expect.stringContaining("36 of 36000 (0.1 %) on the old one in the 30 min before the shift"),
    });
  });

  test("it says how many requests it takes", () => {
    const came = { candidate: 100, baseline: 900 };
    expect(verdictAfter([100, 0], [900, 0])).toMatchObject({ requests: 100, least: expect.any(Number), came });
    // One side only: nothing is compared, and that is known.
    const alone = { candidate: 0, baseline: 900 };
    expect(verdictAfter([0, 0], [900, 0])).toMatchObject({ kind: "INCONCLUSIVE", requests: 0, came: alone });
  });
});

test("requests of our own are told apart", () => {
  const side = (unit: string, bad: number): Answer[] =>
    Array.from({ length: 20 }, (_, index) => ({ unit, failed: index < bad, ms: null, own: true }));
  const look = { candidate: new Set(["new"]), stable: new Set(["old"]), beside: true, now: 0, ratio: 1.25 };
  const after = (bad: number) => observe(freshState(), { ...look, answers: [...side("new", bad), ...side("old", 0)] });
  expect(verdictOf(after(0), settings, BESIDE)).toMatchObject({ kind: "INCONCLUSIVE", requests: 20, own: 20 });
  expect(verdictOf(after(20), settings, BESIDE)).toMatchObject({
    kind: "FAIL",
    message: expect.stringContaining(
      "20 of 20 (100 %) requests failed on the new release (20 of these were sent by Stationmaster), 0 of 20",
    ),
  });
});

test("where times were lost on the way, enough good answers are no yes; what failed is still a no", () => {
  const side = (unit: string, bad: number): Answer[] =>
    Array.from({ length: 5_000 }, (_, index) => ({ unit, failed: index < bad, ms: null }));
  const look = { candidate: new Set(["new"]), stable: new Set(["old"]), beside: true, now: 0, ratio: 1.25 };
  const after = (bad: number) => observe(freshState(), { ...look, answers: [...side("new", bad), ...side("old", 5)] });
  expect(verdictOf(after(5), settings, BESIDE).kind).toBe("PASS");
  expect(verdictOf(after(5), settings, { beside: true, lost: true })).toMatchObject({
    kind: "INCONCLUSIVE",
    lost: true,
  });
  expect(verdictOf(after(500), settings, { beside: true, lost: true }).kind).toBe("FAIL");
});

describe("after a step", () => {
  test.each([
    { verdict: "FAIL", extended: false, reach: true, onInconclusive: "promote", next: "roll back" },
    { verdict: "PASS", extended: false, reach: false, onInconclusive: "rollback", next: "go on" },
    { verdict: "INCONCLUSIVE", extended: false, reach: true, onInconclusive: "hold", next: "extend" },
    { verdict: "INCONCLUSIVE", extended: false, reach: true, onInconclusive: "promote", next: "extend" },
    { verdict: "INCONCLUSIVE", extended: true, reach: true, onInconclusive: "hold", next: "hold" },
    { verdict: "INCONCLUSIVE", extended: false, reach: false, onInconclusive: "hold", next: "hold" },
    { verdict: "INCONCLUSIVE", extended: true, reach: false, onInconclusive: "promote", next: "go on" },
    { verdict: "INCONCLUSIVE", extended: false, reach: false, onInconclusive: "rollback", next: "roll back" },
  ] as const)("$verdict, extended: $extended, $onInconclusive: $next", ({ next, ...facts }) => {
    expect(afterStep(facts)).toBe(next);
  });
});
