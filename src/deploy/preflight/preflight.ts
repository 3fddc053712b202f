import type { PreflightRow } from "../../contract/rollout.ts";
import type { PlannedRollout } from "../deployer.ts";
import { isEmpty } from "../plan.ts";
import { gather, type PreflightSources } from "./gather.ts";
import { decide } from "./rows.ts";

/**
 * The facts a deployment or a contract rollout rests on, each with its evidence. A way back and the restoring of what ran before are never held up:
 * they have no rows, and a plan that does nothing has none either.
 */
export async function preflight(sources: PreflightSources, planned: PlannedRollout): Promise<PreflightRow[]> {
  const { kind } = planned.plan;
  if ((kind !== "deploy" && kind !== "contract") || isEmpty(planned.plan)) return [];
  return decide({ ...(await gather(sources, planned)), kind });
}
