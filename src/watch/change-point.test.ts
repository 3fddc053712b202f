import fc from "fast-check";
import { expect, test } from "vitest";
import { failingFrom, higherFrom } from "./change-point.ts";

const runs = (text: string) => [...text].map((letter) => letter === "F");

test.each([
  ["..........FFF", 10],
  ["....................F", 20],
  ["...........F.FF.FFFF", 11],
  [".F..............FFFF", 16],
  // Nothing stands out: a stray failure, all alike, failing less.
  ["....F.....", null],
  ["FFFFFFFFFF", null],
  ["..........", null],
  ["FFFFFFF.........", null],
  ["F", null],
  ["", null],
])("%s began to fail at %s", (text, at) => {
  expect(failingFrom(runs(text))).toBe(at);
});

test.each([
  [[100, 110, 90, 100, 105, 95, 300, 320, 310, 290], 6],
  [[100, 101, 99, 100, 100, 130, 131, 129], 5],
  [[100, 110, 90, 100, 105, 95, 100, 101, 99, 108], null],
  [[300, 310, 290, 300, 100, 101, 99, 100], null],
  [[100, 300], null],
  [[100, 100, 100, 100], null],
  [[], null],
])("%s lies higher from %s on", (values, at) => {
  expect(higherFrom(values)).toBe(at);
});

test("a change is found where it is, whatever its place", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 20 }), fc.integer({ min: 3, max: 20 }), (before, after) => {
      const failed = [...Array(before).fill(false), ...Array(after).fill(true)];
      expect(failingFrom(failed)).toBe(before);
      const values = failed.map((late, index) => (late ? 5 : 2) + (index % 3) / 10);
      expect(higherFrom(values)).toBe(before);
    }),
  );
});
