import { expect, test } from "vitest";
import { jsonPath, parseJsonPath } from "./json-path.ts";

const document = {
  status: "ok",
  parts: [
    { name: "db", state: "up", "odd key": 1 },
    { name: "cache", state: "down", sub: { name: "lru" } },
  ],
  list: [0, 1, 2, 3, 4],
  "it's": null,
};

test.each([
  ["status", ["ok"]],
  ["$", [document]],
  ["$.parts[0].name", ["db"]],
  ["$.parts[-1]['name']", ["cache"]],
  ['$["parts"][0]["odd key"]', [1]],
  ["$['it\\'s']", [null]],
  ["$.parts[*].state", ["up", "down"]],
  ["$.parts.*.state", ["up", "down"]],
  ["$.list[1:3]", [1, 2]],
  ["$.list[:2]", [0, 1]],
  ["$.list[-2:]", [3, 4]],
  ["$.list[::2]", [0, 2, 4]],
  ["$.list[::-1]", [4, 3, 2, 1, 0]],
  ["$.list[3:0:-2]", [3, 1]],
  ["$.list[5:0:0]", []],
  ["$.list[0, -1]", [0, 4]],
  ["$..name", ["db", "cache", "lru"]],
  ["$..[0]", [document.parts[0], 0]],
  ["$.gone", []],
  ["$.status.length", []],
  ["$.list.length", []],
  ["$.toString", []],
])("%s", (path, found) => {
  expect(jsonPath(document, path)).toEqual(found);
});

test.each(["$.", "$.a[", "$.a[?(@.b)]", "$['a", "a b", "$.a[1", "", "$$"])("%s is no path", (path) => {
  expect(parseJsonPath(path)).toBeUndefined();
  expect(jsonPath(document, path)).toEqual([]);
});

test("a deeply nested document and a path that multiplies end", () => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 50_000; depth++) deep = [deep];
  expect(jsonPath(deep, "$..*").length).toBeLessThanOrEqual(10_000);
  const wide = Array.from({ length: 300 }, () => Array.from({ length: 300 }, () => ({ a: 1 })));
  expect(jsonPath(wide, "$..*..*..*").length).toBeLessThanOrEqual(10_000);
});
