import { ExternalError, isAway } from "../../core/errors.ts";
import { findRelease } from "../../store/releases.ts";
import type { ReleasedService, ReleaseRow } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { endedUnits, liveUnits } from "../../store/units.ts";
import { hostsOf, living, type Run, sides, strategyOf } from "../run.ts";
import { askUnit, untilHealthy } from "./health.ts";
import { holdRequests, renewHold } from "./hold.ts";
import { routeOf, setRoute } from "./traffic.ts";
import { startUnit, stopUnit } from "./units.ts";

/** For a candidate's last requests, and then for its end: users wait meanwhile. */
const LONGEST_END_MS = 5_000;
/** More than a service has units. */
const LATEST_ENDED = 200;

/** The first failure once all have come to their end: one that cannot go back keeps no other one from it. */
export async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ends = await Promise.allSettled(work);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
  return ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
}

/**
 * Gives a service back to the release it had, which has to prove first that it can carry all requests. A host that does not answer
 * keeps the others from nothing: its failure is thrown once they are back.
 */
export async function bringBack(run: Run, name: string): Promise<void> {
  const { store, app } = run.dependencies;
  const planned = run.plan.services.find(({ service }) => service === name);
  const previous = planned?.fromRelease ? await findRelease(store.db, app, planned.fromRelease) : undefined;
  const service = previous?.services[name];
  if (!previous || !service) return;
  const away: unknown[] = [];
  const unlessAway = async <T>(work: Promise<T>): Promise<T[]> =>
    await work.then(
      (value) => [value],
      (error: unknown) => {
        if (!isAway(error)) throw error;
        away.push(error);
        return [];
      },
    );
  const recreated = strategyOf(run, name) === "recreate";
  if (recreated) await endCandidates(run, name, service, unlessAway);
  const { stable } = await sides(run, name);
  const alive = await livingOrUnseen(run, stable);
  const replicas = planned?.action === "restore" && !recreated ? 0 : service.replicas;
  const missing = missingPlaces(alive, await hostsBefore(run, name, previous), replicas);
  const starting = missing.map((place) => unlessAway(startAgain(run, { name, service, previous, ...place })));
  const all = [...alive, ...(await allOf(starting)).flat()];
  await refuseSickStable(run, name, all);
  if (service.kind === "http")
    await setRoute(run, name, routeOf(all.length > 0 ? all : stable, []), {
      key: `undo:${name}`,
      step: "ROLLING_BACK",
    });
  if (away.length > 0) throw away[0];
}

/** Two copies of a recreated service cannot run side by side: the candidate ends before the old release comes back, and requests wait. */
async function endCandidates(
  run: Run,
  name: string,
  service: ReleasedService,
  unlessAway: (work: Promise<void>) => Promise<unknown>,
): Promise<void> {
  const { candidate } = await sides(run, name);
  if (candidate.length === 0) return;
  const step = "ROLLING_BACK";
  const routed = service.kind === "http";
  if (routed) await unlessAway(holdRequests(run, name, candidate, { drainMs: LONGEST_END_MS, step }));
  const graceMs = Math.min(service.graceMs, LONGEST_END_MS);
  await allOf(candidate.map((unit) => unlessAway(stopUnit(run, unit, graceMs, step))));
  if (routed) await unlessAway(renewHold(run, name, candidate));
}

/** The hosts of the plan that the old release was on; all of them where nothing of it is known. */
async function hostsBefore(run: Run, service: string, { name: release }: ReleaseRow): Promise<(string | undefined)[]> {
  const { db } = run.dependencies.store;
  const { app, env, startedAt } = run.row;
  const now = (await liveUnits(db, run.row)).filter((unit) => unit.service === service && unit.release === release);
  const ended = await endedUnits(db, { app, env, service, release, limit: LATEST_ENDED });
  const stopped = ended.filter(({ stoppedAt }) => stoppedAt !== null && stoppedAt >= startedAt);
  const known = [...now, ...stopped].filter((unit) => unit.rolloutId !== run.row.id);
  if (known.length === 0) return hostsOf(run);
  return hostsOf(run).filter((host) => known.some(({ address }) => address.host === host));
}

interface Place {
  host: string | undefined;
  ordinal: number;
}

/** Free places on each host, as many as `replicas` wants beside the units that live there. */
function missingPlaces(alive: readonly UnitRow[], hosts: readonly (string | undefined)[], replicas: number): Place[] {
  return hosts.flatMap((host) => {
    const there = alive.filter(({ address }) => address.host === host);
    const free = Array.from({ length: replicas }, (_, ordinal) => ordinal).filter(
      (ordinal) => !there.some((unit) => unit.ordinal === ordinal),
    );
    return free.slice(0, Math.max(0, replicas - there.length)).map((ordinal) => ({ host, ordinal }));
  });
}

async function startAgain(
  run: Run,
  {
    name,
    service,
    previous,
    ...place
  }: { name: string; service: ReleasedService; previous: ReleaseRow } & { host?: string | undefined; ordinal: number },
): Promise<UnitRow> {
  const step = "ROLLING_BACK";
  const unit = await startUnit(run, {
    ...{ service: name, released: service, release: previous, step, role: "stable" },
    ...place,
  });
  await untilHealthy(run, unit, service);
  return unit;
}

/** Units on a host that does not answer count: nothing was done to them, and the others shall not wait for that host. */
export async function livingOrUnseen(run: Run, units: readonly UnitRow[]): Promise<UnitRow[]> {
  const seen = units.map((unit) =>
    living(run, [unit]).catch((error: unknown) => {
      if (!isAway(error)) throw error;
      return [unit];
    }),
  );
  return (await Promise.all(seen)).flat();
}

/** The rollback must not be the outage: a stable side that is sick while the candidate is well leaves traffic where it is. */
async function refuseSickStable(
  run: Run,
  name: string,
  stable: Awaited<ReturnType<typeof sides>>["stable"],
): Promise<void> {
  const service = run.release.services[name];
  const { candidate } = await sides(run, name);
  if (!service || stable.length === 0 || candidate.length === 0) return;
  const healthy = async (units: typeof stable) =>
    (
      await Promise.all(
        units.map((unit) =>
          askUnit(run, unit, service).then(
            ({ ok }) => ok,
            () => false,
          ),
        ),
      )
    ).some(Boolean);
  if ((await healthy(stable)) || !(await healthy(candidate))) return;
  throw new ExternalError({
    code: "SM-ROLLBACK-UNSAFE",
    message: `${name}: the old release is unhealthy and the new one is not; traffic stays where it is`,
    next: "decide with stationmaster deploy or stationmaster rollback",
  });
}
