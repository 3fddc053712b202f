import { expect, test } from "vitest";
import { createTimes } from "./times.ts";

const answers = (unit: string, times: number[], status = 200) => times.map((ms) => ({ unit, status, ms }));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test("the 99th percentile of the last 1,000 answers of each unit", () => {
  const times = createTimes();
  const units = new Set(["a", "b"]);
  times.add("web", [...answers("a", upTo(99)), ...answers("b", upTo(200)), ...answers("b", [9_000], 504)], units);
  expect(times.p99("web", "a")).toBeNull();
  expect(times.p99("web", "b")).toBe(198);
  times.add("web", answers("a", [100]), units);
  expect(times.p99("web", "a")).toBe(99);
  expect(times.p99("other", "a")).toBeNull();
  times.add("web", answers("a", upTo(1_000)), new Set(["a"]));
  expect(times.p99("web", "a")).toBe(990);
  expect(times.p99("web", "b")).toBeNull();
  times.forget("web");
  expect(times.p99("web", "a")).toBeNull();
});
