import type { HeldLease } from "../store/leases.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { stopKeeping } from "./end-unit.ts";
import { serviceOf, stableUnits, startFresh } from "./fresh.ts";
import { context, living, type Site, targetOf } from "./run.ts";
import { untilHealthy } from "./steps/health.ts";
import { drained, hasPort, LONGEST_HOLD_MS, member, routeOf } from "./steps/traffic.ts";
import { adopt } from "./strays.ts";

const STOP_MS = 30_000;

/**
 * Replaces a unit that cannot run twice: requests wait while it stops and a fresh one of the same release starts. Until that has
 * its place the store holds the old one, dead or alive, so whoever comes after a crash finds what is to be replaced.
 */
export async function replaceInPlace(site: Site, old: UnitRow, lease: HeldLease): Promise<UnitRow> {
  const { platform, boundary } = site.dependencies;
  const released = await serviceOf(site, old);
  const others = (await living(site, await stableUnits(site, old.service))).filter(({ id }) => id !== old.id);
  if (hasPort(old)) await holdFor(site, old, others);
  boundary?.("restart held");
  const signal = AbortSignal.timeout(released.graceMs + STOP_MS);
  await stopKeeping(site.dependencies, old, released.graceMs, context({ signal, lease }));
  boundary?.("restart stopped");
  const fresh = await startFresh(site, old, lease);
  await untilHealthy(site, fresh, released);
  if (hasPort(fresh))
    await platform.traffic?.apply(
      targetOf(site, old.service),
      { ...routeOf([...others, fresh], []), released },
      context(site),
    );
  boundary?.("restart routed");
  await adopt(site, fresh, [old]);
  return fresh;
}

async function holdFor(site: Site, old: UnitRow, others: readonly UnitRow[]): Promise<void> {
  const { platform, clock } = site.dependencies;
  const released = await serviceOf(site, old);
  // Each host's proxy knows its own units only: with none left there its users wait, whatever runs elsewhere.
  const left = others.some(({ address }) => address.host === old.address.host);
  const hold = left ? null : clock.now() + LONGEST_HOLD_MS;
  const wanted = { ...routeOf([], [], { hold }), stable: [...others.map((unit) => member(unit)), member(old, true)] };
  await platform.traffic?.apply(targetOf(site, old.service), wanted, context(site));
  const drainMs = Math.min(released.drainMs, LONGEST_HOLD_MS / 2);
  await drained(site, old.service, [old], { drainMs, spareStreams: true });
}
