import { expect, test } from "vitest";
import { findCheck } from "./find.ts";

const CHECKS = ["local/api/health", "local/check/backup", "local/store/cache", "local/infrastructure/proxy"].map(
  (id) => ({ id }),
);

test.each([
  ["local/api/health", "local/api/health"],
  ["api/health", "local/api/health"],
  ["backup", "local/check/backup"],
  ["check/backup", "local/check/backup"],
  ["cache", "local/store/cache"],
  ["proxy", "local/infrastructure/proxy"],
])("%s is the check %s", (name, id) => {
  expect(findCheck(CHECKS, name, "local").id).toBe(id);
});

test("a check of the manifest comes before a store of its name", () => {
  const both = [{ id: "local/store/cache" }, { id: "local/check/cache" }];
  expect(findCheck(both, "cache", "local").id).toBe("local/check/cache");
});

test.each([
  ["bakup", 'did you mean "backup"?'],
  ["api/helth", 'did you mean "api/health"?'],
  ["something-else", "stationmaster checks lists them"],
])("of %s, which is none, it is said: %s", (name, next) => {
  expect(() => findCheck(CHECKS, name, "local")).toThrow(expect.objectContaining({ code: "SM-CHECK-UNKNOWN", next }));
});
