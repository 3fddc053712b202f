import { expect, test } from "vitest";
import { lastingP99 } from "./counts.ts";

const times = (count: number, ms = (index: number) => index) => Array.from({ length: count }, (_, index) => ms(index));
const steady = (index: number) => (index % 100) + 1;

test("with fewer than 500 answers there is none", () => {
  expect(lastingP99(times(499))).toBeNull();
  expect(lastingP99([])).toBeNull();
});

test("of what does not change it is the 99th percentile, of the last 1,000", () => {
  expect(lastingP99(times(500, steady))).toBe(99);
  expect(lastingP99([...times(900, () => 9_000), ...times(1_000, steady)])).toBe(99);
});

test("a pause in some parts of five says nothing; what is slow in all of them does", () => {
  const slowIn = (parts: number) => times(500, (index) => (index < parts * 100 && index % 50 === 0 ? 900 : 30));
  expect(lastingP99(slowIn(4))).toBe(30);
  expect(lastingP99(slowIn(5))).toBe(900);
});
