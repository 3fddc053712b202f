import type { DeployRequest, RollbackRequest } from "../contract/requests.ts";
import { PolicyError, toKnownError, UserError } from "../core/errors.ts";
import { underWay } from "../deploy/busy.ts";
import { isEmpty } from "../deploy/plan.ts";
import { refuseUnmet } from "../deploy/preflight/override.ts";
import { type PlanSources, planDeploy, planRollback } from "../deploy/request.ts";
import { changedPlan } from "../deploy/stored.ts";
import { lockedBy, readLease, readLock } from "../store/leases.ts";
import { findRollout } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { requirePrograms } from "../watch/programs.ts";
import type { Engine } from "./engine.ts";
import type { Planned } from "./planned.ts";
import { recordOverrides, withPreflight } from "./preflight.ts";
import { chooseEnvironment, type Project } from "./project.ts";
import { requireChecks, requireSecrets } from "./require.ts";

const PLAN_DEADLINE_MS = 120_000;
/** After these the old release is what runs, and with it what was in force. */
const UNDONE: readonly RolloutRow["state"][] = ["FAILED", "ROLLED_BACK", "SUPERSEDED"];
/** For a rollout that makes room to clean up behind it; its steps end at once. */
const ROOM_MS = 90_000;
const ROOM_LOOK_MS = 250;
/** Several releases that are accepted at the same moment take each other's place one after another. */
const TRIES = 5;

/** An engine works on one environment. Throws UserError `SM-ENVIRONMENT` for every other. */
export function requireEnvironment(
  { environment }: Pick<Engine, "environment">,
  { manifest }: Pick<Project, "manifest">,
  asked: string | undefined,
): void {
  const name = asked === undefined ? environment : chooseEnvironment(manifest, asked);
  if (name === environment) return;
  throw new UserError({
    code: "SM-ENVIRONMENT",
    message: `the daemon works on ${environment}, not on ${name}`,
    next: `name it to the command line, which then works itself: stationmaster deploy ${name}`,
  });
}

/** What planning reads, for one project; other environments than the engine's are refused. */
export function sources(engine: Engine, project: Project, environment: string | undefined): PlanSources {
  const { manifest } = project;
  requireEnvironment(engine, project, environment);
  return {
    manifest,
    environment: engine.environment,
    store: engine.store,
    platform: engine.platform,
    secretDigest: (texts, where) => engine.secretDigest(texts, where, project),
    signal: AbortSignal.timeout(PLAN_DEADLINE_MS),
  };
}

/** The plan of a deployment with its pre-flight. One that is not met is refused by `carryOut`, so that the plan can be shown. */
export async function plannedDeploy(engine: Engine, request: DeployRequest, actor: string): Promise<Planned> {
  const planned = agreed(await planOnDisk(engine, request, actor), request.planHash);
  return await withPreflight(engine, planned, request);
}

/** The plan alone, from the manifest and files as they are now; what could not be watched is refused. */
export async function planOnDisk(engine: Engine, request: DeployRequest, actor: string): Promise<Planned> {
  const project = engine.read();
  const from = sources(engine, project, request.environment);
  // Those of services depend on which are deployed; channels are only opened at the start.
  requireSecrets(project, ["stores", "checks", "remedies", "devops"]);
  requireChecks(project);
  await requirePrograms(project.manifest.checks);
  const planned = await planDeploy(from, {
    only: request.only,
    release: request.release,
    strategy: request.strategy,
    actor,
  });
  const meets = await underWay(engine.deploy, engine.environment, planned.plan);
  return { ...planned, plan: { ...planned.plan, ...(meets ? { underWay: meets } : {}) }, project };
}

/** The plan of the way back. It does not read what lies on disk: that may be what is broken. */
export async function plannedRollback(engine: Engine, request: RollbackRequest, actor: string): Promise<Planned> {
  const { project } = engine;
  const planned = await planRollback(sources(engine, project, request.environment), { to: request.to, actor });
  return agreed({ ...planned, project }, request.planHash);
}

