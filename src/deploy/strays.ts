import { unfinishedRollouts } from "../store/rollouts.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits, startDraining, updateUnit } from "../store/units.ts";
import { endUnit } from "./end-unit.ts";
import { context, living, releasedOf, type Site, targetOf, unitRef } from "./run.ts";
import { hasPort, isServing, routeOf } from "./steps/traffic.ts";

const DEFAULT_GRACE_MS = 10_000;
const STOP_MS = 30_000;

/**
 * Puts in order what an interrupted restart left, by what users see: a unit that has its place in the route is what counts,
 * whatever the store says, and the one it replaced leaves; a unit that never got there goes, unless the old one was stopped for
 * it. Wants the environment's lease.
 */
export async function settleStrays(site: Site): Promise<void> {
  const { platform } = site.dependencies;
  for (const stray of await strays(site)) {
    const unit = await located(site, stray);
    const view = await platform.traffic?.read(targetOf(site, unit.service), context(site));
    const stable = (await liveUnits(site.dependencies.store.db, site.row)).filter(
      ({ service, role, state }) => service === unit.service && role === "stable" && state !== "draining",
    );
    const alive = await living(site, [unit, ...stable]);
    const serves = isServing(view, unit.id);
    const replaced = stable.filter((other) => isSamePlace(other, unit));
    if (serves && alive.includes(unit)) {
      await adopt(
        site,
        unit,
        replaced.filter(({ id }) => !isServing(view, id)),
      );
      continue;
    }
    const back = alive.filter((other) => other !== unit);
    const alone = alive.includes(unit) && !replaced.some((other) => alive.includes(other));
    const released = (await releasedOf(site, unit))?.released;
    // Without its port a process cannot be used: it goes, and the next restart finds the dead one.
    if (alone && released?.exclusive && (hasPort(unit) || released.kind === "worker")) {
      if (hasPort(unit))
        await platform.traffic?.apply(targetOf(site, unit.service), routeOf([...back, unit], []), context(site));
      await adopt(site, unit, replaced);
      continue;
    }
    if (serves && back.length > 0)
      await platform.traffic?.apply(targetOf(site, unit.service), routeOf(back, []), context(site));
    await stop(site, unit);
  }
}

/** The unit as it runs, also where its start was cut off before the store knew the address. */
async function located(site: Site, unit: UnitRow): Promise<UnitRow> {
  if (unit.state !== "starting") return unit;
  const { platform, store } = site.dependencies;
  const seen = await platform.observe(unitRef(unit), context(site));
  if (!seen.alive) return unit;
  const address = { ...unit.address, ...seen.address };
  await updateUnit(store.db, unit.id, { address, state: "running" });
  return { ...unit, address, state: "running" };
}

/** Whether one of two units of a service can only have come to replace the other. */
function isSamePlace(one: UnitRow, other: UnitRow): boolean {
  return one.ordinal === other.ordinal && one.address.host === other.address.host;
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
  await store.db.transaction(async (tx) => {
    await updateUnit(tx, unit.id, { role: "stable" });
    await startDraining(tx, replaced, clock.now());
  });
}

/** Ends a unit with the grace of its service and records it; idempotent. A stop that has begun is finished. */
export async function stop(site: Pick<Site, "dependencies" | "lease">, unit: UnitRow): Promise<void> {
  const graceMs = (await releasedOf(site, unit))?.released.graceMs ?? DEFAULT_GRACE_MS;
  const signal = AbortSignal.timeout(graceMs + STOP_MS);
  await endUnit(site.dependencies, unit, graceMs, context({ signal, lease: site.lease }));
}
