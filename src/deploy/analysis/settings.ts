import type { RolloutPlan } from "../../contract/rollout.ts";
import { METRICS } from "./state.ts";

type Judge = NonNullable<RolloutPlan["strategy"]["judge"]>;

export interface Settings extends Pick<Judge, "ratio" | "onInconclusive"> {
  /** The e-value that fails the release: 1/α′, α shared by all metrics of all services that are compared. */
  needed: number;
}

/** Of a plan that an older version made. */
const DEFAULT: Judge = { alpha: 0.01, ratio: 1.25, onInconclusive: "promote" };

/** How a rollout is judged. α counts for the whole rollout, so each metric of each service gets its part. */
export function settingsOf(plan: Pick<RolloutPlan, "strategy" | "services">): Settings {
  const { alpha, ratio, onInconclusive } = plan.strategy.judge ?? DEFAULT;
  const compared = plan.services.filter(({ fromRelease, steps }) => fromRelease && steps.length > 0).length;
  return { ratio, onInconclusive, needed: (METRICS.length * Math.max(1, compared)) / alpha };
}
