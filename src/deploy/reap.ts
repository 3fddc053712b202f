import { releaseLease } from "../store/leases.ts";
import { unfinishedRollouts } from "../store/rollouts.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits, updateUnit } from "../store/units.ts";
import { takeEnvironment } from "./holder.ts";
import { type DeployDependencies, unitRef } from "./run.ts";
import { isServing } from "./steps/traffic.ts";

/** How long a stream may go on after its release was replaced. */
const STREAM_BUDGET_MS = 5 * 60_000;
const GRACE_MS = 10_000;

/** Stops units that were kept for their streams, as soon as those end or their time is over. Answers the ids. */
export async function reap(
  { store, platform, app, clock }: DeployDependencies,
  environment: string,
): Promise<string[]> {
  const stopped: string[] = [];
  for (const unit of await liveUnits(store.db, { app, env: environment })) {
    if (unit.state !== "draining") continue;
    const context = { signal: AbortSignal.timeout(GRACE_MS * 2) };
    const target = { app, environment, service: unit.service };
    const figures = (await platform.traffic?.read(target, context))?.figures[unit.id];
    const since = Date.parse(unit.address.drainingSince ?? "") || 0;
    const over = clock.now() - since > STREAM_BUDGET_MS;
    if ((figures?.inflight ?? 0) > 0 && !over) continue;
    if (over && figures) await platform.traffic?.cut(target, unit.id, context);
    await platform.stop(unitRef(unit), GRACE_MS, context);
    await updateUnit(store.db, unit.id, { state: "stopped", stoppedAt: new Date(clock.now()) });
    stopped.push(unit.id);
  }
  return stopped;
}

/**
 * Puts in order what an interrupted restart left: a unit that has its place in the route is what users have, whatever the
 * store says, and the one it replaced goes; a unit that never got there goes. While somebody works, his units are no strays.
 */
export async function removeStrays(dependencies: DeployDependencies, environment: string): Promise<void> {
  const { store, app } = dependencies;
  const candidates = (await liveUnits(store.db, { app, env: environment })).filter(({ role }) => role === "candidate");
  const lease = candidates.length > 0 ? await takeEnvironment(dependencies, environment, "tidy") : undefined;
  if (!lease) return;
  try {
    await sortOut(dependencies, environment);
  } finally {
    await releaseLease(store.db, lease);
  }
}

async function sortOut(dependencies: DeployDependencies, environment: string): Promise<void> {
  const { store, platform, app } = dependencies;
  const unfinished = new Set((await unfinishedRollouts(store.db, { app, env: environment })).map(({ id }) => id));
  const units = await liveUnits(store.db, { app, env: environment });
  const left = units.filter(({ role, rolloutId }) => role === "candidate" && !unfinished.has(rolloutId));
  for (const unit of left) {
    const target = { app, environment, service: unit.service };
    const view = await platform.traffic?.read(target, { signal: AbortSignal.timeout(GRACE_MS) });
    if (!isServing(view, unit.id)) {
      await end(dependencies, unit);
      continue;
    }
    await updateUnit(store.db, unit.id, { role: "stable" });
    const replaced = units.filter(
      ({ id, service, ordinal, role }) =>
        service === unit.service && ordinal === unit.ordinal && role === "stable" && !isServing(view, id),
    );
    for (const old of replaced) await end(dependencies, old);
  }
}

async function end({ store, platform }: DeployDependencies, unit: UnitRow): Promise<void> {
  await platform.stop(unitRef(unit), GRACE_MS, { signal: AbortSignal.timeout(GRACE_MS * 2) });
  await updateUnit(store.db, unit.id, { state: "stopped", stoppedAt: new Date() });
}
