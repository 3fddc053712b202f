import fc from "fast-check";
import { expect, test } from "vitest";
import { type Hush, holdsOf, isActive } from "./silence.ts";

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);

function hush(change: Partial<Hush> = {}): Hush {
  return {
    ...{ id: "sil-1", kind: "silence", matcher: {}, author: "alice", reason: "x" },
    ...{ fromAt: null, untilAt: null, recurrence: null },
    ...change,
  };
}

test.each([
  ["2026-03-01T09:59:59.999Z", false],
  ["2026-03-01T10:00:00Z", true],
  ["2026-03-01T11:59:59.999Z", true],
  ["2026-03-01T12:00:00Z", false],
])("one from 10 to 12 holds at %s: %s", (text, expected) => {
  const once = hush({ fromAt: at("2026-03-01T10:00:00Z"), untilAt: at("2026-03-01T12:00:00Z") });
  expect(isActive(once, at(text))).toBe(expected);
});

// In Berlin the clocks go forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00.
test.each([
  ["0 22 * * *", "2026-01-10T21:30:00Z", true],
  ["0 22 * * *", "2026-01-10T20:30:00Z", false],
  ["0 22 * * *", "2026-07-10T20:30:00Z", true],
  ["0 22 * * *", "2026-07-10T22:00:00Z", false],
  // The skipped 02:30 falls on 03:00.
  ["30 2 * * *", "2026-03-29T00:59:59Z", false],
  ["30 2 * * *", "2026-03-29T01:00:00Z", true],
  ["30 2 * * *", "2026-03-29T02:59:59Z", true],
  ["30 2 * * *", "2026-03-29T03:00:00Z", false],
  // 02:30 is shown twice; it begins with the first and lasts two hours of real time.
  ["30 2 * * *", "2026-10-25T00:30:00Z", true],
  ["30 2 * * *", "2026-10-25T02:29:59Z", true],
  ["30 2 * * *", "2026-10-25T02:30:00Z", false],
])("%s in Berlin for two hours holds at %s: %s", (cron, text, expected) => {
  const recurrence = { cron, durationMs: 2 * HOUR, zone: "Europe/Berlin" };
  expect(isActive(hush({ recurrence }), at(text))).toBe(expected);
});

test("a recurrence holds between its beginning and its end only", () => {
  const recurrence = { cron: "0 * * * *", durationMs: HOUR / 2, zone: "UTC" };
  const bounded = hush({ recurrence, fromAt: at("2026-03-01T10:10:00Z"), untilAt: at("2026-03-01T12:10:00Z") });
  const holds = ["10:05", "10:15", "10:45", "12:05", "12:15"].map((time) =>
    isActive(bounded, at(`2026-03-01T${time}:00Z`)),
  );
  expect(holds).toEqual([false, true, false, true, false]);
});

const API = { environment: "staging", service: "api", checks: ["staging/api/health@h1"] };

test.each([
  [{}, true],
  [{ service: "api" }, true],
  [{ service: "web" }, false],
  [{ environment: "staging", service: "api" }, true],
  [{ environment: "production" }, false],
  [{ check: "api/health" }, true],
  [{ check: "api/health@h1" }, true],
  [{ check: "api/health@h2" }, false],
  [{ check: "staging/api/health" }, true],
  [{ check: "staging/api/health@h1" }, true],
  [{ check: "staging/api/health@h2" }, false],
  [{ check: "staging/api/heal" }, false],
  [{ service: "api", check: "staging/web/health" }, false],
])("%j fits the check of the api on h1: %s", (matcher, expected) => {
  expect(holdsOf([hush({ matcher })], API, 0).length > 0).toBe(expected);
});

test("an incident is silenced only where all its checks are, and a severity goes along", () => {
  const one = hush({ matcher: { check: "staging/api/health", severity: "SEV3" } });
  expect(holdsOf([one], API, 0)).toEqual([{ by: "sil-1", severity: "SEV3" }]);
  expect(holdsOf([one], { ...API, checks: [...API.checks, "staging/api/process"] }, 0)).toEqual([]);
});

test("whatever the recurrence, its spans are as long as they say and never overlap the end", () => {
  const minutes = fc.integer({ min: 1, max: 120 });
  const time = fc.integer({ min: at("2026-01-01T00:00:00Z"), max: at("2026-12-31T00:00:00Z") });
  fc.assert(
    fc.property(minutes, time, fc.constantFrom("Europe/Berlin", "UTC", "America/New_York"), (length, moment, zone) => {
      const recurrence = { cron: "15 2 * * *", durationMs: length * 60_000, zone };
      const spanning = hush({ recurrence, untilAt: moment });
      expect(isActive(spanning, moment)).toBe(false);
      const unbounded = hush({ recurrence });
      if (!isActive(unbounded, moment)) return;
      expect(isActive(unbounded, moment + length * 60_000)).toBe(false);
    }),
  );
});
