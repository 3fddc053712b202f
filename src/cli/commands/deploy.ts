import type { RolloutPlan, StrategyKind } from "../../contract/rollout.ts";
import { confirm } from "../confirm.ts";
import { print, printJson } from "../output.ts";
import { renderPlan } from "../plan.ts";
import { failureLines, followRollout, rolloutError } from "../progress.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export interface DeployCommandOptions extends GlobalOptions {
  only?: string[];
  release?: string;
  strategy?: StrategyKind;
  plan?: boolean;
  yes?: boolean;
}

export async function run(options: DeployCommandOptions, environment?: string): Promise<void> {
  const only = options.only?.flatMap((item) => item.split(",")).filter(Boolean);
  const request = { environment, only, release: options.release, strategy: options.strategy };
  await withSession({ ...options, env: environment ?? options.env }, async ({ usecases }) => {
    const plan = await usecases.plan(request);
    await agree(
      plan,
      options,
      async () => (await usecases.deploy({ ...request, planHash: plan.hash }, actor())).id,
      usecases,
    );
  });
}

/** Shows the plan, asks, begins and follows; shared by deploy and rollback. */
export async function agree(
  plan: RolloutPlan,
  options: GlobalOptions & { plan?: boolean; yes?: boolean },
  begin: () => Promise<string>,
  usecases: Parameters<typeof followRollout>[0],
): Promise<void> {
  const json = options.json ?? false;
  if (options.plan) {
    if (json) printJson(plan);
    else print(renderPlan(plan));
    return;
  }
  if (!json) print(renderPlan(plan));
  await confirm(`Ship ${plan.release} to ${plan.environment}?`, options);
  const rollout = await followRollout(usecases, await begin(), { quiet: json });
  if (json) printJson(rollout);
  if (rollout.state === "SUCCEEDED") {
    if (!json) print(`${rollout.release} serves ${rollout.environment}`);
    return;
  }
  if (!json) for (const line of failureLines(rollout)) print(line);
  throw rolloutError(rollout);
}
