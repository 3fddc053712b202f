import type { PreflightRow, Rollout, RolloutPlan, RolloutSummary, TrafficView } from "../../src/contract/rollout.ts";
import { type HostStory, hostPlan, hostRollout, hostTraffic, PREFLIGHT, REFUSED } from "../../src/contract/testing.ts";

/** Rollouts on several hosts by the id under which the stand-in shows them; they are not among its lists. */
const STORIES: Record<string, { story: HostStory; count: number; isLong?: boolean }> = {
  "ro-canary": { story: "canary", count: 3 },
  "ro-judged": { story: "judged", count: 3 },
  "ro-stuck": { story: "stuck", count: 3 },
  "ro-inconclusive": { story: "inconclusive", count: 3 },
  "ro-canary-20": { story: "canary", count: 20 },
  "ro-stuck-20": { story: "stuck", count: 20 },
  "ro-stuck-2": { story: "stuck", count: 2, isLong: true },
  "ro-canary-6": { story: "canary", count: 6, isLong: true },
};

/** As hosts are called outside of tests: with an account and a domain. */
function longNames<T>(told: T): T {
  const long = "deploy@shop-production-$1.eu-central-1.compute.example.com";
  return JSON.parse(JSON.stringify(told).replace(/\b(web\d+)\b/g, long)) as T;
}

/** A release of this name is refused by the pre-flight of its plan. */
export const REFUSED_RELEASE = "shop-0046";

export function refusedPlan(): RolloutPlan {
  return { ...hostPlan(3, [...PREFLIGHT, REFUSED]), release: REFUSED_RELEASE };
}

/** A release of this name comes when the environment is closed. */
export const LATE_RELEASE = "shop-0047";

export function closedPlan(): RolloutPlan {
  const closed: PreflightRow = {
    ...{ item: "window", ok: false, override: null },
    evidence: "frozen: Fri 16:00 - Mon 08:00 Europe/Paris; until 2026-11-23T07:00:00.000Z",
    next: "stationmaster deploy production --when-open",
  };
  return { ...hostPlan(3, [closed, ...PREFLIGHT]), release: LATE_RELEASE };
}

export function contractPlan(): RolloutPlan {
  const plan = hostPlan(3, [REFUSED]);
  return {
    ...plan,
    kind: "contract",
    services: plan.services.map((service) => ({ ...service, action: "keep" })),
    warnings: ["afterwards there is no way back to shop-0042"],
    power: [],
    migrations: [
      {
        ...{ service: "api", tool: "alembic", kind: "contract", pending: ["c0de drop orders.remark"], findings: [] },
        ends: ["shop-0042"],
      },
    ],
  };
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
  if (!told) return undefined;
  const rollout = hostRollout(told.story, { count: told.count, now: Date.parse(summary.startedAt) + 305_000 });
  return { ...(told.isLong ? longNames(rollout) : rollout), ...summary };
}

/** `asked` is how often it was asked for before: counts and evidence go on. */
export function hostTrafficOf(id: string, asked: number): TrafficView[] | undefined {
  const told = STORIES[id];
  if (!told) return undefined;
  const views = hostTraffic(told.story, { count: told.count, step: asked });
  return told.isLong ? longNames(views) : views;
}
