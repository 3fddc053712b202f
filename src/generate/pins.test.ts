import { describe, expect, test } from "vitest";
import { imageOf, lineOf, loadPins, pinsAge } from "./pins.ts";

const table = loadPins();

describe("the table that comes with this version", () => {
  test("names where each of its entries was seen", () => {
    const sources = [
      ...Object.values(table.images).flatMap((lines) => Object.values(lines)),
      ...Object.values(table.tools),
    ];
    expect(sources.filter(({ source }) => source === "" || source === "provisional")).toEqual([]);
  });
  test.each(Object.entries(table.actions))(
    "takes %s from workflows of three owners, none of them its own",
    (name, { seen }) => {
      for (const place of seen)
        expect(place).toMatch(/^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml@[0-9a-f]{40}$/);
      const owners = new Set(seen.map((place) => place.split("/")[0]));
      expect(owners.size).toBeGreaterThanOrEqual(3);
      expect(owners).not.toContain(name.split("/")[0]);
    },
  );
  test("has a line for every default, and exact versions of tools", () => {
    for (const [name, line] of Object.entries(table.defaults)) expect(table.images[name]?.[line], name).toBeDefined();
    for (const [name, { version }] of Object.entries(table.tools)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

test.each([
  ["node", null, "24", true],
  ["node", "lts/*", "24", true],
  ["node", "latest", "24", true],
  ["node", "*", "24", true],
  ["node", "lts/iron", "20", true],
  ["node", ">=18", "24", true],
  ["node", "^20.1", "20", true],
  ["node", "v22.3.0", "22", true],
  ["node", "22.x", "22", true],
  ["node", "18.x || 20.x", "20", true],
  ["node", "16", "20", false],
  ["node", "nonsense", "24", false],
  ["python", "^3.11", "3.13", true],
  ["python", "3.12.1", "3.12", true],
  ["python", ">=3.10,<3.13", "3.12", true],
  ["python", "~=3.11.2", "3.11", true],
  ["python", "==3.11.*", "3.11", true],
  ["python", ">=3.9,!=3.9.7,<4", "3.13", true],
  ["python", "3.8", "3.9", false],
  ["golang", "1.22", "1.22", true],
  ["golang", "1.23.4", "1.23", true],
  ["golang", "go1.23.1", "1.23", true],
  ["golang", "1.99", "1.25", false],
  ["ruby", "~> 3.2", "3.4", true],
  ["ruby", "~> 3.2.1", "3.2", true],
  ["dotnet-sdk", "8.0", "8.0", true],
  ["dotnet-sdk", "net9.0", "9.0", true],
  ["temurin-jdk", "21.0.2-tem", "21", true],
  ["temurin-jdk", "1.8", "11", false],
  ["rust", "stable", "1", true],
])("%s for %j is line %s", (name, wanted, line, exact) => {
  expect(lineOf(table, name, wanted)).toEqual({ line, exact });
});

test("an image that nobody knows has no line", () => {
  expect(lineOf(table, "cobol", "1")).toBeUndefined();
  expect(imageOf(table, "cobol", "1")).toBeUndefined();
});

test("what the project found goes before the table; what is no table is ignored", () => {
  const own = {
    ...table,
    date: "2026-12-01",
    images: { node: { 24: { tag: "node:24.99.0-slim", source: "registry" } } },
  };
  expect(imageOf(loadPins(own), "node", "24")).toBe("node:24.99.0-slim");
  expect(imageOf(loadPins(own), "node", "22")).toBe(imageOf(table, "node", "22"));
  // The table of a newer version of the program goes before what was found long ago.
  expect(imageOf(loadPins({ ...own, date: "2026-01-01" }), "node", "24")).toBe(imageOf(table, "node", "24"));
  expect(loadPins({ date: "yesterday" })).toEqual(table);
  expect(loadPins("text")).toEqual(table);
});

test.each([
  ["2026-11-22", 0, false],
  ["2027-02-20", 90, false],
  ["2027-02-21", 91, true],
  ["2026-01-01", 0, false],
])("on %s the table is %i days old", (today, days, warns) => {
  const age = pinsAge({ ...table, date: "2026-11-22" }, new Date(`${today}T12:00:00Z`));
  expect(age.days).toBe(days);
  expect(age.warning !== null).toBe(warns);
});
