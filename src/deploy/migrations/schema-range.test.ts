import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fits, nearestFit, type RangedRelease, rangeOf, requireFit } from "./schema-range.ts";

const ranged = (name: string, min: number, max: number | null): RangedRelease => ({ name, range: { min, max } });

describe("the range of a release", () => {
  test("is what the manifest declares", () => {
    expect(rangeOf({ declared: { min: 2, max: 4 }, expanded: { position: 9, newest: 9 }, contracts: [] })).toEqual({
      min: 2,
      max: 4,
    });
  });
  test("else ends before the first contract migration that came after it", () => {
    const expanded = { position: 4, newest: 5 };
    expect(rangeOf({ declared: null, expanded, contracts: [] })).toEqual({ min: 4, max: null });
    expect(rangeOf({ declared: null, expanded, contracts: [2, 5, 9, 7] })).toEqual({ min: 4, max: 6 });
  });
  test("is unknown for a release nobody saw expand, and then nothing is refused", () => {
    expect(rangeOf({ declared: null, expanded: undefined, contracts: [3] })).toBeUndefined();
    expect(fits(undefined, 7)).toBe(true);
  });
});

describe("the nearest release that fits", () => {
  const releases = [
    ranged("r5", 5, null),
    ranged("r4", 4, 5),
    ranged("r3", 3, 5),
    ranged("r2", 1, 3),
    ranged("r1", 1, 5),
  ];
  test("is the newer of two equally near ones, and never the wanted one", () => {
    expect(nearestFit(releases, "r2", 5)).toBe("r3");
    expect(nearestFit(releases, "r2", 9)).toBe("r5");
    expect(nearestFit([ranged("r2", 1, 2)], "r2", 5)).toBeUndefined();
  });
  test("always fits, and nothing nearer does", () => {
    const release = fc.record({ min: fc.nat(6), length: fc.option(fc.nat(4), { nil: null }) });
    fc.assert(
      fc.property(fc.array(release, { minLength: 1, maxLength: 8 }), fc.nat(9), fc.nat(7), (list, position, pick) => {
        const kept = list.map(({ min, length }, index) =>
          ranged(`r${index}`, min, length === null ? null : min + length),
        );
        const at = pick % kept.length;
        const found = nearestFit(kept, `r${at}`, position);
        const fitting = kept.flatMap(({ range }, index) => (index !== at && fits(range, position) ? [index] : []));
        const distances = fitting.map((index) => Math.abs(index - at));
        if (found === undefined) return fitting.length === 0;
        return Math.abs(Number(found.slice(1)) - at) === Math.min(...distances);
      }),
    );
  });
  test("is named by the refusal; a release in its range is not refused", () => {
    requireFit({ env: "test", service: "api", wanted: "r3", position: 5 }, releases, "r5");
    expect(() => requireFit({ env: "test", service: "api", wanted: "r2", position: 5 }, releases, "r5")).toThrow(
      expect.objectContaining({
        code: "SM-ROLLBACK-SCHEMA",
        message: "api: the schema is at position 5, and r2 runs on 1 to 3 only",
        next: expect.stringContaining("stationmaster rollback test --to r3"),
      }),
    );
    expect(() => requireFit({ env: "test", service: "api", wanted: "r2", position: 9 }, releases, "r5")).toThrow(
      expect.objectContaining({ next: expect.stringContaining("no kept release but the running one") }),
    );
  });
});
