import { expect, test } from "vitest";
import type { SeriesPoint } from "../../../src/contract/check.ts";
import { aloneIn } from "./gaps.ts";
import { sparkPath } from "./sparkline.ts";
import { endOf, hasRuns, isYoung, segmentsOf, uptimeOf } from "./uptime.ts";

const T0 = Date.parse("2026-03-01T12:00:00.000Z");
const MINUTE = 60_000;
const SIZE = { width: 100, height: 20 };

function point(ms: number, extra: Partial<SeriesPoint> = {}): SeriesPoint {
  return {
    at: new Date(T0 + ms).toISOString(),
    ...{ ok: 0, slow: 0, fail: 0, unknown: 0, p50: null, p95: null, p99: null },
    ...extra,
  };
}

test("segments sum what falls into them; unknown runs count on neither side", () => {
  const segments = segmentsOf(
    [
      point(-5_000, { ok: 100 }),
      point(0, { ok: 3, slow: 1 }),
      point(500, { fail: 4 }),
      point(1_000, { unknown: 9 }),
      point(2_100, { ok: 9, fail: 1 }),
      point(3_900, { fail: 2 }),
    ],
    { now: T0 + 4_000, windowMs: 4_000, count: 4 },
  );
  expect(segments.map(({ kind, runs, fails }) => [kind, runs, fails])).toEqual([
    ["down", 8, 4],
    ["none", 0, 0],
    ["part", 10, 1],
    ["down", 2, 2],
  ]);
  expect(uptimeOf(segments)).toBeCloseTo(1 - 7 / 20);
  expect(uptimeOf([])).toBeNull();
});

test("a history of less than an hour is young; one without runs too", () => {
  const day = (firstRunMs: number) => ({
    stepMs: 15 * MINUTE,
    points: [point(-20 * 60 * MINUTE), point(firstRunMs, { ok: 1 })],
  });
  expect(isYoung(day(-10 * MINUTE), T0)).toBe(true);
  expect(isYoung(day(-3 * 60 * MINUTE), T0)).toBe(false);
  expect(isYoung({ stepMs: MINUTE, points: [point(0)] }, T0)).toBe(true);
  expect([hasRuns(day(0)), hasRuns({ points: [point(0, { unknown: 3 })] })]).toEqual([true, false]);
});

test("a step that has just begun and is still empty is not the end of a series", () => {
  const points = [point(0, { ok: 1 }), point(MINUTE)];
  expect(endOf({ points, stepMs: MINUTE })).toBe(T0 + MINUTE);
  expect(endOf({ points: points.slice(0, 1), stepMs: MINUTE })).toBe(T0 + MINUTE);
  expect(endOf({ points: [], stepMs: MINUTE })).toBeUndefined();
});

function path(values: (number | null)[]): string {
  return sparkPath(
    values.map((p95, index) => point(index, { p95 })),
    SIZE,
  );
}

test("the line breaks at a gap and shows a single value as a dot at the right edge", () => {
  expect(path([null, null])).toBe("");
  expect(path([null, 5])).toMatch(/^M100\.0 \S+h0$/);
  expect(path([5, null, 10, 10]).match(/M/g)).toHaveLength(2);
  expect(path([5, null, 10, 10]).match(/h0/g)).toHaveLength(1);
});

test("a short history keeps to the right, a long one fills the width", () => {
  expect(path([null, null, 5, 5])).toMatch(/^M90\.0 /);
  expect(path([null, ...Array.from({ length: 11 }, () => 5)])).toMatch(/^M0\.0 /);
});

test("values without neighbours are found", () => {
  expect(aloneIn([1, null, 2, 3, null, undefined, 4])).toEqual([0, 6]);
});
