import { describe, expect, test } from "vitest";
import type { RolloutPlan, RolloutState } from "../contract/rollout.ts";
import { lastDeployAt, standing, waysBack } from "./history.ts";

interface Past {
  kind: "deploy" | "rollback" | "restore";
  release: string;
  state: RolloutState;
}

/** `r1`: a deployment; `<r1`: a rollback to it; `=r1`: a restore; `r2!`: one that did not succeed. Oldest first. */
function history(...words: string[]): Past[] {
  return words.map((word) => ({
    kind: word.startsWith("<") ? "rollback" : word.startsWith("=") ? "restore" : "deploy",
    release: word.replace(/[<=!]/g, ""),
    state: word.endsWith("!") ? "ROLLED_BACK" : "SUCCEEDED",
  }));
}

describe("the way back", () => {
  test.each([
    { past: [], back: [] },
    { past: ["r1"], back: [] },
    { past: ["r1", "r2"], back: ["r1"] },
    { past: ["r1", "r2", "r3"], back: ["r2", "r1"] },
    { past: ["r1", "r2!"], back: [] },
    { past: ["r1", "r2", "<r1"], back: [] },
    { past: ["r0", "r1", "r2", "<r1"], back: ["r0"] },
    { past: ["r0", "r1", "r2", "<r1", "<r0"], back: [] },
    { past: ["r1", "r2", "r3", "<r1"], back: [] },
    { past: ["r1", "r2", "<r1!"], back: ["r1"] },
    { past: ["r1", "r2", "<r1", "r3"], back: ["r1"] },
    { past: ["r1", "r2", "<r1", "r3", "<r1", "r4"], back: ["r1"] },
    // A person went forward again, by name.
    { past: ["r1", "r2", "<r1", "<r2"], back: ["r1"] },
    // An old release was deployed again.
    { past: ["r1", "r2", "r1"], back: ["r2"] },
    { past: ["r1", "r2", "r1", "<r2"], back: ["r1"] },
    { past: ["r1", "r2", "=r2", "=r2"], back: ["r1"] },
    { past: ["r1", "=r1", "r2", "<r1", "=r1"], back: [] },
    // What came before is not in the history any more.
    { past: ["<r1", "r2"], back: ["r1"] },
  ])("after $past it leads to $back", ({ past, back }) => {
    expect(waysBack(standing(history(...past).toReversed()))).toEqual(back);
  });
});

test("the last deployment is one that what runs rests on, of the service; a rollback is none", () => {
  const at = (word: string, hour: number, ...replaced: string[]) => {
    const services = replaced.map((service) => ({ service, action: "replace" }));
    const plan = { services } as unknown as RolloutPlan;
    return { ...(history(word)[0] as Past), plan, finishedAt: new Date(hour) };
  };
  const last = (...past: ReturnType<typeof at>[]) => lastDeployAt(standing(past.toReversed()), "api");
  const first = [at("r1", 1, "api"), at("r2", 2, "web")];
  expect(last()).toBeNull();
  expect(last(at("r1", 1, "web"))).toBeNull();
  expect(last(...first)).toBe(1);
  expect(last(...first, at("r3", 3, "api"))).toBe(3);
  expect(last(...first, at("r3", 3, "api"), at("<r2", 4, "api"))).toBe(1);
  expect(last(...first, at("r3", 3, "api"), at("<r2", 4, "api"), at("=r2", 5, "api"))).toBe(1);
  expect(last(at("r1", 1, "web"), at("r2", 2, "api"), at("<r1", 3, "api"))).toBeNull();
});
