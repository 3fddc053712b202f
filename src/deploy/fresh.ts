import { ExternalError, UserError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { HeldLease } from "../store/leases.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { findUnit, insertUnit, liveUnits, updateUnit } from "../store/units.ts";
import { context, releasedOf, type Site, targetOf } from "./run.ts";

/** Starts a unit of the same release; recorded first, so that it is found again after a crash. */
export async function startFresh(site: Site, old: UnitRow, lease: HeldLease): Promise<UnitRow> {
  const { store, platform, boundary, resolveEnvironment } = site.dependencies;
  const { release, released } = await releaseOf(site, old);
  const { app, env, rolloutId, service, ordinal } = old;
  const id = `${newId(service)}-${ordinal}`;
  const place = old.address.host === undefined ? {} : { host: old.address.host };
  const unit = { id, app, env, rolloutId, service, ordinal, release: old.release, generation: lease.generation };
  await insertUnit(store.db, { ...unit, role: "candidate", address: place, state: "starting" });
  boundary?.("restart recorded");
  const environment = await resolveEnvironment(env, service, released);
  const labels = { rollout: rolloutId, generation: lease.generation, role: "candidate" as const };
  const address = await platform.start(
    { id, target: targetOf(site, service), release, environment, labels, ...place },
    context(site),
  );
  boundary?.("restart started");
  await updateUnit(store.db, id, { address: { ...place, ...address }, state: "running" });
  const stored = await findUnit(store.db, id);
  if (stored) return stored;
  throw new ExternalError({ code: "SM-UNIT-LOST", message: `the unit ${id} is not in the store`, next: "try again" });
}

/** What the unit's service is in its release; a `UserError` when that is not kept any more. */
export async function serviceOf(site: Site, unit: UnitRow): Promise<ReleasedService> {
  return (await releaseOf(site, unit)).released;
}

async function releaseOf(site: Site, unit: UnitRow) {
  const found = await releasedOf(site, unit);
  if (found) return found;
  throw new UserError({
    code: "SM-RELEASE-GONE",
    message: `the release ${unit.release} is not kept any more`,
    next: "deploy again",
  });
}

/** The units of a service that users have. */
export async function stableUnits({ dependencies, row }: Site, name: string): Promise<UnitRow[]> {
  return (await liveUnits(dependencies.store.db, row)).filter(
    ({ service, role, state }) => service === name && role === "stable" && state !== "draining",
  );
}
