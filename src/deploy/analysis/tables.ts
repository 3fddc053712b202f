import type { PowerTable, RolloutPlan } from "../../contract/rollout.ts";
import type { Queryable } from "../../store/connect.ts";
import { readTraffic } from "../../store/traffic.ts";
import { powerTable } from "./power.ts";

/** How far planning and judging look back on a service's traffic. */
export const LOOK_BACK_MS = 30 * 60_000;

/**
 * What a canary would see of each service that has a release already, with its traffic of the last 30 minutes. `plan` is one with
 * the steps of a canary. About 0.4 s of computing a service.
 */
export async function readPower(
  db: Queryable,
  app: string,
  plan: Pick<RolloutPlan, "environment" | "strategy" | "services">,
): Promise<PowerTable[]> {
  const tables: PowerTable[] = [];
  for (const { service, fromRelease, steps } of plan.services) {
    if (!fromRelease || steps.length === 0) continue;
    const seen = await readTraffic(db, { app, env: plan.environment, service, withinMs: LOOK_BACK_MS });
    const rps = seen.seconds === 0 ? 0 : seen.requests / seen.seconds;
    const errorRate = seen.requests === 0 ? 0 : seen.errors / seen.requests;
    tables.push(powerTable({ service, rps, errorRate, plan }));
  }
  return tables;
}
