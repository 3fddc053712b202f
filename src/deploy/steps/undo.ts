import { isAway } from "../../core/errors.ts";
import { startDraining } from "../../store/units.ts";
import { changingServices, context, type Run, type Step, sides, targetOf } from "../run.ts";
import { allOf, bringBack, livingOrUnseen } from "./bring-back.ts";
import { drained, hasPort, routeOf, setRoute, traffic } from "./traffic.ts";
import { stopUnit } from "./units.ts";

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
      await startDraining(store.db, [unit], clock.now());
    }),
  );
  await Promise.all(work);
}

/**
 * ROLLING_BACK: each service's stable release proves that it can carry all requests and gets them back in one step, services side
 * by side. Only then do the candidates go: that takes its time, and can fail.
 */
export const rollBack: Step = async (run) => {
  const services = changingServices(run);
  await allOf(services.map(({ name }) => bringBack(run, name)));
  await allOf(services.map(({ name }) => removeCandidate(run, name, "ROLLING_BACK")));
  return run.plan.services.some(({ action, fromRelease }) => action !== "keep" && fromRelease)
    ? "ROLLED_BACK"
    : "FAILED";
};

async function removeCandidate(run: Run, name: string, step: "CLEANING" | "ROLLING_BACK"): Promise<void> {
  const service = run.release.services[name];
  const { stable, candidate } = await sides(run, name);
  if (service?.kind === "http") {
    const routed = stable.filter(hasPort);
    const alive = await livingOrUnseen(run, routed);
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
