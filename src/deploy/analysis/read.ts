import type { TrafficView } from "../../contract/rollout.ts";
import { findAnalysis } from "../../store/analysis.ts";
import type { Store } from "../../store/connect.ts";
import type { RolloutRow } from "../../store/tables/rollout.ts";
import { evidence } from "./e-process.ts";
import { settingsOf } from "./settings.ts";

type Analysis = NonNullable<TrafficView["analysis"]>;

/** What the judge of a rollout holds of each service so far, by service; nothing where it has not looked yet. */
export async function readAnalysis(
  { db }: Pick<Store, "db">,
  { id, plan }: Pick<RolloutRow, "id" | "plan">,
): Promise<Partial<Record<string, Analysis>>> {
  const { needed } = settingsOf(plan);
  const views: Partial<Record<string, Analysis>> = {};
  for (const row of await findAnalysis(db, id)) {
    const view = {
      metric: row.metric,
      evidence: evidence(row.sums),
      needed,
      candidate: { requests: row.candidateRequests, bad: row.candidateBad },
      baseline: { requests: row.baselineRequests, bad: row.baselineBad },
    };
    views[row.service] = [...(views[row.service] ?? []), view];
  }
  return views;
}
