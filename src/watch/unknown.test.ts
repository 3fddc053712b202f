import fc from "fast-check";
import { expect, test } from "vitest";
import { addCounts, countsOf, noCounts, uptimeOf } from "./buckets.ts";
import { toSloReport } from "./slo/report.ts";

const run = fc.record({
  outcome: fc.constantFrom("ok" as const, "ok" as const, "slow" as const, "fail" as const, "unknown" as const),
  durationMs: fc.nat(10_000),
});
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

const sum = (runs: readonly Run[]) => runs.map(countsOf).reduce(addCounts, noCounts);

function report(runs: readonly Run[]) {
  const counts = sum(runs);
  const { ok, slow, fail } = counts;
  const tally = { passed: ok + slow, failed: fail, spanMs: 3_600_000 };
  const tallies = { "5m": tally, "30m": tally, "1h": tally, "6h": tally, "3d": tally };
  return toSloReport(
    { name: "api", service: "api", objective: 0.99, critical: true, checkIds: ["a"] },
    {
      ...{ totals: [{ checkId: "a", ...counts, since: 0 }], tallies, everyMs: new Map([["a", 10_000]]) },
      ...{ windowDays: 30, downtimeMs: 0, now: 3_600_000 },
    },
  );
}

/** One each 10 s for an hour. */
const DUE = 360;

test("whatever nobody knows costs neither uptime nor budget, and covers nothing", () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 200 }), (runs) => {
      const known = runs.filter(({ outcome }) => outcome !== "unknown");
      expect(uptimeOf(sum(runs))).toBe(uptimeOf(sum(known)));
      const { coverage, ...rest } = report(runs);
      expect(rest).toEqual({ ...report(known), coverage: undefined });
      expect(coverage).toBeCloseTo(known.length / DUE);
    }),
  );
});
