import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HeartbeatCalls } from "../../types.ts";
import { dueAt, judge, nextTurn } from "./judge.ts";

const HOUR = 3_600_000;
const rhythm = { period: 24 * HOUR, grace: HOUR };
const calls = (known: Partial<HeartbeatCalls> = {}): HeartbeatCalls => ({
  ...{ expectedSince: 0, startedAt: null, okAt: null, failedAt: null, awayUntil: null },
  ...known,
});

describe("a job", () => {
  test.each([
    ["has time for its first call", {}, 25 * HOUR, "waiting"],
    ["that only began has not called well yet", { startedAt: HOUR }, 2 * HOUR, "waiting"],
    ["that never called is late", {}, 25 * HOUR + 1, "late"],
    ["is well until a period and a grace after its last call", { okAt: 5 * HOUR }, 30 * HOUR, null],
    ["is late after that", { okAt: 5 * HOUR }, 30 * HOUR + 1, "late"],
    ["that began does not get more time by that", { okAt: HOUR, startedAt: 20 * HOUR }, 26 * HOUR + 1, "late"],
    ["that said it failed has failed at once", { okAt: HOUR, failedAt: 2 * HOUR }, 2 * HOUR, "job-failed"],
    [
      "has failed until it says ok, also when it begins again",
      { failedAt: HOUR, startedAt: 2 * HOUR },
      3 * HOUR,
      "job-failed",
    ],
    ["is well again when it says ok", { failedAt: HOUR, okAt: 2 * HOUR }, 3 * HOUR, null],
    ["is not blamed for a call that may be lost", { okAt: HOUR, awayUntil: 20 * HOUR }, 40 * HOUR, "prober"],
    ["is late when it missed the next one too", { okAt: HOUR, awayUntil: 20 * HOUR }, 45 * HOUR + 1, "late"],
    [
      "that called keeps its time although nobody was there since",
      { okAt: HOUR, awayUntil: 20 * HOUR },
      26 * HOUR,
      null,
    ],
  ])("%s", (_what, known, now, expected) => {
    expect(judge(calls(known), rhythm, now)?.class ?? null).toBe(expected);
  });

  test("is told when it called last, how long it is waited for, or that it hangs", () => {
    expect(judge(calls(), rhythm, HOUR)).toMatchObject({
      outcome: "unknown",
      detail: "waits for the first call, late 1 d from now",
    });
    expect(judge(calls({ okAt: HOUR }), rhythm, 28 * HOUR)?.detail).toBe(
      "the last call was 1 d 3 h ago; a call is due every 1 d",
    );
    expect(judge(calls({ okAt: HOUR, startedAt: 25 * HOUR }), rhythm, 28 * HOUR)?.detail).toContain(
      "started 3 h ago and did not end",
    );
    expect(judge(calls({ okAt: HOUR, awayUntil: 20 * HOUR }), rhythm, 40 * HOUR)).toMatchObject({ outcome: "unknown" });
  });
});

test("between now and its next turn the judgement stays", () => {
  const time = fc.integer({ min: 0, max: 100 * HOUR });
  const maybe = fc.option(time);
  const known = fc.record({ expectedSince: time, startedAt: maybe, okAt: maybe, failedAt: maybe, awayUntil: maybe });
  fc.assert(
    fc.property(known, time, fc.double({ min: 0, max: 1, noNaN: true }), (item, now, share) => {
      const turn = nextTurn(item, rhythm, now) ?? now + 100 * HOUR;
      const between = now + share * (turn - now);
      expect(judge(item, rhythm, between)?.class).toBe(judge(item, rhythm, now)?.class);
    }),
  );
  expect(dueAt({ okAt: 5, expectedSince: 0 }, rhythm)).toBe(5 + 25 * HOUR);
});
