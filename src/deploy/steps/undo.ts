import { ExternalError, isAway } from "../../core/errors.ts";
import { findRelease } from "../../store/releases.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { updateUnit } from "../../store/units.ts";
import { changingServices, context, hostsOf, living, type Run, type Step, sides, targetOf } from "../run.ts";
import { askUnit, untilHealthy } from "./health.ts";
import { drained, hasPort, routeOf, setRoute, traffic } from "./traffic.ts";
import { startUnit, stopUnit } from "./units.ts";

const CLEAN_GRACE_MS = 5_000;

/** CLEANING: no user saw the candidate; take it away again. What lies on a host that does not answer is left to `reap`. */
export const clean: Step = async (run) => {
  for (const { name } of changingServices(run)) {
    await removeCandidate(run, name, "CLEANING").catch(async (error: unknown) => {
      if (!isAway(error)) throw error;
      await stopOrLeave(run, name);
    });
  }
  return "FAILED";
};

async function stopOrLeave(run: Run, name: string): Promise<void> {
  const { store, clock } = run.dependencies;
  const { candidate } = await sides(run, name);
  const work = candidate.map((unit) =>
    stopUnit(run, unit, CLEAN_GRACE_MS, "CLEANING").catch(async (error: unknown) => {
      if (!isAway(error)) throw error;
      const address = { drainingSince: new Date(clock.now()).toISOString(), ...unit.address };
      await updateUnit(store.db, unit.id, { state: "draining", address });
    }),
  );
  await Promise.all(work);
}

/** ROLLING_BACK: first prove that the stable release can carry all requests, then give them back in one step. */
export const rollBack: Step = async (run) => {
  for (const { name } of changingServices(run)) {
    if (run.plan.services.find(({ service }) => service === name)?.fromRelease) await restoreStable(run, name);
    await removeCandidate(run, name, "ROLLING_BACK");
  }
  return run.plan.services.some(({ action, fromRelease }) => action !== "keep" && fromRelease)
    ? "ROLLED_BACK"
    : "FAILED";
};

async function restoreStable(run: Run, name: string): Promise<void> {
  const { store, app } = run.dependencies;
  const planned = run.plan.services.find(({ service }) => service === name);
  const previous = planned?.fromRelease ? await findRelease(store.db, app, planned.fromRelease) : undefined;
  const service = previous?.services[name];
  if (!previous || !service) return;
  const { stable } = await sides(run, name);
  const alive = await livingOrUnseen(run, stable);
  const wanted = planned?.action === "restore" ? 0 : service.replicas;
  const missing = hostsOf(run).flatMap((host) => {
    const there = alive.filter(({ address }) => address.host === host);
    const free = Array.from({ length: wanted }, (_, ordinal) => ordinal).filter(
      (ordinal) => !there.some((unit) => unit.ordinal === ordinal),
    );
    return free.slice(0, Math.max(0, wanted - there.length)).map((ordinal) => ({ host, ordinal }));
  });
  for (const place of missing) {
    const unit = await startUnit(run, {
      service: name,
      released: service,
      release: previous,
      step: "ROLLING_BACK",
      role: "stable",
      ...place,
    });
    await untilHealthy(run, unit, service);
    alive.push(unit);
  }
  await refuseSickStable(run, name, alive);
  const back = alive.length > 0 ? alive : stable;
  if (service.kind === "http")
    await setRoute(run, name, routeOf(back, []), { key: `undo:${name}`, step: "ROLLING_BACK" });
}

/** Units on a host that does not answer count: nothing was done to them, and the others shall not wait for that host. */
async function livingOrUnseen(run: Run, units: readonly UnitRow[]): Promise<UnitRow[]> {
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

async function removeCandidate(run: Run, name: string, step: "CLEANING" | "ROLLING_BACK"): Promise<void> {
  const service = run.release.services[name];
  const { stable, candidate } = await sides(run, name);
  if (service?.kind === "http") {
    const routed = stable.filter(hasPort);
    const alive = await living(run, routed);
    // With none alive the address stays all the same: it is the old release's, and a restart brings that back.
    const back = alive.length > 0 ? alive : routed;
    if (back.length > 0) await setRoute(run, name, routeOf(back, []), { key: `withdraw:${name}`, step });
    else await traffic(run).remove(targetOf(run, name), context(run));
    await drained(run, name, candidate, { drainMs: CLEAN_GRACE_MS });
  }
  await Promise.all(
    candidate.map((unit) => stopUnit(run, unit, Math.min(service?.graceMs ?? CLEAN_GRACE_MS, CLEAN_GRACE_MS), step)),
  );
}
