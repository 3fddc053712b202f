import { PolicyError } from "../core/errors.ts";
import { unfinishedRollouts } from "../store/rollouts.ts";
import type { DeployDependencies } from "./run.ts";

/** Who works on an environment that cannot be had now. */
export async function busy(
  { store, app }: Pick<DeployDependencies, "store" | "app">,
  env: string,
): Promise<PolicyError> {
  const [running] = await unfinishedRollouts(store.db, { app, env });
  const what = running ? `the rollout ${running.id} (${running.release}, ${running.state})` : "another controller";
  return new PolicyError({
    code: "SM-DEPLOY-BUSY",
    message: `${what} works on ${env}`,
    next: running ? `wait for it, or stationmaster abort ${running.id}` : "try again in a minute",
  });
}
