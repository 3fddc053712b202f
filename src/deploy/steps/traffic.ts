import type { RolloutState } from "../../contract/rollout.ts";
import { ExternalError } from "../../core/errors.ts";
import type { Member, RouteView, Traffic, WantedRoute } from "../../platforms/platform.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { context, type Run, targetOf } from "../run.ts";

/** A share ends by itself after this long unless renewed, so a dead controller leaves users on the stable release. */
export const GRANT_MS = 60_000;
export const GRANT_RENEW_MS = 20_000;
const DRAIN_POLL_MS = 50;

export function traffic(run: Run): Traffic {
  const found = run.dependencies.platform.traffic;
  if (!found)
    throw new ExternalError({
      code: "SM-PLATFORM-TRAFFIC",
      message: `the platform ${run.dependencies.platform.id} does not move traffic`,
      next: "choose another strategy",
    });
  return found;
}

export function member(unit: UnitRow, drain = false): Member {
  return { id: unit.id, port: unit.address.port ?? 0, release: unit.release, weight: 100, drain };
}

/** Whether a unit gets requests, as the data plane says. */
export function isServing(view: RouteView | undefined, unit: string): boolean {
  if (!view) return false;
  const candidates = view.share > 0 ? view.candidate : [];
  return [...view.stable, ...candidates].some(({ id }) => id === unit);
}

/** A route with these units on its sides; 0 % for the candidate unless `rest` says otherwise. */
export function routeOf(stable: UnitRow[], candidate: UnitRow[], rest: Partial<WantedRoute> = {}): WantedRoute {
  return {
    stable: stable.map((unit) => member(unit)),
    candidate: candidate.map((unit) => member(unit)),
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
): Promise<RouteView> {
  let seen: RouteView | undefined;
  const act = async () => {
    seen = await traffic(run).apply(targetOf(run, service), wanted, context(run));
    if (seen.share !== wanted.share)
      throw new ExternalError({
        code: "SM-ROUTE-READBACK",
        message: `${service}: wanted ${wanted.share} % for the candidate, the route says ${seen.share} %`,
        next: "run stationmaster doctor",
      });
    return {
      share: seen.share,
      stable: seen.stable.map(({ id }) => id),
      candidate: seen.candidate.map(({ id }) => id),
    };
  };
  if (!record) await act();
  else
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
  return seen ?? (await traffic(run).apply(targetOf(run, service), wanted, context(run)));
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
  run: Run,
  service: string,
  units: readonly UnitRow[],
  { drainMs, spareStreams = false }: { drainMs: number; spareStreams?: boolean },
): Promise<Drained> {
  const { clock } = run.dependencies;
  const end = clock.monotonic() + drainMs;
  for (;;) {
    const figures = (await traffic(run).read(targetOf(run, service), context(run)))?.figures ?? {};
    const streams = (id: string) => (spareStreams ? (figures[id]?.streams ?? 0) : 0);
    const busy = units.filter(({ id }) => (figures[id]?.inflight ?? 0) > streams(id));
    const streaming = units.filter((unit) => streams(unit.id) > 0 && !busy.includes(unit)).map(({ id }) => id);
    if (busy.length === 0) return { cut: 0, streaming };
    if (clock.monotonic() >= end) {
      const cut = await Promise.all(busy.map(({ id }) => traffic(run).cut(targetOf(run, service), id, context(run))));
      return { cut: cut.reduce((sum, count) => sum + count, 0), streaming };
    }
    await clock.sleep(DRAIN_POLL_MS);
  }
}
