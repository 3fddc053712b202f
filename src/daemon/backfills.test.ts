import { expect, test } from "vitest";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { mayFill } from "./backfills.ts";

type Item = Pick<RolloutRow, "id" | "kind" | "release" | "state">;
const item = (id: string, state: Item["state"], kind: Item["kind"] = "deploy", release = id): Item => ({
  ...{ id, state, kind, release },
});
const [first, owner] = [item("r1", "SUCCEEDED"), item("r2", "SUCCEEDED")];

test.each<[string, Item[], boolean]>([
  ["its rollout goes on", [item("r2", "BAKING"), first], false],
  ["its rollout succeeded", [owner, first], true],
  ["its rollout failed", [item("r2", "FAILED"), first], false],
  ["a later one with it succeeded", [item("r3", "SUCCEEDED"), item("r2", "FAILED"), first], true],
  ["a later one failed", [item("r3", "FAILED"), owner, first], true],
  ["a later one goes on", [item("r3", "ANALYZING"), owner, first], false],
  ["somebody went back", [item("back", "SUCCEEDED", "rollback", "r1"), owner, first], false],
  ["nobody knows what serves", [item("r3", "STUCK"), owner, first], false],
  [
    "only the database of the release before changed",
    [item("c", "SUCCEEDED", "contract", "r1"), item("r2", "FAILED"), first],
    false,
  ],
  ["its rollout is long ago", [item("r9", "SUCCEEDED")], true],
])("a backfill may go on: %s", (_, history, expected) => {
  expect(mayFill({ rolloutId: "r2" }, history)).toBe(expected);
});
