import { unfinishedRollouts } from "../store/rollouts.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits, updateUnit } from "../store/units.ts";
import { context, living, releasedOf, type Site, targetOf, unitRef } from "./run.ts";
import { isServing, routeOf } from "./steps/traffic.ts";

const DEFAULT_GRACE_MS = 10_000;
const STOP_MS = 30_000;

/**
 * Puts in order what an interrupted restart left, by what users see: a unit that has its place in the route is what counts,
 * whatever the store says, and the one it replaced leaves; a unit that never got there goes, unless it is the only one and the
 * old one was stopped for it. Wants the environment's lease.
 */
export async function settleStrays(site: Site): Promise<void> {
  const { platform } = site.dependencies;
  for (const unit of await strays(site)) {
    const view = await platform.traffic?.read(targetOf(site, unit.service), context(site));
    const stable = (await liveUnits(site.dependencies.store.db, site.row)).filter(
      ({ service, role, state }) => service === unit.service && role === "stable" && state !== "draining",
    );
    const alive = await living(site, [unit, ...stable]);
    const serves = isServing(view, unit.id);
    if (serves && alive.includes(unit)) {
      const replaced = stable.filter(({ id, ordinal }) => ordinal === unit.ordinal && !isServing(view, id));
      await adopt(site, unit, replaced);
      continue;
    }
    const back = alive.filter((other) => other !== unit);
    if (alive.includes(unit) && back.length === 0 && (await releasedOf(site, unit))?.released.exclusive) {
      await platform.traffic?.apply(targetOf(site, unit.service), routeOf([unit], []), context(site));
      await adopt(
        site,
        unit,
        stable.filter(({ ordinal }) => ordinal === unit.ordinal),
      );
      continue;
    }
    if (serves && back.length > 0)
      await platform.traffic?.apply(targetOf(site, unit.service), routeOf(back, []), context(site));
    await stop(site, unit);
  }
}

/** Candidates that no unfinished rollout answers for. */
export async function strays({ dependencies, row }: Pick<Site, "dependencies" | "row">): Promise<UnitRow[]> {
  const { db } = dependencies.store;
  const candidates = (await liveUnits(db, row)).filter(({ role }) => role === "candidate");
  if (candidates.length === 0) return [];
  const unfinished = (await unfinishedRollouts(db, row)).map(({ id }) => id);
  return candidates.filter(({ rolloutId }) => !unfinished.includes(rolloutId));
}

/** The unit in the route becomes the stable one, and those whose place it took leave: both or neither, so that a crash cannot lose one of them. */
export async function adopt(site: Site, unit: UnitRow, replaced: readonly UnitRow[]): Promise<void> {
  const { store, clock } = site.dependencies;
  const drainingSince = new Date(clock.now()).toISOString();
  await store.db.transaction(async (tx) => {
    await updateUnit(tx, unit.id, { role: "stable" });
    for (const { id, address } of replaced)
      await updateUnit(tx, id, { state: "draining", address: { drainingSince, ...address } });
  });
}

/** Ends a unit with the grace of its service and records it; idempotent. A stop that has begun is finished. */
export async function stop(site: Pick<Site, "dependencies">, unit: UnitRow): Promise<void> {
  const { store, platform } = site.dependencies;
  const graceMs = (await releasedOf(site, unit))?.released.graceMs ?? DEFAULT_GRACE_MS;
  await platform.stop(unitRef(unit), graceMs, { signal: AbortSignal.timeout(graceMs + STOP_MS) });
  await updateUnit(store.db, unit.id, { state: "stopped", stoppedAt: new Date() });
}
