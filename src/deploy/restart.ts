import { PolicyError, UserError } from "../core/errors.ts";
import { type HeldLease, lockedBy, readLease, readLock } from "../store/leases.ts";
import { unfinishedRollouts } from "../store/rollouts.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { blastRadius } from "./blast-radius.ts";
import { serviceOf, stableUnits, startFresh } from "./fresh.ts";
import { giveBack, isRestart, takeEnvironment, withLease } from "./holder.ts";
import { replaceInPlace } from "./in-place.ts";
import { context, type DeployDependencies, living, type Site, targetOf } from "./run.ts";
import { askUnit, UnitFailure, untilHealthy } from "./steps/health.ts";
import { drained, hasPort, isServing, routeOf } from "./steps/traffic.ts";
import { adopt, settleStrays, stop } from "./strays.ts";

/** A sick unit is not waited for long: its requests rather hang than end. */
const SICK_DRAIN_MS = 5_000;

export interface RestartOptions {
  environment: string;
  service: string;
  /** `failing`: dead units, else a quarter of all that are sick (at least one), all where none is well; `all`: every unit. One after another. */
  which: "failing" | "all";
  /** The environment's lease when the caller has taken it; it is given back at the end in any case. */
  lease?: HeldLease;
  /** Told once nobody else works there and there is something to restart, before anything is touched. */
  begin?(): Promise<void>;
  signal: AbortSignal;
}

/** Takes the environment for a restart. Throws PolicyError `SM-LOCKED`, or `SM-DEPLOY-BUSY`, also while a rollout waits to be brought to its end. */
export async function takeForRestart(dependencies: DeployDependencies, environment: string): Promise<HeldLease> {
  const { store, app } = dependencies;
  const lease = await takeEnvironment(dependencies, environment, "restart");
  if (!lease) {
    const lock = await readLock(store.db, { app, env: environment });
    if (lock) throw lockedBy(environment, lock);
    const other = await readLease(store.db, { app, env: environment });
    throw busy(environment, other && isRestart(other.holder) ? "another restart" : "a rollout");
  }
  const left = await unfinishedRollouts(store.db, { app, env: environment }).catch(async (error: unknown) => {
    await giveBack(dependencies, lease);
    throw error;
  });
  if (left.length === 0) return lease;
  await giveBack(dependencies, lease);
  throw busy(environment, "a rollout");
}

function busy(environment: string, who: string): PolicyError {
  return new PolicyError({
    code: "SM-DEPLOY-BUSY",
    message: `${who} works on ${environment}`,
    next: "wait for it",
  });
}

/** Replaces units of a service by fresh ones of the same release, new before old, holding the environment's lease. Answers what was done. */
export async function restartService(dependencies: DeployDependencies, options: RestartOptions): Promise<string[]> {
  const lease = options.lease ?? (await takeForRestart(dependencies, options.environment));
  return await withLease(dependencies, lease, options.signal, {
    work: async (signal, leaseSignal) => {
      const site: Site = { dependencies, row: { app: dependencies.app, env: options.environment }, signal, lease };
      await dependencies.platform.connect(context(site));
      await settleStrays(site);
      const done: string[] = [];
      const units = await chosen(site, options);
      await options.begin?.();
      for (const old of units) {
        signal.throwIfAborted();
        done.push(await replaceUnit(site, { ...site, signal: leaseSignal }, old, { lease, which: options.which }));
      }
      return done;
    },
  });
}

async function chosen(site: Site, { service, which, environment }: RestartOptions): Promise<UnitRow[]> {
  const units = await stableUnits(site, service);
  if (units.length === 0)
    throw new UserError({
      code: "SM-SERVICE-NOT-RUNNING",
      message: `${service} has nothing to restart`,
      next: `stationmaster deploy ${environment}`,
    });
  const view = await site.dependencies.platform.traffic?.read(targetOf(site, service), context(site));
  if (view?.candidate.some(({ id }) => isServing(view, id)))
    throw new PolicyError({
      code: "SM-ROLLOUT-STUCK",
      message: `${service} is served by the release of a rollout that is stuck`,
      next: "decide first with stationmaster deploy or stationmaster rollback",
    });
  return which === "all" ? units : await failing(site, units);
}

async function failing(site: Site, units: readonly UnitRow[]): Promise<UnitRow[]> {
  const alive = await living(site, units);
  const dead = units.filter((unit) => !alive.includes(unit));
  if (dead.length > 0) return dead;
  const well = await Promise.all(units.map((unit) => isWell(site, unit)));
  const sick = units.filter((_, index) => !well[index]);
  return blastRadius(units, sick);
}

async function isWell(site: Site, unit: UnitRow): Promise<boolean> {
  try {
    return (await askUnit(site, unit, await serviceOf(site, unit))).ok;
  } catch (error) {
    // It has ended since `living` looked.
    if (error instanceof UnitFailure) return false;
    throw error;
  }
}

/**
 * One unit: a fresh one is started and proven, takes the old one's place in the route, and the old one leaves. Up to the route
 * a failure takes the fresh one away; from there on it only goes forward (`site` no longer counts, `forward` does). Whatever
 * breaks off in between, a crash too, `settleStrays` puts in order by what the route says.
 */
async function replaceUnit(
  site: Site,
  forward: Site,
  old: UnitRow,
  { lease, which }: { lease: HeldLease; which: RestartOptions["which"] },
): Promise<string> {
  const { boundary } = site.dependencies;
  const released = await serviceOf(site, old);
  if (released.exclusive) return `${old.id} → ${(await replaceInPlace(forward, old, lease)).id}`;
  const fresh = await takeOver(site, forward, old, lease).catch(async (error: unknown) => {
    await settleStrays(forward).catch(() => {});
    throw error;
  });
  const drainMs = which === "all" ? released.drainMs : Math.min(released.drainMs, SICK_DRAIN_MS);
  const streaming = hasPort(old)
    ? (await drained(forward, old.service, [old], { drainMs, spareStreams: true })).streaming
    : [];
  boundary?.("restart drained");
  // A stream goes on: `reap` stops its unit later.
  if (streaming.length === 0) await stop(forward, old);
  boundary?.("restart stopped");
  return `${old.id} → ${fresh.id}`;
}

async function takeOver(site: Site, forward: Site, old: UnitRow, lease: HeldLease): Promise<UnitRow> {
  const { boundary } = site.dependencies;
  const fresh = await startFresh(site, old, lease);
  await untilHealthy(site, fresh, await serviceOf(site, old));
  boundary?.("restart healthy");
  await takePlace(site, forward, old, fresh);
  boundary?.("restart routed");
  await adopt(forward, fresh, [old]);
  boundary?.("restart adopted");
  return fresh;
}

/** The fresh unit instead of the old one in the route of all that live. Where the answer does not come the route is put back first. */
async function takePlace(site: Site, forward: Site, old: UnitRow, fresh: UnitRow): Promise<void> {
  const { traffic } = site.dependencies.platform;
  if (!traffic || !hasPort(fresh)) return;
  const target = targetOf(site, old.service);
  const before = await living(site, await stableUnits(site, old.service));
  const others = before.filter(({ id }) => id !== old.id);
  try {
    await traffic.apply(target, routeOf([...others, fresh], []), context(site));
  } catch (error) {
    if (before.length > 0) await traffic.apply(target, routeOf(before, []), context(forward));
    throw error;
  }
}
