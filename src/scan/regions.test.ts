import { expect, test } from "vitest";
import { bestRegion, isPlace, liesIn, regionsOf } from "./regions.ts";
import table from "./tables/regions.json" with { type: "json" };

test.each(Object.entries(table))(
  "%s: each region once, in a place that can be asked for; the list has a source and a day",
  (_, list) => {
    expect(list.source).toMatch(/^[\w.-]+\.\w+\//);
    expect(list.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(new Set(list.rows.map(({ id }) => id)).size).toBe(list.rows.length);
    expect(list.rows.filter(({ id, place }) => !isPlace(place) || !liesIn(id, place))).toEqual([]);
  },
);

test("a region of another cloud asks for its country first, then for its part of the world", () => {
  expect(bestRegion("aws", ["europe-west3"])?.region.id).toBe("eu-central-1");
  expect(bestRegion("railway", ["eu-west-1"])?.region.id).toBe("europe-west4");
  expect(bestRegion("railway", ["ie"])).toBeUndefined();
  expect(bestRegion("aws", ["nowhere"])).toBeUndefined();
  expect(regionsOf("render").map(({ id }) => id)).toContain("frankfurt");
});
