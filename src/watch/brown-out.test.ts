import { expect, test } from "vitest";
import { addValue, emptyHistogram, type Histogram } from "../core/histogram.ts";
import { BrownOuts, usualP95 } from "./brown-out.ts";

function runs(brownOuts: BrownOuts, durations: number[], { from = 0, already = false } = {}): (string | undefined)[] {
  return durations.map((ms, index) => brownOuts.judge("a", ms, { now: from + index * 10_000, already }));
}

const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);

test("three times as slow as usual is a brown-out, after enough runs", () => {
  const brownOuts = new BrownOuts();
  brownOuts.setUsual(new Map([["a", 100]]));
  expect(runs(brownOuts, times(30, 250)).every((said) => said === undefined)).toBe(true);
  const slow = runs(brownOuts, times(60, 500), { from: 1_000_000 });
  expect(slow.slice(0, 19).every((said) => said === undefined)).toBe(true);
  expect(slow[20]).toMatch(/^95 % of the last runs took up to \d+ ms, usual at this hour are 100 ms$/);
});

test("it ends below twice what is usual, once the slow runs are ten minutes old", () => {
  const brownOuts = new BrownOuts();
  brownOuts.setUsual(new Map([["a", 100]]));
  runs(brownOuts, times(60, 500));
  expect(runs(brownOuts, times(1, 150), { from: 610_000, already: true })[0]).toBeDefined();
  expect(runs(brownOuts, times(90, 150), { from: 620_000, already: true }).at(-1)).toBeUndefined();
  expect(runs(brownOuts, times(90, 250), { from: 2_000_000, already: true }).at(-1)).toBeDefined();
  expect(runs(brownOuts, times(90, 250), { from: 4_000_000, already: false }).at(-1)).toBeUndefined();
});

test("without a baseline nothing is said, and a few milliseconds are no trouble", () => {
  const brownOuts = new BrownOuts();
  expect(runs(brownOuts, times(60, 5_000)).every((said) => said === undefined)).toBe(true);
  brownOuts.setUsual(new Map([["a", 2]]));
  expect(runs(brownOuts, times(60, 40), { from: 1_000_000 }).every((said) => said === undefined)).toBe(true);
});

test("a baseline takes three days and a hundred runs", () => {
  const hour = (count: number): Histogram => times(count, 50).reduce(addValue, emptyHistogram);
  expect(usualP95([hour(100), hour(100)])).toBeNull();
  expect(usualP95([hour(30), hour(30), hour(30)])).toBeNull();
  expect(usualP95([hour(40), hour(40), hour(40)])).toBeGreaterThan(45);
});
