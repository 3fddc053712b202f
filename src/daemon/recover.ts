import { isAway, isLost } from "../core/errors.ts";
import { takeEnvironment, withLease } from "../deploy/holder.ts";
import { isEmpty } from "../deploy/plan.ts";
import { unmet } from "../deploy/preflight/override.ts";
import { removeStrays } from "../deploy/reap.ts";
import { isStuck } from "../deploy/request.ts";
import { releasedOf, unitRef } from "../deploy/run.ts";
import { hasPort, routeOf } from "../deploy/steps/traffic.ts";
import type { Context } from "../platforms/target.ts";
import type { HeldLease } from "../store/leases.ts";
import { rolloutBehind, setBehind, unfinishedRollouts } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits } from "../store/units.ts";
import type { Engine } from "./engine.ts";
import { carryOut, finish, plannedDeploy } from "./rollouts.ts";
import { cutOffRestarts, permitStarts } from "./start-again.ts";

const DEADLINE_MS = 15_000;
const CATCH_UP_MS = 60_000;
/** A rollout that waits for a person, or bakes for long, goes on behind the checks: until they run nobody watches what serves. */
const FINISH_FIRST_MS = 60_000;

/** What a start of the daemon did. */
export interface Recovery {
  /** Rollouts that a crash had left and that have an end now. */
  finished: RolloutRow[];
  /** The rollout that brought the application up; undefined when it runs already. */
  rollout?: RolloutRow;
  adopted: number;
  /** A rollout that a crash had left has no end yet. */
  goesOn?: true;
  /** The manifest or files differ from what runs. */
  outdated: boolean;
  /** Dead services that were not started again, and why. */
  left: { service: string; reason: string }[];
}

/** Brings the world in order at the start: finish what a crash left, give routes back, then (on this machine) deploy where nothing runs. */
export async function recover(
  engine: Engine,
  {
    onRollout,
    orderedBy = null,
    background,
  }: {
    onRollout(row: RolloutRow): void;
    /** Takes over what goes on for longer than a start may take. */
    background(work: Promise<unknown>): void;
    /** The person who starts the daemon; null where a program does, whose starts of what died are restarts. */
    orderedBy?: string | null | undefined;
  },
): Promise<Recovery> {
  const finished: RolloutRow[] = [];
  let cutOff: string[] = [];
  try {
    await repairRoutes(engine);
    cutOff = await cutOffRestarts(engine);
    await removeStrays(engine.deploy, engine.environment);
    for (const row of await engine.deployer.abandoned(engine.environment)) {
      onRollout(row);
      const end = await firstMinute(engine, finish(engine, row.id), background);
      if (end === null)
        return { finished, adopted: await livingUnits(engine), outdated: false, left: [], goesOn: true };
      finished.push(end);
    }
  } catch (error) {
    // A host that does not answer is what a daemon is there to notice; it tries again every few seconds.
    if (!isAway(error)) throw error;
  }
  const adopted = await livingUnits(engine);
  // What others depend on is deployed by somebody who read the plan.
  const done = { finished, adopted, outdated: false, left: [] };
  if (!engine.platform.ends) return done;
  const plan = (only?: string[]) => plannedDeploy(engine, { only }, orderedBy ?? "stationmaster");
  const planned = await plan();
  if (adopted > 0 && planned.plan.kind !== "restore") return { ...done, outdated: !isEmpty(planned.plan) };
  if (isEmpty(planned.plan)) return done;
  // A person vouches for it or waits for its time; until then there is a daemon to ask.
  if (unmet(planned.plan).length > 0) return { ...done, outdated: true };
  if (orderedBy !== null) return { ...done, rollout: await carryOut(engine, planned, onRollout) };
  const { only, left, ended } = await permitStarts(engine, planned.plan, cutOff);
  const allowed = only === null ? planned : await plan(only);
  if (isEmpty(allowed.plan)) return { ...done, left };
  const rollout = await carryOut(engine, allowed, onRollout);
  await ended(rollout.state === "SUCCEEDED" ? "succeeded" : "failed");
  return { ...done, left, rollout };
}

/** Null for a rollout that goes on for longer while something serves. Where nothing does, there is nothing to watch before its end. */
async function firstMinute(
  engine: Engine,
  end: Promise<RolloutRow>,
  background: (work: Promise<unknown>) => void,
): Promise<RolloutRow | null> {
  const wait = new AbortController();
  const late = engine.clock.sleep(FINISH_FIRST_MS, wait.signal).then(
    () => null,
    () => null,
  );
  const ended = await Promise.race([end, late]).finally(() => wait.abort());
  if (ended !== null || (await livingUnits(engine)) === 0) return ended ?? (await end);
  background(end);
  return null;
}

/**
 * Hosts that a rollout went on without get its release as soon as all answer: its units were started there before, only the routes
 * are those of before. Where they do not live any more the host stays behind, and the next deployment restores it.
 */
export async function catchUp(engine: Engine): Promise<void> {
  const { deploy, environment } = engine;
  let done: Behind | undefined;
  try {
    if (!(await livingBehind(engine, { signal: AbortSignal.timeout(DEADLINE_MS) }))) return;
    const lease = await takeEnvironment(deploy, environment, "tidy");
    if (!lease) return;
    done = await withLease(deploy, lease, AbortSignal.timeout(CATCH_UP_MS), {
      work: (signal) => follow(engine, lease, signal),
    });
  } catch (error) {
    if (isLost(error)) return;
    throw error;
  }
  if (!done) return;
  await engine.audit({
    actor: "stationmaster",
    action: "rollout.caught-up",
    subject: done.row.id,
    detail: { hosts: done.row.behind },
  });
  engine.bus.emit({ type: "status" });
}

interface Behind {
  row: RolloutRow;
  /** What users shall have, on all hosts. */
  units: UnitRow[];
}

/** Undefined where no host is behind, one has lost its units, or a rollout comes first: to its end, or a person's decision. */
async function livingBehind(engine: Engine, context: Context): Promise<Behind | undefined> {
  const { platform, store, manifest, environment } = engine;
  const key = { app: manifest.project, env: environment };
  const row = await rolloutBehind(store.db, key);
  if (!row?.behind || (await unfinishedRollouts(store.db, key)).length > 0 || (await isStuck(engine))) return undefined;
  const { behind } = row;
  const units = (await liveUnits(store.db, key)).filter(({ role, state }) => role === "stable" && state === "running");
  const there = units.filter(({ address }) => address.host !== undefined && behind.includes(address.host));
  const seen = await Promise.all(there.map((unit) => platform.observe(unitRef(unit), context)));
  return seen.every(({ alive }) => alive) ? { row, units } : undefined;
}

/** Looks again: until the lease was ours a rollout or a restart may have put other units in the place of those that were seen. */
async function follow(engine: Engine, lease: HeldLease, signal: AbortSignal): Promise<Behind | undefined> {
  const { platform, store, deploy, manifest, environment } = engine;
  const context = { signal, generation: lease.generation };
  const found = await livingBehind(engine, context);
  if (!found) return undefined;
  for (const [service, own] of Map.groupBy(found.units.filter(hasPort), (unit) => unit.service)) {
    const released = (await releasedOf({ dependencies: deploy }, own[0] as UnitRow))?.released;
    const wanted = routeOf(own, [], { port: released?.port, released });
    await platform.traffic.apply({ app: manifest.project, environment, service }, wanted, context);
  }
  await setBehind(store.db, lease, found.row, []);
  return found;
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
