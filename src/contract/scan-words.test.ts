import { expect, test } from "vitest";
import { factText, wantText } from "./scan-words.ts";

test.each([
  ["want.p95", 300, "300 ms"],
  ["want.p99", 2_000, "2 s"],
  ["want.availability", 99.9, "99.9 %"],
  ["want.rpo", 0, "0 s"],
  ["want.p99", 1_500, "1.5 s"],
  ["want.rto", 14_400, "4 h"],
  ["want.rpo", 5_400, "90 min"],
  ["want.requests-per-second", 40, "40 per second"],
  ["want.data-size", 1.5 * 2 ** 40, "1.5 TiB"],
  ["want.data-size", 0, "0 B"],
  ["want.retention-days", 90, "90 days"],
  ["want.budget", { amount: 200, currency: "EUR", per: "month" }, "200 EUR per month"],
  ["want.scale", { min: 2, max: null }, "from 2"],
  ["want.scale", { min: 2, max: 10 }, "from 2 up to 10"],
  ["want.stores", ["postgres", "redis"], "postgres, redis"],
  ["want.toString", true, "true"],
])("%s of %j reads as %s", (id, value, text) => {
  expect(wantText(id, value)).toBe(text);
});

test("a fact of a name that objects have by themselves is data", () => {
  expect(factText("constructor", { a: 1 })).toBe('{"a":1}');
});
