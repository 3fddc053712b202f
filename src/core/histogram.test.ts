import fc from "fast-check";
import { expect, test } from "vitest";
import { addValue, countOf, emptyHistogram, HISTOGRAM_RANGE, mergeHistograms, quantile } from "./histogram.ts";

const BOUND = 2 ** (1 / 8) - 1 + 1e-9;
const values = fc.array(fc.double({ min: HISTOGRAM_RANGE.lowest, max: HISTOGRAM_RANGE.highest, noNaN: true }), {
  maxLength: 200,
});
const of = (list: number[]) => list.reduce(addValue, emptyHistogram);

test("merging is commutative and associative, and equals counting everything in one", () => {
  fc.assert(
    fc.property(values, values, values, (a, b, c) => {
      expect(mergeHistograms(of(a), of(b))).toEqual(mergeHistograms(of(b), of(a)));
      expect(mergeHistograms(mergeHistograms(of(a), of(b)), of(c))).toEqual(
        mergeHistograms(of(a), mergeHistograms(of(b), of(c))),
      );
      expect(mergeHistograms(of(a), of(b))).toEqual(of([...a, ...b]));
      expect(countOf(of(a))).toBe(a.length);
    }),
  );
});

test("a quantile is within 9.1 % of the exact nearest rank", () => {
  fc.assert(
    fc.property(
      values.filter((list) => list.length > 0),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (list, q) => {
        const exact = [...list].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * list.length)) - 1] ?? Number.NaN;
        const found = quantile(of(list), q) ?? Number.NaN;
        expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(BOUND);
      },
    ),
  );
});

test("values outside the range count as its ends; no values, no quantile", () => {
  expect(quantile(emptyHistogram, 0.5)).toBeNull();
  expect(quantile(of([0, -1, Number.NaN]), 0.99)).toBeCloseTo(2 ** 0.125, 6);
  expect(quantile(of([1e9]), 0.5)).toBeCloseTo(2 ** 15.875, 3);
});

test("it survives JSON", () => {
  const histogram = of([1, 5, 70, 3_000]);
  expect(JSON.parse(JSON.stringify(histogram))).toEqual(histogram);
});
