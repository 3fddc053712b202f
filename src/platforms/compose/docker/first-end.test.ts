import { expect, test } from "vitest";
import { type Event, firstOf } from "./first-end.ts";

const event = (Action: string, at: number, exitCode = 0): Event => ({
  Action,
  Actor: { Attributes: { exitCode } },
  timeNano: at * 1e6,
});

test.each([
  { what: "nothing has ended", events: [event("oom", 1)], found: undefined },
  {
    what: "the first of several ends",
    events: [event("die", 1_000, 3), event("die", 2_000, 4)],
    found: { code: 3, outOfMemory: false, atMs: 1_050 },
  },
  {
    what: "memory ran out before it",
    events: [event("oom", 999), event("die", 1_000, 137)],
    found: { code: 137, outOfMemory: true, atMs: 1_050 },
  },
  {
    what: "memory ran out later",
    events: [event("die", 1_000, 1), event("oom", 1_500), event("die", 2_000, 137)],
    found: { code: 1, outOfMemory: false, atMs: 1_050 },
  },
])("$what", ({ events, found }) => {
  expect(firstOf(events)).toEqual(found);
});
