import type { PreflightRow } from "../../contract/rollout.ts";
import type { PlannedRollout } from "../deployer.ts";
import { isEmpty } from "../plan.ts";
import { gather, type PreflightSources } from "./gather.ts";
import { decide, owner } from "./rows.ts";

/**
 * The facts a deployment or a contract rollout rests on, each with its evidence. A way back and the restoring of what ran before are
 * held up only by somebody else's units in their place; a plan that does nothing has no rows.
 */
export async function preflight(sources: PreflightSources, planned: PlannedRollout): Promise<PreflightRow[]> {
  const { kind } = planned.plan;
  if (isEmpty(planned.plan)) return [];
  if (kind !== "deploy" && kind !== "contract") return owner(planned.plan);
  return [...owner(planned.plan), ...decide({ ...(await gather(sources, planned)), kind })];
}
