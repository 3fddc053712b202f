import { expect, test } from "vitest";
import { checkFilter, checksPath, directionOf, sortedBy } from "./check-filter.ts";
import { noIncidentText } from "./checks.ts";
import { phaseParts } from "./phases.ts";
import { budgetOf, promise, standing } from "./slo.ts";

test("a filter of checks leads back to itself, and what is odd is left out", () => {
  const filter = { text: "a&b", verdict: "DOWN", failing: true, sort: "p95", reverse: true } as const;
  const [, query = ""] = checksPath(filter).split("?");
  expect(checkFilter(query)).toEqual(filter);
  expect(checksPath({})).toBe("/checks");
  expect(checksPath({ text: "" })).toBe("/checks");
  expect(checkFilter("verdict=GREEN")).toEqual({});
});

test("where no incident opened, what the check needs is named", () => {
  expect(noIncidentText({ verdict: "UP", dependsOn: [] })).toBe(
    "One opens when this check has failed three times in a row.",
  );
  expect(noIncidentText({ verdict: "DOWN", dependsOn: ["api"] })).toBe(
    "It fails. While what it needs (api) fails too, the incident of that stands for it.",
  );
  expect(noIncidentText({ verdict: "UP", dependsOn: ["api", "db"] })).toMatch(
    /while what it needs \(api, db\) is well/,
  );
});

test("a column is chosen, then turned round, then turned back", () => {
  const once = sortedBy({ text: "a" }, "uptime");
  const twice = sortedBy(once, "uptime");
  expect([once, twice].map(directionOf)).toEqual(["ascending", "descending"]);
  expect(sortedBy(twice, "uptime")).toEqual(once);
  expect(directionOf({})).toBe("descending");
});

test("the parts of a run make up the whole", () => {
  const parts = phaseParts({ queue: 10, resolve: 0, connect: 10, tls: 0, processing: 60, transfer: 20 });
  expect(parts.map(({ name, share }) => [name, share])).toEqual([
    ["queue", 0.1],
    ["resolve", 0],
    ["connect", 0.1],
    ["tls", 0],
    ["processing", 0.6],
    ["transfer", 0.2],
  ]);
  expect(phaseParts({ queue: 0, resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 })).toEqual([]);
});

test("what is promised is written as it was said, and never made better", () => {
  expect([0.99, 0.999, 0.9995, 0.99999, 1, 0.9999999].map(promise)).toEqual([
    ...["99 %", "99.9 %", "99.95 %", "99.999 %", "100 %", "99.999 %"],
  ]);
});

test.each([
  [1, 1, "ok"],
  [0.2, 0.2, "warn"],
  [0, 0, "bad"],
  [-3, 0, "bad"],
])("a budget of %s", (budgetLeft, filled, tone) => expect(budgetOf({ budgetLeft })).toEqual({ filled, tone }));

test("a budget without data is none", () => expect(budgetOf({ budgetLeft: null })).toBeNull());

test.each([
  ["burn:14.4", 0.9, -2, "bad", "goes at least 14.4 times too fast"],
  ["burn:1", 0.9, 0.1, "warn", "the budget will not last"],
  [null, 0.9, 0.1, "ok", "no alert"],
  [null, 0.9, -85, "warn", "the budget is used up"],
  [null, null, null, "idle", "no data"],
])("alert %s, attained %s, left %s", (alert, attained, budgetLeft, tone, text) =>
  expect(standing({ alert, attained, budgetLeft })).toEqual({ tone, text }),
);
