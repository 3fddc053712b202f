import { isAway } from "../core/errors.ts";
import { isEmpty } from "../deploy/plan.ts";
import { unmet } from "../deploy/preflight/override.ts";
import { removeStrays } from "../deploy/reap.ts";
import { releasedOf, unitRef } from "../deploy/run.ts";
import { routeOf } from "../deploy/steps/traffic.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { liveUnits } from "../store/units.ts";
import type { Engine } from "./engine.ts";
import { carryOut, finish, plannedDeploy } from "./rollouts.ts";

const DEADLINE_MS = 15_000;

/** What a start of the daemon did. */
export interface Recovery {
  /** Rollouts that a crash had left and that have an end now. */
  finished: RolloutRow[];
  /** The rollout that brought the application up; undefined when it runs already. */
  rollout?: RolloutRow;
  adopted: number;
  /** The manifest or files differ from what runs. */
  outdated: boolean;
}

/** Brings the world in order at the start: finish what a crash left, give routes back, then (on this machine) deploy where nothing runs. */
export async function recover(engine: Engine, onRollout: (row: RolloutRow) => void): Promise<Recovery> {
  const finished: RolloutRow[] = [];
  try {
    await repairRoutes(engine);
    await removeStrays(engine.deploy, engine.environment);
    for (const row of await engine.deployer.abandoned(engine.environment)) {
      onRollout(row);
      finished.push(await finish(engine, row.id));
    }
  } catch (error) {
    // A host that does not answer is what a daemon is there to notice; it tries again every few seconds.
    if (!isAway(error)) throw error;
  }
  const adopted = await livingUnits(engine);
  // What others depend on is deployed by somebody who read the plan.
  if (!engine.platform.ends) return { finished, adopted, outdated: false };
  const planned = await plannedDeploy(engine, {}, "stationmaster");
  if (adopted > 0 && planned.plan.kind !== "restore") return { finished, adopted, outdated: !isEmpty(planned.plan) };
  if (isEmpty(planned.plan)) return { finished, adopted, outdated: false };
  // A person vouches for it or waits for its time; until then there is a daemon to ask.
  if (unmet(planned.plan).length > 0) return { finished, adopted, outdated: true };
  return { finished, adopted, outdated: false, rollout: await carryOut(engine, planned, onRollout) };
}

async function livingUnits(engine: Engine): Promise<number> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const units = await liveUnits(engine.store.db, { app: engine.manifest.project, env: engine.environment });
  const looks = await Promise.all(
    units.map(async (unit) => {
      const seen = await engine.platform.observe(unitRef(unit), { signal }).catch(awayMeansAlive);
      return seen.alive;
    }),
  );
  return looks.filter(Boolean).length;
}

/** What is on a host that does not answer goes on there, as far as anybody knows. */
function awayMeansAlive(error: unknown): { alive: boolean } {
  if (isAway(error)) return { alive: true };
  throw error;
}

/** Starts the router, and gives back routes it lost (its state file was unreadable or removed). */
export async function repairRoutes(engine: Engine): Promise<void> {
  const { platform, store, manifest, environment } = engine;
  await platform.traffic.ensure?.();
  const context = { signal: AbortSignal.timeout(DEADLINE_MS) };
  const units = await liveUnits(store.db, { app: manifest.project, env: environment });
  for (const service of new Set(units.map((unit) => unit.service))) {
    const stable = units.filter(
      (unit) => unit.service === service && unit.role === "stable" && unit.state === "running" && unit.address.port,
    );
    const target = { app: manifest.project, environment, service };
    const [first] = stable;
    if (!first || (await platform.traffic.read(target, context))) continue;
    const released = (await releasedOf({ dependencies: engine.deploy }, first))?.released;
    await platform.traffic.apply(target, routeOf(stable, [], { port: released?.port, released }), context);
  }
}
