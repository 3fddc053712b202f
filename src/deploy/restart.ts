import { PolicyError, UserError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Context, WantedRoute } from "../platforms/platform.ts";
import { releaseLease } from "../store/leases.ts";
import { findRelease } from "../store/releases.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { insertUnit, liveUnits, updateUnit } from "../store/units.ts";
import { takeEnvironment } from "./holder.ts";
import { keepLease } from "./keeper.ts";
import { type DeployDependencies, unitRef } from "./run.ts";
import { member } from "./steps/traffic.ts";

const POLL_MS = 150;
const DRAIN_MS = 5_000;

export interface RestartOptions {
  environment: string;
  service: string;
  /** `failing`: dead units, or one sick one at a time; `all`: every unit, one after another. */
  which: "failing" | "all";
  signal: AbortSignal;
}

/** Replaces units of a service by fresh ones of the same release, new before old, holding the environment's lease. Answers what was done. */
export async function restartService(dependencies: DeployDependencies, options: RestartOptions): Promise<string[]> {
  const { store, app } = dependencies;
  const lease = await takeEnvironment(dependencies, options.environment, "restart");
  if (!lease)
    throw new PolicyError({
      code: "SM-DEPLOY-BUSY",
      message: `a rollout works on ${options.environment}`,
      next: "wait for it",
    });
  const keeper = keepLease(store, dependencies.clock, lease);
  const signal = AbortSignal.any([options.signal, keeper.signal]);
  try {
    await dependencies.platform.connect({ signal });
    const units = (await liveUnits(store.db, { app, env: options.environment })).filter(
      ({ service, role, state }) => service === options.service && role === "stable" && state !== "draining",
    );
    if (units.length === 0)
      throw new UserError({
        code: "SM-SERVICE-NOT-RUNNING",
        message: `${options.service} has nothing to restart`,
        next: `stationmaster deploy ${options.environment}`,
      });
    const chosen = options.which === "all" ? units : await failing(dependencies, units, signal);
    const done: string[] = [];
    for (const unit of chosen) done.push(await replaceUnit(dependencies, unit, lease.generation, signal));
    return done;
  } finally {
    keeper.stop();
    await releaseLease(store.db, lease);
  }
}

async function failing(
  dependencies: DeployDependencies,
  units: readonly UnitRow[],
  signal: AbortSignal,
): Promise<UnitRow[]> {
  const looks = await Promise.all(
    units.map(async (unit) => {
      const { alive } = await dependencies.platform.observe(unitRef(unit), { signal });
      const released = await releasedService(dependencies, unit);
      const healthy =
        alive &&
        (!unit.address.port || (await dependencies.probe(unit.service, released, unit.address.port, signal)).ok);
      return { unit, alive, healthy };
    }),
  );
  const dead = looks.filter(({ alive }) => !alive);
  if (dead.length > 0) return dead.map(({ unit }) => unit);
  const sick = looks.filter(({ healthy }) => !healthy);
  const most = Math.max(1, Math.floor(units.length / 4));
  return (sick.length > 0 ? sick : looks).slice(0, most).map(({ unit }) => unit);
}

async function replaceUnit(
  dependencies: DeployDependencies,
  old: UnitRow,
  generation: number,
  signal: AbortSignal,
): Promise<string> {
  const { store, platform, app, clock } = dependencies;
  const release = await findRelease(store.db, app, old.release);
  const released = await releasedService(dependencies, old);
  if (!release)
    throw new UserError({
      code: "SM-RELEASE-GONE",
      message: `the release ${old.release} is not kept any more`,
      next: "deploy again",
    });
  const id = `${newId(old.service)}-${old.ordinal}`;
  const context: Context = { signal };
  const target = { app, environment: old.env, service: old.service };
  await insertUnit(store.db, {
    id,
    app,
    env: old.env,
    rolloutId: old.rolloutId,
    service: old.service,
    ordinal: old.ordinal,
    release: old.release,
    role: "candidate",
    generation,
    address: {},
    state: "starting",
  });
  try {
    const environment = await dependencies.resolveEnvironment(old.env, old.service, released);
    const address = await platform.start({ id, target, release, environment }, context);
    await updateUnit(store.db, id, { address, state: "running" });
    const fresh = { ...old, id, address };
    await untilUp(dependencies, fresh, released, clock.monotonic() + released.startupMs, signal);
    await swap(dependencies, old, fresh, context);
    await updateUnit(store.db, id, { role: "stable" });
  } catch (error) {
    await platform.stop({ id, target, address: {} }, 0, { signal: AbortSignal.timeout(30_000) });
    await updateUnit(store.db, id, { state: "stopped", stoppedAt: new Date() });
    throw error;
  }
  await platform.stop(unitRef(old), released.graceMs, { signal: AbortSignal.timeout(released.graceMs + 30_000) });
  await updateUnit(store.db, old.id, { state: "stopped", stoppedAt: new Date() });
  return `${old.id} → ${id}`;
}

async function untilUp(
  dependencies: DeployDependencies,
  unit: UnitRow,
  released: ReleasedService,
  end: number,
  signal: AbortSignal,
): Promise<void> {
  const { platform, clock, probe } = dependencies;
  for (;;) {
    const { alive, exit } = await platform.observe(unitRef(unit), { signal });
    if (!alive)
      throw new UserError({
        code: "SM-UNIT-DIED",
        message: `the new ${unit.service} ended (${exit?.signal ?? `exit ${exit?.code ?? "unknown"}`})`,
        next: `stationmaster logs ${unit.service}`,
      });
    const answer = unit.address.port
      ? await probe(unit.service, released, unit.address.port, signal)
      : { ok: true, detail: "alive" };
    if (answer.ok) return;
    if (clock.monotonic() > end)
      throw new UserError({
        code: "SM-UNIT-UNHEALTHY",
        message: `the new ${unit.service} is not healthy: ${answer.detail}`,
        next: `stationmaster logs ${unit.service}`,
      });
    await clock.sleep(POLL_MS, signal);
  }
}

/** The fresh unit takes the old one's place in the route; the old one's requests end first, for a few seconds. */
async function swap(
  { platform, clock }: DeployDependencies,
  old: UnitRow,
  fresh: UnitRow,
  context: Context,
): Promise<void> {
  const { traffic } = platform;
  const target = { app: old.app, environment: old.env, service: old.service };
  const view = await traffic?.read(target, context);
  if (!traffic || !fresh.address.port) return;
  const kept = (view?.stable ?? []).filter(({ id }) => id !== old.id);
  const wanted: WantedRoute = { stable: [...kept, member(fresh)], candidate: [], share: 0, until: null, hold: null };
  await traffic.apply(target, wanted, context);
  const end = clock.monotonic() + DRAIN_MS;
  while (clock.monotonic() < end) {
    const inflight = (await traffic.read(target, context))?.figures[old.id]?.inflight ?? 0;
    if (inflight === 0) return;
    await clock.sleep(POLL_MS, context.signal);
  }
  await traffic.cut(target, old.id, context);
}

async function releasedService({ store, app }: DeployDependencies, unit: UnitRow): Promise<ReleasedService> {
  const released = (await findRelease(store.db, app, unit.release))?.services[unit.service];
  if (!released)
    throw new UserError({
      code: "SM-RELEASE-GONE",
      message: `the release ${unit.release} is not kept any more`,
      next: "deploy again",
    });
  return released;
}
