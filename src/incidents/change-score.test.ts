import fc from "fast-check";
import { expect, test } from "vitest";
import { BLAMED, changeScore, type Suspicion } from "./change-score.ts";
import { MINUTE, START } from "./testing.ts";

const alone: Suspicion = {
  deployedAt: START,
  onset: START,
  deployed: ["api"],
  failing: ["api"],
  classes: ["http-5xx"],
};

test.each<[string, Partial<Suspicion>, boolean]>([
  ["right after the deployment", {}, true],
  ["an hour after it, where it alone is affected", { onset: START + 60 * MINUTE }, true],
  ["later than that", { onset: START + 60 * MINUTE + 1 }, false],
  ["what failed before", { onset: START - 1 }, false],
  ["stalled connections within 35 min", { onset: START + 35 * MINUTE, classes: ["read-timeout"] }, true],
  ["stalled connections after 36 min", { onset: START + 36 * MINUTE, classes: ["read-timeout"] }, false],
  ["a certificate", { classes: ["tls-expired"] }, false],
  ["a certificate beside wrong answers", { classes: ["tls-expired", "assertion"] }, true],
  ["one of two that fail was deployed", { failing: ["api", "web"] }, false],
  [
    "three of four that fail were deployed, 13 min before",
    { onset: START + 13 * MINUTE, failing: ["api", "web", "worker", "mail"], deployed: ["api", "web", "worker"] },
    true,
  ],
  ["nothing that fails was deployed", { deployed: ["web"] }, false],
  ["nothing fails", { failing: [] }, false],
  ["no class is known", { classes: [] }, false],
])("%s", (_what, change, blamed) => {
  expect(changeScore({ ...alone, ...change }) >= BLAMED).toBe(blamed);
});

test("it lies between 0 and 1, and never rises with time or with services that were left alone", () => {
  const ms = fc.integer({ min: -MINUTE, max: 90 * MINUTE });
  fc.assert(
    fc.property(ms, ms, fc.nat(5), fc.constantFrom("refused", "slow", "late", "dns", null), (a, b, others, failure) => {
      const rest = Array.from({ length: others }, (_, index) => `other${index}`);
      const at = (gap: number, failing: string[]) =>
        changeScore({ ...alone, onset: START + gap, failing, classes: [failure] });
      const [sooner, later] = [Math.max(0, Math.min(a, b)), Math.max(0, a, b)];
      expect(at(sooner, ["api"])).toBeGreaterThanOrEqual(at(later, ["api"]));
      expect(at(sooner, ["api"])).toBeGreaterThanOrEqual(at(sooner, ["api", ...rest]));
      expect(at(a, ["api", ...rest])).toBeGreaterThanOrEqual(0);
      expect(at(a, ["api"])).toBeLessThanOrEqual(1);
    }),
  );
});
