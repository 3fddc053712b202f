import { expect, test } from "vitest";
import { type Dependencies, needsOf } from "./depend.ts";

const NEEDS: Record<string, string[]> = { web: ["api", "cdn"], api: ["db", "cache"], cdn: ["dns"], cache: ["api"] };

function needs(start: string[], said: Record<string, ReturnType<Dependencies["verdict"]>>) {
  return needsOf(start, { direct: (name) => NEEDS[name] ?? [], verdict: (name) => said[name] ?? "unknown" });
}

test.each([
  ["all is well", { api: "well", cdn: "well" }, []],
  ["a direct need fails", { api: "failing", cdn: "well" }, ["api"]],
  ["both a need and what it needs fail", { api: "failing", db: "failing" }, ["api"]],
  ["what a well one needs fails", { api: "well", db: "failing" }, []],
  ["what one needs fails at which nobody can look", { db: "failing" }, ["db"]],
  ["two ways lead to what fails", { api: "failing", dns: "failing" }, ["api", "dns"]],
] as const)("what explains a failure of web when %s", (_, said, failing) => {
  expect(needs(["api", "cdn"], said).failing).toEqual(failing);
});

test("what is needed over any number of steps, the nearest first, also in a circle", () => {
  expect(needs(["api", "cdn"], {}).all).toEqual(["api", "cdn", "db", "cache", "dns"]);
  expect(needs([], {})).toEqual({ all: [], failing: [] });
});
