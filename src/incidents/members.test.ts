import { expect, test } from "vitest";
import { timingFor } from "../watch/timing.ts";
import { graceFor, quietFor } from "./members.ts";
import { MINUTE, SECOND } from "./testing.ts";
import type { IncidentRecord, Rules } from "./types.ts";

const rules: Rules = { environment: "staging", protected: false, remedies: {}, timing: timingFor };

function record(everyMs: number, change: Partial<IncidentRecord["healing"]> = {}): IncidentRecord {
  return { severity: "SEV2", members: { a: { everyMs } }, healing: change } as unknown as IncidentRecord;
}

test.each([
  ["nothing is known", 10 * SECOND, null, MINUTE],
  ["it starts fast", 10 * SECOND, 4 * SECOND, MINUTE],
  ["it starts slowly", 30 * SECOND, 90 * SECOND, 3 * MINUTE],
  ["it starts slowly and the check is fast", SECOND, 15 * SECOND, 30 * SECOND],
  ["it takes for ever", 30 * SECOND, 20 * MINUTE, 15 * MINUTE],
  ["the check is slower still", 5 * MINUTE, 20 * MINUTE, 20 * MINUTE],
])("the grace after a restart, when %s", (_, everyMs, bootMs, graceMs) => {
  expect(graceFor(record(everyMs, { bootMs }), "restart", rules)).toBe(graceMs);
  expect(graceFor(record(everyMs, { bootMs }), null, rules)).toBe(graceMs);
  // What starts no process waits for none.
  expect(graceFor(record(everyMs, { bootMs }), "clear-sessions", rules)).toBe(timingFor(everyMs).graceMs);
});

test("a redeploy has to hold for 10 minutes, for fast checks 8 intervals, whatever the severity", () => {
  const held = (everyMs: number) => quietFor({ ...record(everyMs, { phase: "proving" }), severity: "SEV3" }, rules);
  expect([SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 3_600 * SECOND].map(held)).toEqual([
    20 * SECOND,
    4 * MINUTE,
    8 * MINUTE,
    10 * MINUTE,
    10 * MINUTE,
  ]);
});
