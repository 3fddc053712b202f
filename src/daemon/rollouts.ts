import type { DeployRequest, RollbackRequest } from "../contract/requests.ts";
import { PolicyError, UserError } from "../core/errors.ts";
import type { PlannedRollout } from "../deploy/deployer.ts";
import { type PlanSources, planDeploy, planRollback } from "../deploy/request.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { chooseEnvironment, type Engine } from "./engine.ts";

const PLAN_DEADLINE_MS = 120_000;

function sources(engine: Engine, environment: string | undefined): PlanSources {
  const manifest = engine.reload();
  const name = chooseEnvironment(manifest, environment);
  if (name !== engine.environment)
    throw new UserError({
      code: "SM-ENVIRONMENT",
      message: `this state directory runs ${engine.environment}, not ${name}`,
      next: "use another --state directory for another environment",
    });
  return {
    manifest,
    environment: name,
    store: engine.store,
    platform: engine.platform,
    secretDigest: engine.secretDigest,
    signal: AbortSignal.timeout(PLAN_DEADLINE_MS),
  };
}

/** The plan of a deployment, from the manifest and files as they are now. */
export async function plannedDeploy(engine: Engine, request: DeployRequest, actor: string): Promise<PlannedRollout> {
  const planned = await planDeploy(sources(engine, request.environment), {
    only: request.only,
    release: request.release,
    strategy: request.strategy,
    actor,
  });
  return agreed(planned, request.planHash);
}

export async function plannedRollback(
  engine: Engine,
  request: RollbackRequest,
  actor: string,
): Promise<PlannedRollout> {
  return agreed(await planRollback(sources(engine, request.environment), { to: request.to, actor }), request.planHash);
}

/** What is carried out is what was agreed to, also when files changed in between. */
function agreed(planned: PlannedRollout, hash: string | undefined): PlannedRollout {
  if (hash === undefined || hash === planned.plan.hash) return planned;
  throw new PolicyError({
    code: "SM-PLAN-CHANGED",
    message: "something changed since the plan was shown, so the plan would be another one now",
    next: "look at the new plan and confirm again",
  });
}

/** Stores the rollout and drives it to its end; both are in the audit. `begun` is called with the stored rollout before any work. */
export async function carryOut(
  engine: Engine,
  planned: PlannedRollout,
  begun: (row: RolloutRow) => void = () => {},
): Promise<RolloutRow> {
  const row = await engine.deployer.begin(planned);
  begun(row);
  await engine.audit({
    actor: planned.actor,
    action: `rollout.${row.kind}`,
    subject: row.id,
    detail: { environment: row.env, release: row.release, from: row.fromRelease, strategy: row.strategy },
  });
  return await finish(engine, row.id);
}

/** Drives a stored rollout (also one that a crash left) to its end. */
export async function finish(engine: Engine, id: string): Promise<RolloutRow> {
  const row = await engine.deployer.run(id);
  await engine.audit({
    actor: "stationmaster",
    action: "rollout.ended",
    subject: id,
    detail: { state: row.state, reason: row.reason },
  });
  engine.bus.emit({ type: "status" });
  engine.bus.rolloutEnded();
  return row;
}
