import { expect, test } from "vitest";
import { untilTime } from "./until-time.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");

test.each([
  ["90m", "2026-11-21T11:30:00.000Z"],
  ["3d", "2026-11-24T10:00:00.000Z"],
  ["2026-12-01T08:00:00Z", "2026-12-01T08:00:00.000Z"],
  ["2026-12-01T08:00+01:00", "2026-12-01T07:00:00.000Z"],
])("%s", (text, expected) => {
  expect(untilTime(text, NOW)).toBe(expected);
});

test.each(["", "soon", "3 days", "Monday", "2026-13-01", "12"])("%j is neither", (text) => {
  expect(() => untilTime(text, NOW)).toThrow(expect.objectContaining({ code: "SM-USAGE" }));
});
