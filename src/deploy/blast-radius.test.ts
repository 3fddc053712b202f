import fc from "fast-check";
import { expect, test } from "vitest";
import { blastRadius } from "./blast-radius.ts";

test.each([
  [["a"], ["a"], ["a"]],
  [["a", "b"], ["b"], ["b"]],
  [["a", "b", "c", "d"], ["b", "c", "d"], ["b"]],
  [["a", "b", "c", "d"], [], ["a"]],
  [
    ["a", "b", "c", "d"],
    ["a", "b", "c", "d"],
    ["a", "b", "c", "d"],
  ],
])("of %j with %j sick: %j", (units, sick, expected) => {
  expect(blastRadius(units, sick)).toEqual(expected);
});

test("while one is well at most a quarter or one is touched, and the last well one never when others are sick", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), (well) => {
      const units = well.map((_, index) => index);
      const sick = units.filter((index) => !well[index]);
      const touched = blastRadius(units, sick);
      expect(touched.length).toBeGreaterThan(0);
      if (sick.length < units.length) expect(touched.length).toBeLessThanOrEqual(Math.max(1, units.length / 4));
      if (sick.length > 0) expect(sick).toEqual(expect.arrayContaining(touched));
    }),
  );
});
