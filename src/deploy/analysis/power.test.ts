import { describe, expect, test } from "vitest";
import { resolveStrategy } from "../plan.ts";
import { chooseStrategy } from "./choose.ts";
import { detection, powerTable } from "./power.ts";

const RATIO = 1.25;
const NEEDED = 300;
const SHARE = 10;
const steps = [{ share: SHARE, seconds: 600 }];
const cell = (rps: number, from: number, to: number) =>
  detection({ rps, from, to, steps, ratio: RATIO, needed: NEEDED }, 1_000);

const RISES = [
  [0.001, 0.01],
  [0.001, 0.05],
  [0.01, 0.02],
  [0.01, 0.05],
  [0.01, 1],
] as const;
/** Section 13 of the design: share caught, median seconds, the candidate's errors by then; null where it names none. */
const TABLE: { rps: number; cells: [number, number | null, number | null][] }[] = [
  {
    rps: 2,
    cells: [
      [0.02, null, null],
      [0.66, 365, 5],
      [0.01, null, null],
      [0.14, null, null],
      [1, 23, 5],
    ],
  },
  {
    rps: 10,
    cells: [
      [0.42, 388, 6],
      [1, 88, 5],
      [0.03, null, null],
      [0.91, 228, 14],
      [1, 5, 5],
    ],
  },
  {
    rps: 20,
    cells: [
      [0.83, 308, 7],
      [1, 44, 5],
      [0.07, null, null],
      [1, 129, 14],
      [1, 3, 5],
    ],
  },
  {
    rps: 100,
    cells: [
      [1, 69, 8],
      [1, 8, 5],
      [0.69, 360, 78],
      [1, 27, 14],
      [1, 1, 10],
    ],
  },
  {
    rps: 1_000,
    cells: [
      [1, 7, 8],
      [1, 1, 7],
      [1, 45, 92],
      [1, 3, 18],
      [1, 1, 100],
    ],
  },
];

describe("the table of the design", () => {
  test.each(TABLE)("$rps requests a second", ({ rps, cells }) => {
    for (const [index, [caught, seconds, errors]] of cells.entries()) {
      const [from, to] = RISES[index] as (typeof RISES)[number];
      const found = cell(rps, from, to);
      // Two simulations of 1,000 rollouts differ by 6.7 points at most (three standard deviations at 50 %).
      expect(Math.abs(found.caught - caught), `${from} to ${to}: ${found.caught}`).toBeLessThan(0.07);
      if (seconds === null) continue;
      // The median of those caught: one look, or a fifth, since the design's cut-off cases have few.
      const close = Math.max(1, 0.2 * seconds);
      expect(
        Math.abs((found.medianSeconds ?? 0) - seconds),
        `${from} to ${to}: ${found.medianSeconds} s`,
      ).toBeLessThanOrEqual(close);
      expect(Math.abs((found.candidateErrors ?? 0) - (errors ?? 0))).toBeLessThanOrEqual(
        Math.max(1, 0.1 * (errors ?? 0)),
      );
    }
  });

  test.each([
    [10, 0.001, 0.05],
    [20, 0.001, 0.05],
    [20, 0.01, 0.05],
    [100, 0.001, 0.01],
    [100, 0.01, 0.05],
    [1_000, 0.01, 0.02],
  ])("%d requests a second, %d to %d: errors needed ≈ ln(1/α′) / KL(θ₁‖θ₀)", (rps, from, to) => {
    const tolerated = (SHARE * RATIO) / (100 - SHARE + SHARE * RATIO);
    const perSecond = (rps * (SHARE * to + (100 - SHARE) * from)) / 100;
    const theta = (rps * SHARE * to) / 100 / perSecond;
    const kl = theta * Math.log(theta / tolerated) + (1 - theta) * Math.log((1 - theta) / (1 - tolerated));
    const least = Math.log(NEEDED) / kl / perSecond;
    // Not knowing the rise costs; the design found 10 to 30 % for medians over 5 s. The median of few errors is a coarse number.
    const ratio = (cell(rps, from, to).medianSeconds ?? 0) / least;
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(1.4);
  });
});

test("a release that fails 1 % where the old one fails 0.1 %: not seen in seconds, seen in minutes", () => {
  const caught = (seconds: number) =>
    detection({ rps: 80, from: 0.001, to: 0.01, steps: [{ share: 50, seconds }], ratio: RATIO, needed: NEEDED }).caught;
  expect(caught(2)).toBeLessThan(0.02);
  expect(caught(600)).toBeGreaterThan(0.98);
});

describe("of a service", () => {
  const strategy = resolveStrategy({ kind: "canary" }, { platform: "compose" });
  const plan = { strategy, services: [{ fromRelease: "r1", steps: strategy.steps }] as never };
  const table = (rps: number, errorRate = 0) => powerTable({ service: "api", rps, errorRate, plan });

  test("its own rate comes first; shares grow with the steps, so more is seen than at 10 % alone", () => {
    const mine = table(10, 0.004);
    expect(mine).toMatchObject({ service: "api", rps: 10, share: 10, withinSeconds: 360 });
    expect(mine.rows.map(({ from, to }) => [from, to])).toEqual([[0.004, 0.05], ...RISES]);
    for (const { caught } of mine.rows) expect(caught).toBeGreaterThanOrEqual(0);
    const first = [{ share: SHARE, seconds: 360 }];
    const alone = detection({ rps: 10, from: 0.01, to: 0.05, steps: first, ratio: RATIO, needed: NEEDED });
    expect(mine.rows[4]?.caught).toBeGreaterThan(alone.caught + 0.1);
    expect(table(10, 0.004)).toEqual(mine);
    // A median is told where a quarter was caught at least.
    expect(mine.rows.map(({ caught, medianSeconds }) => caught >= 0.25 === (medianSeconds !== null))).not.toContain(
      false,
    );
  });

  test("no traffic, no rows", () => {
    expect(table(0).rows).toEqual([]);
  });

  test("canary where a rise from 1 to 5 % is seen in nine of ten rollouts of every service, else blue-green", () => {
    expect(chooseStrategy([table(20)]).kind).toBe("canary");
    expect(chooseStrategy([table(20), table(0.5)])).toMatchObject({
      kind: "blue-green",
      why: expect.stringContaining("api"),
    });
    expect(chooseStrategy([table(0)]).kind).toBe("blue-green");
    expect(chooseStrategy([]).kind).toBe("blue-green");
  });
});
