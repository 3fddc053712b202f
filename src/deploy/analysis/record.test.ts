import { expect, test } from "vitest";
import { since } from "./record.ts";

test("what a counter rose by; one that was set back began at 0", () => {
  expect(since({ requests: 10, errors: 1 }, { requests: 15, errors: 1 })).toEqual({ requests: 5, errors: 0 });
  expect(since({ requests: 10, errors: 1 }, { requests: 4, errors: 0 })).toEqual({ requests: 4, errors: 0 });
});
