import { expect, test } from "vitest";
import { causeOf } from "./message.ts";
import { MINUTE, START } from "./testing.ts";

test("the last change before the first failure is named, none that came later or is older than an hour", () => {
  const iso = (at: number) => new Date(at).toISOString();
  const around = (...ats: number[]) => ({
    onset: START,
    evidence: { logs: [], metrics: {}, missing: [], changes: ats.map((at) => ({ at: iso(at), text: "deploy of r2" })) },
  });
  expect(causeOf(around(START + MINUTE, START - MINUTE, START - 2 * MINUTE))).toBe(
    "deploy of r2 (2026-03-01T11:59:00Z)",
  );
  expect(causeOf(around(START + MINUTE, START - 61 * MINUTE))).toBeUndefined();
  expect(causeOf({ onset: START, evidence: null })).toBeUndefined();
});
