import { UserError } from "../core/errors.ts";
import { findRollout } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import type { DeployDependencies } from "./run.ts";

/** A stored rollout of the application; a `UserError` when there is none. */
export async function requireRollout(
  { store, app }: Pick<DeployDependencies, "store" | "app">,
  id: string,
): Promise<RolloutRow> {
  const row = await findRollout(store.db, id);
  if (row?.app === app) return row;
  throw new UserError({
    code: "SM-ROLLOUT-UNKNOWN",
    message: `there is no rollout ${id}`,
    next: "see stationmaster status",
  });
}
