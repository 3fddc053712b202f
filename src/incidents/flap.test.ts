import fc from "fast-check";
import { expect, test } from "vitest";
import { flapShare, isFlapping } from "./flap.ts";

/** `.` passes, `x` fails, `?` unknown. */
const NAMES: Record<string, string> = { ".": "ok", x: "fail", "?": "unknown", s: "slow" };
const outcomes = (text: string) => [...text].map((letter) => NAMES[letter] ?? letter);

test.each([
  ["", 0],
  [".", 0],
  [".....................", 0],
  ["xxxxxxxxxxxxxxxxxxxxx", 0],
  ["x.x.x.x.x.x.x.x.x.x.x", 1],
  ["....................x", 0.06],
  ["x....................", 0.04],
  ["..........x..........", 0.1],
  ["s.s.s.s.s.s.s.s.s.s.s", 0],
  ["x?x?x?x?x?x?x?x?x?x?x", 0],
  [`${".x".repeat(30)}.....................`, 0],
])("%s changes by %d", (text, share) => {
  expect(flapShare(outcomes(text))).toBeCloseTo(share, 2);
});

test("fewer results than 21 flap less, since what is missing did not change", () => {
  expect(flapShare(outcomes("x.x.x"))).toBeLessThan(0.3);
  expect(flapShare(outcomes("x.x.x.x.x"))).toBeGreaterThan(0.3);
});

test.each([
  [0.29, false, false],
  [0.3, false, true],
  [0.2, true, true],
  [0.15, true, true],
  [0.149, true, false],
])("a share of %d after flapping %s is flapping %s", (share, before, after) => {
  expect(isFlapping(share, before)).toBe(after);
});

test("the share lies between 0 and 1, and newer changes weigh more", () => {
  const runs = fc.array(fc.constantFrom("ok", "fail"), { maxLength: 40 });
  fc.assert(
    fc.property(runs, (list) => {
      const share = flapShare(list);
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
  expect(flapShare(outcomes("...................xx"))).toBeGreaterThan(flapShare(outcomes("xx...................")));
});
