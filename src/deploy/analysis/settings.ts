import type { RolloutPlan } from "../../contract/rollout.ts";
import { METRICS } from "./state.ts";

type Judge = NonNullable<RolloutPlan["strategy"]["judge"]>;

export interface Settings extends Pick<Judge, "ratio" | "onInconclusive"> {
  /** How long a person may take to decide, ms. */
  waitMs: number;
  /** Paths that we ask both releases for ourselves when too few requests come, by service. */
  requests: Readonly<Record<string, readonly string[]>>;
  /** The e-value that fails the release: 1/α′, α shared by all metrics of all services that are compared. */
  needed: number;
}

const WAIT_MS = 24 * 60 * 60_000;
/** Of a plan that an older version made. */
const DEFAULT: Judge = { alpha: 0.01, ratio: 1.25, onInconclusive: "promote" };

/** How a rollout is judged. α counts for the whole rollout, so each metric of each service gets its part. */
export function settingsOf(plan: Pick<RolloutPlan, "strategy" | "services">): Settings {
  const { alpha, ratio, onInconclusive, waitMs = WAIT_MS, requests = {} } = plan.strategy.judge ?? DEFAULT;
  const compared = plan.services.filter(({ fromRelease, steps }) => fromRelease && steps.length > 0).length;
  return { ratio, onInconclusive, waitMs, requests, needed: (METRICS.length * Math.max(1, compared)) / alpha };
}
