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
  expect(meetingOf(kind, { kind: running, state })).toBe(meeting);
});
