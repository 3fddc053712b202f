import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createGatherer } from "./gather.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a burst is handed on once a moment later, and the next no sooner than it may", () => {
  const seen: string[] = [];
  const gatherer = createGatherer((key) => seen.push(key.join("/")), 3_000);
  gatherer.add([["checks"], ["check"]]);
  gatherer.add([["checks"]]);
  vi.advanceTimersByTime(250);
  expect(seen.splice(0)).toEqual(["checks", "check"]);
  gatherer.add([["checks"]]);
  vi.advanceTimersByTime(2_900);
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(seen.splice(0)).toEqual(["checks"]);
  gatherer.add([["checks"]]);
  gatherer.stop();
  vi.advanceTimersByTime(10_000);
  expect(seen).toEqual([]);
});
