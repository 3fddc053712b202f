import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evidence, type Interval, NO_EVIDENCE, RISES, type Tally, update, upperBound } from "./e-process.ts";
import { poisson, seeded } from "./random.ts";

const tally = (most: number): fc.Arbitrary<Tally> =>
  fc
    .record({ requests: fc.integer({ min: 1, max: most }), part: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ requests, part }) => ({ requests, bad: Math.floor(requests * part) }));
const sums = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 20, maxLength: 20 });

describe("as the design writes it", () => {
  test("20 rises from 1.5 to 50, each as far from the next", () => {
    expect(RISES).toHaveLength(20);
    expect([RISES[0], RISES[19]]).toEqual([1.5, expect.closeTo(50, 9)]);
    for (let i = 2; i < 20; i++)
      expect((RISES[i] as number) / (RISES[i - 1] as number)).toBeCloseTo((RISES[1] as number) / 1.5, 9);
  });

  test("beside: a·ln(θg/θ0) + b·ln((1−θg)/(1−θ0))", () => {
    fc.assert(
      fc.property(
        sums,
        tally(5_000),
        tally(5_000),
        fc.double({ min: 1, max: 10, noNaN: true }),
        (before, c, b, tau) => {
          const after = update(before, { candidate: c, baseline: b, ratio: tau });
          const theta0 = (c.requests * tau) / (b.requests + c.requests * tau);
          for (const [i, g] of RISES.entries()) {
            const theta = (c.requests * tau * g) / (b.requests + c.requests * tau * g);
            const term = c.bad * Math.log(theta / theta0) + b.bad * Math.log((1 - theta) / (1 - theta0));
            const sum = (before[i] as number) + term;
            expect(Math.abs((after[i] as number) - sum)).toBeLessThan(1e-7 * (1 + Math.abs(sum)));
          }
        },
      ),
    );
  });

  test("alone: a·ln g + (Nc−a)·ln((1−g·p0)/(1−p0)), nothing where g·p0 is 1 or more", () => {
    fc.assert(
      fc.property(sums, tally(5_000), fc.double({ min: 1e-5, max: 1.25, noNaN: true }), (before, c, p0) => {
        const after = update(before, { candidate: c, p0 });
        for (const [i, g] of RISES.entries()) {
          const usable = g * p0 < 1;
          const term = c.bad * Math.log(g) + (c.requests - c.bad) * Math.log((1 - g * p0) / (1 - p0));
          expect(after[i]).toBeCloseTo((before[i] as number) + (usable ? term : 0), 6);
        }
      }),
    );
  });

  test("the e-value is the mean, also where exponentials overflow; JSON can carry it", () => {
    expect(evidence(NO_EVIDENCE)).toBeCloseTo(1, 12);
    fc.assert(
      fc.property(sums, (values) => {
        const mean = values.reduce((sum, value) => sum + Math.exp(value), 0) / 20;
        expect(evidence(values) / mean).toBeCloseTo(1, 9);
      }),
    );
    const huge = update(NO_EVIDENCE, {
      candidate: { requests: 1e6, bad: 1e6 },
      baseline: { requests: 1e6, bad: 0 },
      ratio: 1.25,
    });
    expect(JSON.parse(JSON.stringify(evidence(huge)))).toBeGreaterThan(1e100);
  });
});

test("the bound lies above the true rate in at least 99.9 % of samples", () => {
  const random = seeded(3);
  for (const [requests, rate] of [
    [200, 0.01],
    [36_000, 0.001],
    [1_000, 0.3],
    [50, 0.5],
  ] as const) {
    const [bad, good] = [poisson(requests * rate, random), poisson(requests * (1 - rate), random)];
    let below = 0;
    for (let i = 0; i < 20_000; i++) {
      const errors = bad();
      if (upperBound({ bad: errors, requests: errors + good() }) < rate) below += 1;
    }
    // 20 expected at most; 4 standard deviations of that above.
    expect(below).toBeLessThanOrEqual(38);
  }
  expect(upperBound({ requests: 0, bad: 0 })).toBe(1);
  expect(upperBound({ requests: 10, bad: 10 })).toBe(1);
});

const RUNS = 1_000;
const LOOKS = 600;
const ALPHA = 0.01;

/** How many of 1,000 rollouts of 600 looks fail, and the looks they took; `interval` makes the next one from fresh numbers. */
function failures(prepare: () => (look: number) => Interval, needed = 1 / ALPHA): number[] {
  const found: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const interval = prepare();
    let now = NO_EVIDENCE;
    for (let look = 0; look < LOOKS; look++) {
      now = update(now, interval(look));
      if (Math.max(...now) < Math.log(needed) || evidence(now) < needed) continue;
      found.push(look + 1);
      break;
    }
  }
  return found;
}

describe("1,000 rollouts of 600 looks that are as bad as tolerated", () => {
  const RATIO = 1.25;
  const random = seeded(11);
  const side = (mean: number, rate: number) => {
    const bad = poisson(mean * rate, random);
    const good = poisson(mean * (1 - rate), random);
    return (): Tally => {
      const errors = bad();
      return { bad: errors, requests: Math.max(1, errors + good()) };
    };
  };

  test.each([0.001, 0.01, 0.1, 0.5])(
    "beside, %d of all requests fail, shares 10, 25, 50 %: no more than α fail",
    (rate) => {
      const steps = [0.1, 0.25, 0.5].map((share) => ({
        candidate: side(100 * share, rate * RATIO),
        baseline: side(100 * (1 - share), rate),
      }));
      const found = failures(() => (look) => {
        const step = steps[Math.floor((look / LOOKS) * steps.length)] as (typeof steps)[number];
        return { candidate: step.candidate(), baseline: step.baseline(), ratio: RATIO };
      });
      expect(found.length).toBeLessThanOrEqual(RUNS * ALPHA);
    },
  );

  test.each([
    { rate: 0.01, before: 36_000 },
    { rate: 0.01, before: 300 },
    { rate: 0.4, before: 3_000 },
  ])("alone, $rate of all requests fail, $before seen before: no more than α fail", ({ rate, before }) => {
    const seen = side(before, rate);
    const candidate = side(20, rate * RATIO);
    const found = failures(() => {
      const p0 = RATIO * upperBound(seen());
      return () => ({ candidate: candidate(), p0 });
    });
    expect(found.length).toBeLessThanOrEqual(RUNS * ALPHA);
  });

  test("alone, 20 requests a second, a rise from 1 to 5 %: seen in 13 s (design: simulated)", () => {
    const seen = side(36_000, 0.01);
    const candidate = side(20, 0.05);
    const found = failures(() => {
      const p0 = RATIO * upperBound(seen());
      return () => ({ candidate: candidate(), p0 });
    }, 300).sort((a, b) => a - b);
    expect(found).toHaveLength(RUNS);
    // A second is the distance of two looks, and the design's number is a whole one too.
    expect(Math.abs((found[RUNS / 2] as number) - 13)).toBeLessThanOrEqual(2);
  });
});
