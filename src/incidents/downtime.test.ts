import { expect, test } from "vitest";
import { downtimeOf } from "./downtime.ts";

const T0 = Date.parse("2026-03-01T12:00:00Z");
const iso = (second: number) => new Date(T0 + second * 1_000).toISOString();
const event = (second: number, kind: string, data = {}) => ({ at: iso(second), kind, data });

const opened = event(10, "opened");
const relapse = event(130, "failed-again", { onset: iso(120) });

test.each([
  ["fails still", [opened], { endedMs: 0, since: iso(0) }],
  ["has recovered", [opened, event(40, "recovering")], { endedMs: 40_000, since: null }],
  ["failed again", [opened, event(40, "recovering"), relapse], { endedMs: 40_000, since: iso(120) }],
  [
    "recovered twice",
    [opened, event(40, "recovering"), relapse, event(140, "recovering"), event(900, "resolved")],
    { endedMs: 60_000, since: null },
  ],
  ["was ended by hand", [opened, event(70, "resolved")], { endedMs: 70_000, since: null }],
  [
    "says no time of its relapse",
    [event(40, "recovering"), event(130, "failed-again")],
    { endedMs: 40_000, since: iso(130) },
  ],
])("of an incident that %s the time in which it failed counts", (_, timeline, expected) => {
  expect(downtimeOf(timeline, T0)).toEqual(expected);
});

test("of one that opened again it is that of the last occurrence", () => {
  const timeline = [opened, event(40, "recovering"), event(100, "resolved"), event(610, "reopened")];
  expect(downtimeOf(timeline, T0 + 600_000)).toEqual({ endedMs: 0, since: iso(600) });
});
