import type { Rollout, RolloutPlan, RolloutSummary, TrafficView } from "../../src/contract/rollout.ts";
import { type HostStory, hostPlan, hostRollout, hostTraffic, PREFLIGHT, REFUSED } from "../../src/contract/testing.ts";

/** Rollouts on several hosts by the id under which the stand-in shows them; they are not among its lists. */
const STORIES: Record<string, { story: HostStory; count: number }> = {
  "ro-canary": { story: "canary", count: 3 },
  "ro-judged": { story: "judged", count: 3 },
  "ro-stuck": { story: "stuck", count: 3 },
  "ro-inconclusive": { story: "inconclusive", count: 3 },
  "ro-canary-20": { story: "canary", count: 20 },
  "ro-stuck-20": { story: "stuck", count: 20 },
};

/** A release of this name is refused by the pre-flight of its plan. */
export const REFUSED_RELEASE = "shop-0046";

export function refusedPlan(): RolloutPlan {
  return { ...hostPlan(3, [...PREFLIGHT, REFUSED]), release: REFUSED_RELEASE };
}

/** The summaries of all of them, whose state a test may change. */
export function hostSummaries(): RolloutSummary[] {
  return Object.entries(STORIES).map(([id, { story, count }]) => {
    const { plan: _plan, journal: _journal, failure: _failure, ...summary } = hostRollout(story, { count });
    return { ...summary, id };
  });
}

export function hostRolloutOf(summary: RolloutSummary): Rollout | undefined {
  const told = STORIES[summary.id];
  return (
    told && {
      ...hostRollout(told.story, { count: told.count, now: Date.parse(summary.startedAt) + 305_000 }),
      ...summary,
    }
  );
}

/** `asked` is how often it was asked for before: counts and evidence go on. */
export function hostTrafficOf(id: string, asked: number): TrafficView[] | undefined {
  const told = STORIES[id];
  return told && hostTraffic(told.story, { count: told.count, step: asked });
}
