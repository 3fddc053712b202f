import { expect, test } from "vitest";
import { lastThatFit } from "./end-unit.ts";

test.each([
  { lines: [], most: 10, fit: [] },
  { lines: ["a", "b"], most: 4, fit: ["a", "b"] },
  { lines: ["a", "b"], most: 3, fit: ["b"] },
  { lines: ["short", "longer than that"], most: 5, fit: [] },
])("$lines in $most characters", ({ lines, most, fit }) => {
  expect(lastThatFit(lines, most)).toEqual(fit);
});
