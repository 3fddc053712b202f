import fc from "fast-check";
import { expect, test } from "vitest";
import { poisson, seeded } from "./analysis/random.ts";
import { type GuardInput, guard, type SideCounts } from "./guards.ts";

const counts: fc.Arbitrary<SideCounts> = fc
  .record({
    requests: fc.nat(100_000),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    p99: fc.option(fc.nat(10_000)),
  })
  .map(({ requests, share, p99 }) => ({ requests, bad: Math.floor(requests * share), p99 }));
const QUIET: Omit<GuardInput, "candidate" | "baseline"> = { failedProbes: 0, restarts: 0, failuresInRow: 0 };
const side = (requests: number, bad: number, p99: number | null = null): SideCounts => ({ requests, bad, p99 });

test("few requests or few errors never condemn a release; a sick or restarting unit always does", () => {
  fc.assert(
    fc.property(counts, counts, fc.nat(2), (candidate, baseline, failedProbes) => {
      const found = guard({ ...QUIET, candidate, baseline, failedProbes });
      if (candidate.requests < 20 || candidate.bad < 5) expect(found?.code).not.toBe("SM-GUARD-ERRORS");
      if (candidate.requests < 500) expect(found?.code).not.toBe("SM-GUARD-LATENCY");
      expect(guard({ ...QUIET, candidate, baseline, failedProbes: 3 })?.code).toBe("SM-UNIT-UNHEALTHY");
      expect(guard({ ...QUIET, candidate, baseline, restarts: 1 })?.code).toBe("SM-UNIT-RESTARTED");
    }),
  );
});

test("no worse than the old release is good enough; far worse is not", () => {
  fc.assert(
    fc.property(counts, (same) => {
      expect(guard({ ...QUIET, candidate: same, baseline: same })).toBeUndefined();
      const clean = { ...same, bad: 0, p99: null };
      const broken = side(Math.max(same.requests, 20), Math.max(same.requests, 20));
      expect(guard({ ...QUIET, candidate: broken, baseline: clean })?.code).toBe("SM-GUARD-ERRORS");
    }),
  );
});

test.each([
  { what: "5 in a row, where the old release is sound", row: 5, old: side(100, 9), code: "SM-GUARD-ERRORS" },
  { what: "4 in a row", row: 4, old: side(100, 9), code: undefined },
  { what: "9 in a row, where one in ten of the old fail too", row: 9, old: side(100, 10), code: undefined },
  { what: "5 in a row, and nothing known of the old", row: 5, old: side(0, 0), code: "SM-GUARD-ERRORS" },
])("$what: $code", ({ row, old, code }) => {
  expect(guard({ ...QUIET, candidate: side(row, row), baseline: old, failuresInRow: row })?.code).toBe(code);
});

test.each([
  { what: "5 % is not above 5 %", now: side(100, 5), old: side(100, 0), code: undefined },
  { what: "above 5 %", now: side(99, 5), old: side(100, 0), code: "SM-GUARD-ERRORS" },
  { what: "19 requests", now: side(19, 19), old: side(100, 0), code: undefined },
  { what: "five times the old is not above it", now: side(100, 10), old: side(100, 2), code: undefined },
  { what: "above five times the old", now: side(100, 11), old: side(100, 2), code: "SM-GUARD-ERRORS" },
  { what: "a doubled p99", now: side(500, 0, 201), old: side(500, 0, 100), code: "SM-GUARD-LATENCY" },
  { what: "of too few", now: side(499, 0, 201), old: side(500, 0, 100), code: undefined },
  { what: "of a few milliseconds", now: side(500, 0, 50), old: side(500, 0, 5), code: undefined },
] as const)("$what: $code", ({ now, old, code }) => {
  expect(guard({ ...QUIET, candidate: now, baseline: old })?.code).toBe(code);
});

test("1,000 good rollouts at 1 % errors, looked at every second for ten minutes: the guards abort fewer than one in a hundred", () => {
  const random = seeded(17);
  let aborted = 0;
  for (let run = 0; run < 1_000; run++) {
    // As in the design: 10 requests a second, 10 % of them for the new release.
    const draws = [poisson(0.01, random), poisson(0.99, random), poisson(0.09, random), poisson(8.91, random)];
    const sums = [0, 0, 0, 0];
    for (let look = 0; look < 600; look++) {
      for (const [index, draw] of draws.entries()) sums[index] = (sums[index] as number) + draw();
      const [bad = 0, good = 0, oldBad = 0, oldGood = 0] = sums;
      const found = guard({ ...QUIET, candidate: side(bad + good, bad), baseline: side(oldBad + oldGood, oldBad) });
      if (!found) continue;
      aborted += 1;
      break;
    }
  }
  expect(aborted).toBeLessThan(10);
});
