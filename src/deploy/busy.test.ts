import { expect, test } from "vitest";
import type { RolloutKind, RolloutState, UnderWay } from "../contract/rollout.ts";
import { meetingOf } from "./busy.ts";

const CASES: [RolloutKind, RolloutKind, RolloutState, UnderWay["meeting"]][] = [
  ["deploy", "deploy", "PLANNED", "supersede"],
  ["deploy", "deploy", "VERIFIED", "supersede"],
  ["restore", "deploy", "STARTED", "supersede"],
  ["deploy", "restore", "STARTED", "supersede"],
  ["deploy", "deploy", "SHIFTING", "wait"],
  ["deploy", "deploy", "BAKING", "wait"],
  ["deploy", "deploy", "CLEANING", "wait"],
  ["deploy", "rollback", "PREPARED", "wait"],
  ["deploy", "contract", "EXPANDED", "refuse"],
  ["rollback", "deploy", "PREPARED", "refuse"],
  ["contract", "deploy", "BAKING", "refuse"],
];

test.each(CASES)("%s meets %s in %s: %s", (kind, running, state, meeting) => {
  expect(meetingOf({ kind, release: "r2" }, { kind: running, state, release: "r1" })).toBe(meeting);
});

test("the same release ends nothing: it waits and finds that it is there", () => {
  const running = { kind: "deploy", state: "STARTED", release: "r1" } as const;
  expect(meetingOf({ kind: "deploy", release: "r1" }, running)).toBe("wait");
  expect(meetingOf({ kind: "deploy", release: "r2" }, running)).toBe("supersede");
});
