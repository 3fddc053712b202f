import fc from "fast-check";
import { expect, test } from "vitest";
import { interpolate } from "./interpolate.ts";

const VALUES: Record<string, string> = { A: "a", EMPTY: "", _x1: "under" };
const lookup = (name: string) => VALUES[name];

test.each([
  ["plain", "plain"],
  ["$A", "a"],
  ["x${A}y$A.z", "xaya.z"],
  ["$_x1/${_x1}", "under/under"],
  ["$$A $${A} $$$A", "$A ${A} $a"],
  ["${NONE}|$NONE", "|"],
  ["${A:-d}${EMPTY:-d}${NONE:-d}", "add"],
  ["${A-d}${EMPTY-d}${NONE-d}", "ad"],
  ["${A:+s}${EMPTY:+s}${NONE:+s}", "s"],
  ["${A+s}${EMPTY+s}${NONE+s}", "ss"],
  ["${A:?m}${A?m}${EMPTY?m}", "aa"],
  ["${NONE:-${EMPTY:-${A}}}", "a"],
  ['${NONE:-{"k":{}}}', '{"k":{}}'],
  ["${NONE:-a:-b}", "a:-b"],
  ["${NONE:-}", ""],
])("%s is %s", (text, expected) => {
  expect(interpolate(text, lookup).text).toBe(expected);
});

test.each([
  ["${NONE:?say it}", "NONE is required: say it"],
  ["${EMPTY:?}", "EMPTY is required: it is not set"],
  ["${NONE?need $A}", "NONE is required: need a"],
  ["costs 5$", '"$" stands before no name'],
  ["$1", '"$" stands before no name'],
  ["${", '"${" is no variable'],
  ["${A", '"${A" is no variable'],
  ["${}", '"${}" is no variable'],
  ["${A!b}", '"${A!b}" is no variable'],
  ["${A:b}", '"${A:b}" is no variable'],
])("%s is refused: %s", (text, message) => {
  expect(() => interpolate(text, lookup)).toThrow(expect.objectContaining({ code: "SM-COMPOSE-VARIABLE", message }));
});

test("names that are not set are told, but not where a default stands", () => {
  expect(interpolate("$NONE ${X:-1} ${Y+1} ${Z:-$W}", lookup).unset).toEqual(["NONE", "W"]);
});

test("a text whose dollar signs are doubled comes out as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", ":", "-", "A", " ", "?") }), (text) => {
      expect(interpolate(text.replaceAll("$", "$$$$"), lookup)).toEqual({ text, unset: [] });
    }),
  );
});
