import { expect, test } from "vitest";
import { leastRequests, riseToFind } from "./least.ts";
import { detection } from "./power.ts";

const SECONDS = 300;

test.each([10, 25, 50].flatMap((share) => [0.001, 0.01, 0.05].map((from) => ({ share, from }))))(
  "$share % of the requests, $from failed before: with n_min requests nine of ten bad releases are found",
  ({ share, from }) => {
    const perRequest = (100 - share) / share;
    const least = leastRequests({
      baseline: { requests: 100_000, bad: 100_000 * from },
      ratio: 1.25,
      needed: 300,
      perRequest,
    });
    const rps = ((least / SECONDS) * 100) / share;
    const rollouts = {
      rps,
      from,
      to: riseToFind(from),
      steps: [{ share, seconds: SECONDS }],
      ratio: 1.25,
      needed: 300,
    };
    // Two standard deviations of 500 rollouts below.
    expect(detection(rollouts, 500).caught).toBeGreaterThan(0.87);
    // And it is no more than that takes: with two thirds of them clearly fewer.
    expect(detection({ ...rollouts, rps: (rps * 2) / 3 }, 500).caught).toBeLessThan(0.9);
  },
);

test("the rise to find stands where the guard on errors does", () => {
  expect([0, 0.001, 0.01, 0.05, 0.5].map(riseToFind)).toEqual([0.05, 0.05, 0.05, 0.25, 1]);
});

test("an old release that fails nearly always, or that is not known, is no measure", () => {
  const least = (baseline: { requests: number; bad: number }, perRequest?: number) =>
    leastRequests({ baseline, ratio: 1.25, needed: 300, perRequest });
  expect(least({ requests: 1_000, bad: 950 }, 9)).toBe(Number.POSITIVE_INFINITY);
  expect(least({ requests: 0, bad: 0 })).toBe(Number.POSITIVE_INFINITY);
  expect(least({ requests: 36_000, bad: 360 })).toBeLessThan(1_000);
});
