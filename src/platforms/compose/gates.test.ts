import { expect, test } from "vitest";
import { afterLast } from "./gates.ts";

test("it ends with the last of the gates, and with its reason", () => {
  const [a, b] = [new AbortController(), new AbortController()];
  const signal = afterLast([a.signal, b.signal]);
  a.abort(new Error("h1 is gone"));
  expect(signal.aborted).toBe(false);
  b.abort(new Error("h2 is gone"));
  expect(signal.reason).toEqual(new Error("h2 is gone"));
  expect(afterLast([a.signal, b.signal]).aborted).toBe(true);
});
