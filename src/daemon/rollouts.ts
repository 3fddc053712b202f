import type { DeployRequest, RollbackRequest } from "../contract/requests.ts";
import { PolicyError, UserError } from "../core/errors.ts";
import type { PlannedRollout } from "../deploy/deployer.ts";
import { type PlanSources, planDeploy, planRollback } from "../deploy/request.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { chooseEnvironment, type Engine, type Project } from "./engine.ts";
import { requireChecks, requireSecrets } from "./require.ts";

const PLAN_DEADLINE_MS = 120_000;
/** After these the old release is what runs, and with it what was in force. */
const UNDONE: readonly RolloutRow["state"][] = ["FAILED", "ROLLED_BACK"];

/** A rollout, and what is in force once it has begun. */
export interface Planned extends PlannedRollout {
  project: Project;
}

function sources(engine: Engine, project: Project, environment: string | undefined): PlanSources {
  const { manifest } = project;
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
    secretDigest: (texts, where) => engine.secretDigest(texts, where, project),
    signal: AbortSignal.timeout(PLAN_DEADLINE_MS),
  };
}

/** The plan of a deployment, from the manifest and files as they are now; what could not be watched is refused. */
export async function plannedDeploy(engine: Engine, request: DeployRequest, actor: string): Promise<Planned> {
  const project = engine.read();
  const from = sources(engine, project, request.environment);
  // Those of services depend on which are deployed; channels are only opened at the start.
  requireSecrets(project.manifest, from.secretDigest, ["stores", "checks", "remedies"]);
  requireChecks(project);
  const planned = await planDeploy(from, {
    only: request.only,
    release: request.release,
    strategy: request.strategy,
    actor,
  });
  return agreed({ ...planned, project }, request.planHash);
}

/** The plan of the way back. It does not read what lies on disk: that may be what is broken. */
export async function plannedRollback(engine: Engine, request: RollbackRequest, actor: string): Promise<Planned> {
  const { project } = engine;
  const planned = await planRollback(sources(engine, project, request.environment), { to: request.to, actor });
  return agreed({ ...planned, project }, request.planHash);
}

/** What is carried out is what was agreed to, also when files changed in between. */
function agreed(planned: Planned, hash: string | undefined): Planned {
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
  planned: Planned,
  begun: (row: RolloutRow) => void = () => {},
): Promise<RolloutRow> {
  const before = engine.project;
  const row = await engine.deployer.begin(planned);
  engine.adopt(planned.project);
  begun(row);
  engine.bus.rolloutBegan(row);
  await engine.audit({
    actor: planned.actor,
    action: `rollout.${row.kind}`,
    subject: row.id,
    detail: { environment: row.env, release: row.release, from: row.fromRelease, strategy: row.strategy },
  });
  return await finish(engine, row.id, ({ state }) => {
    if (UNDONE.includes(state)) engine.adopt(before);
  });
}

/** Drives a stored rollout (also one that a crash left) to its end; `ended` is called before anybody is told. */
export async function finish(
  engine: Engine,
  id: string,
  ended: (row: RolloutRow) => void = () => {},
): Promise<RolloutRow> {
  const row = await engine.deployer.run(id);
  ended(row);
  await engine.audit({
    actor: "stationmaster",
    action: "rollout.ended",
    subject: id,
    detail: { state: row.state, reason: row.reason },
  });
  engine.bus.emit({ type: "status" });
  engine.bus.rolloutEnded(row);
  return row;
}