/** What is carried out is what was agreed to, also when files changed in between. */
export function agreed(planned: Planned, hash: string | undefined): Planned {
  if (hash === undefined || hash === planned.plan.hash) return planned;
  throw changedPlan();
}

/** What to say when the environment is taken: by whom. */
export async function refuseBusy({ store, manifest, environment }: Engine): Promise<PolicyError> {
  const lock = await readLock(store.db, { app: manifest.project, env: environment });
  if (lock) return lockedBy(environment, lock);
  return new PolicyError({
    code: "SM-DEPLOY-BUSY",
    message: `a rollout or a restart works on ${environment}`,
    next: "try again when it has ended: stationmaster status",
  });
}

/**
 * Begins a deployment in the place of one that no user has seen; that one is cleaned up first. Throws `SM-PREFLIGHT` before anything
 * is ended, `SM-DEPLOY-BUSY` where it meets one that it can only wait for, and `SM-PLAN-CHANGED` where that one got stuck.
 */
export async function inItsPlace<T>(engine: Engine, planned: Planned, begin: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    if (!isEmpty(planned.plan)) await makeRoom(engine, planned);
    try {
      return await begin();
    } catch (error) {
      const met = await underWay(engine.deploy, engine.environment, planned.plan);
      const again = toKnownError(error).code === "SM-DEPLOY-BUSY" && met?.meeting === "supersede";
      if (!again || tries === TRIES) throw error;
    }
  }
}

async function makeRoom(engine: Engine, { plan, actor }: Planned): Promise<void> {
  const { store, deploy, deployer, environment, clock, manifest } = engine;
  const met = await underWay(deploy, environment, plan);
  if (met?.meeting !== "supersede") return;
  refuseUnmet(plan);
  if (!(await deployer.supersede(met.rollout, `${plan.release} of ${actor}`))) return;
  const detail = { environment, release: plan.release };
  await engine.audit({ actor, action: "rollout.supersede", subject: met.rollout, detail });
  const end = clock.monotonic() + ROOM_MS;
  const isFree = async () => {
    // Its process may have died, with nobody else there to see to it.
    const left = await deployer.abandoned(environment);
    if (left.some(({ id }) => id === met.rollout)) await finish(engine, met.rollout);
    const lease = await readLease(store.db, { app: manifest.project, env: environment });
    return (await findRollout(store.db, met.rollout))?.finishedAt !== null && (lease?.expired ?? true);
  };
  while (!(await isFree()) && clock.monotonic() < end) await clock.sleep(ROOM_LOOK_MS);
  // Half a migration, for one: a person looks at that first.
  if ((await findRollout(store.db, met.rollout))?.state === "STUCK") throw changedPlan();
}

/**
 * Stores the rollout and drives it to its end; both are in the audit. `begun` is called with the stored rollout before any work.
 * Throws PolicyError `SM-PREFLIGHT` when the plan's pre-flight is not met.
 */
export async function carryOut(
  engine: Engine,
  planned: Planned,
  begun: (row: RolloutRow) => void = () => {},
): Promise<RolloutRow> {
  refuseUnmet(planned.plan);
  const { underWay: _, ...plan } = planned.plan;
  const row = await engine.deployer.begin({ ...planned, plan });
  const before = engine.project;
  engine.adopt(planned.project);
  begun(row);
  engine.bus.rolloutBegan(row);
  await engine.audit({
    actor: planned.actor,
    action: `rollout.${row.kind}`,
    subject: row.id,
    detail: { environment: row.env, release: row.release, from: row.fromRelease, strategy: row.strategy },
  });
  await recordOverrides(engine, planned, row);
  return await finish(engine, row.id, ({ state }) => {
    // Not what a newer release that took its place has put in force.
    if (UNDONE.includes(state) && engine.project === planned.project) engine.adopt(before);
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
