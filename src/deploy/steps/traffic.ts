import type { RolloutState } from "../../contract/rollout.ts";
import { ExternalError } from "../../core/errors.ts";
import type { Member, RouteView, Traffic, WantedRoute } from "../../platforms/traffic.ts";
import { findRelease } from "../../store/releases.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { liveUnits } from "../../store/units.ts";
import { context, type Run, type Site, targetOf } from "../run.ts";

/** A share ends by itself after this long unless renewed, so a dead controller leaves users on the stable release. */
export const GRANT_MS = 60_000;
export const GRANT_RENEW_MS = 20_000;
/** How long requests may wait while a service is replaced that cannot run twice. */
export const LONGEST_HOLD_MS = 30_000;
const DRAIN_POLL_MS = 50;

export function traffic({ dependencies }: Pick<Site, "dependencies">): Traffic {
  const found = dependencies.platform.traffic;
  if (!found)
    throw new ExternalError({
      code: "SM-PLATFORM-TRAFFIC",
      message: `the platform ${dependencies.platform.id} does not move traffic`,
      next: "choose another strategy",
    });
  return found;
}

export function member(unit: UnitRow, drain = false): Member {
  const { host, port = 0 } = unit.address;
  return { id: unit.id, ...(host === undefined ? {} : { host }), port, release: unit.release, weight: 100, drain };
}

/** Whether requests can be sent to a unit. A worker has no port. */
export function hasPort({ address }: UnitRow): boolean {
  return address.port !== undefined;
}

/** The share of a service's candidate in a step of the plan; undefined when the service is through with its steps, and has all. */
export function shareOf(run: Run, service: string, step: number): number | undefined {
  return run.plan.services.find((planned) => planned.service === service)?.steps[step];
}

/** Whether a grant has ended by itself: users are back on the stable release. */
export function hasLapsed(view: RouteView): boolean {
  return view.until !== null && view.share === 0;
}

/** The share of requests that the candidates of a rollout have by these routes: the largest, or 0 where a grant has ended. */
export function shareIn(views: readonly RouteView[]): number {
  if (views.some(hasLapsed)) return 0;
  return Math.max(0, ...views.filter(({ candidate }) => candidate.length > 0).map(({ share }) => share));
}

/** Whether a unit gets requests, as the data plane says. */
export function isServing(view: RouteView | undefined, unit: string): boolean {
  if (!view) return false;
  const candidates = view.share > 0 ? view.candidate : [];
  return [...view.stable, ...candidates].some(({ id }) => id === unit);
}

/** A route with these units on its sides; 0 % for the candidate unless `rest` says otherwise. A unit without a port (a worker that became a service) has no place. */
export function routeOf(
  stable: readonly UnitRow[],
  candidate: readonly UnitRow[],
  rest: Partial<WantedRoute> = {},
): WantedRoute {
  const members = (units: readonly UnitRow[]) => units.filter(hasPort).map((unit) => member(unit));
  return {
    stable: members(stable),
    candidate: members(candidate),
    share: 0,
    until: null,
    hold: null,
    ...rest,
  };
}

/** Applies a route and checks that the data plane reports what was wanted. `key` absent: a renewal, not worth a record. */
export async function setRoute(
  run: Run,
  service: string,
  wanted: WantedRoute,
  record?: { key: string; step: RolloutState },
): Promise<void> {
  let applied = false;
  const act = async () => {
    const released = await leadsTo(run, service, wanted);
    const seen = await traffic(run).apply(
      targetOf(run, service),
      { ...wanted, key: run.plan.strategy.key, port: released?.port, released },
      context(run),
    );
    if (seen.share !== wanted.share)
      throw new ExternalError({
        code: "SM-ROUTE-READBACK",
        message: `${service}: wanted ${wanted.share} % for the candidate, the route says ${seen.share} %`,
        next: "run stationmaster doctor",
      });
    applied = true;
    return {
      share: seen.share,
      ...(seen.hosts ? { hosts: Object.fromEntries(seen.hosts.map(({ host, share }) => [host, share])) } : {}),
      stable: seen.stable.map(({ id }) => id),
      candidate: seen.candidate.map(({ id }) => id),
    };
  };
  if (record)
    await run.journal.effect({
      ...record,
      target: service,
      intent: {
        share: wanted.share,
        until: wanted.until,
        stable: wanted.stable.map(({ id }) => id),
        candidate: wanted.candidate.map(({ id }) => id),
      },
      act,
    });
  // Recorded before a crash or in an attempt before: the route may have changed since, by the end of its grant for one.
  if (!applied) await act();
}

/** The service in the release that the route leads to: the candidate's, and after an undo the old one again. */
async function leadsTo(
  run: Run,
  service: string,
  { stable, candidate }: WantedRoute,
): Promise<ReleasedService | undefined> {
  const name = candidate[0]?.release ?? stable[0]?.release ?? run.release.name;
  const { store, app } = run.dependencies;
  const release = name === run.release.name ? run.release : await findRelease(store.db, app, name);
  return release?.services[service];
}

/** Takes a service's address away once its route has no unit any more and nobody leaves it either. */
export async function removeIdleRoute(site: Site, service: string): Promise<void> {
  const { platform, store } = site.dependencies;
  const view = await platform.traffic?.read(targetOf(site, service), context(site));
  if (!view || view.stable.length + view.candidate.length > 0) return;
  const leaving = (await liveUnits(store.db, site.row)).some((unit) => unit.service === service && hasPort(unit));
  if (!leaving) await platform.traffic?.remove(targetOf(site, service), context(site));
}

export interface Drained {
  /** Connections ended because their time was over. */
  cut: number;
  /** Units that carry nothing but streams (WebSocket, server-sent events) any more. */
  streaming: string[];
}

/**
 * Waits until the data plane shows no running request on the units, at most `drainMs`; then cuts what is left. Streams are
 * waited for as well, unless `spareStreams` leaves them to `reap`.
 */
export async function drained(
  site: Site,
  service: string,
  units: readonly UnitRow[],
  { drainMs, spareStreams = false }: { drainMs: number; spareStreams?: boolean },
): Promise<Drained> {
  const { clock } = site.dependencies;
  const end = clock.monotonic() + drainMs;
  for (;;) {
    const figures = (await traffic(site).read(targetOf(site, service), context(site)))?.figures ?? {};
    const streams = (id: string) => (spareStreams ? (figures[id]?.streams ?? 0) : 0);
    const busy = units.filter(({ id }) => (figures[id]?.inflight ?? 0) > streams(id));
    const streaming = units.filter((unit) => streams(unit.id) > 0 && !busy.includes(unit)).map(({ id }) => id);
    if (busy.length === 0) return { cut: 0, streaming };
    if (clock.monotonic() >= end) {
      const cut = await Promise.all(
        busy.map(({ id }) => traffic(site).cut(targetOf(site, service), id, context(site))),
      );
      return { cut: cut.reduce((sum, count) => sum + count, 0), streaming };
    }
    await clock.sleep(DRAIN_POLL_MS);
  }
}
