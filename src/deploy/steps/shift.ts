import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { changingServices, type Run, type Step, sides } from "../run.ts";
import { healthGate, untilHealthy } from "./health.ts";
import { retire } from "./retire.ts";
import { drained, GRANT_MS, hasPort, member, routeOf, setRoute } from "./traffic.ts";
import { startUnits, stopUnit } from "./units.ts";
import { watchCandidate } from "./watch.ts";

/** Which share comes next; counted in the journal, so it survives a crash. */
function shiftIndex(run: Run): number {
  return run.journal.keys().filter((key) => /^shifted:\d+$/.test(key)).length;
}

function lastIndex(run: Run): number {
  return Math.max(0, ...run.plan.services.map(({ steps }) => steps.length - 1));
}

/** SHIFTING(i): the next share, read back from the data plane. */
export const shift: Step = async (run) => {
  const index = shiftIndex(run);
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker") {
      // No requests to move, but two copies may not run side by side.
      if (index === 0 && run.plan.strategy.kind === "recreate") await recreate(run, name, service);
      continue;
    }
    const steps = run.plan.services.find((planned) => planned.service === name)?.steps ?? [100];
    if (index >= steps.length) continue;
    await shiftService(run, { name, service, index, share: steps[index] ?? 100 });
  }
  await run.journal.note(`shifted:${index}`, "SHIFTING", null, { index });
  return "ANALYZING";
};

async function shiftService(
  run: Run,
  { name, service, index, share }: { name: string; service: ReleasedService; index: number; share: number },
): Promise<void> {
  const { stable } = await sides(run, name);
  const record = { key: `shift:${name}:${index}`, step: "SHIFTING" as const };
  if (run.plan.strategy.kind === "recreate") return await recreate(run, name, service);
  if (run.plan.strategy.kind === "rolling" && stable.length > 0)
    return await roll(run, { name, service, index, share });
  const { candidate } = await sides(run, name);
  const until = stable.length > 0 ? run.dependencies.clock.now() + GRANT_MS : null;
  await setRoute(run, name, routeOf(stable, candidate, { share, until }), record);
}

/** Rolling, surge 1: one more candidate, its share, then the old units it replaces are drained and stopped. */
async function roll(
  run: Run,
  { name, service, index, share }: { name: string; service: ReleasedService; index: number; share: number },
): Promise<void> {
  const candidate = await startUnits(run, name, service, index + 1, "SHIFTING");
  const newest = candidate.at(-1);
  if (newest && index > 0) await healthGate(run, newest, service);
  const { stable } = await sides(run, name);
  const keep = Math.ceil(stable.length - stable.length / (service.replicas - index));
  const staying = stable.slice(stable.length - keep);
  const leaving = stable.slice(0, stable.length - keep);
  await setRoute(run, name, routeOf(staying, candidate, { share }), {
    key: `shift:${name}:${index}`,
    step: "SHIFTING",
  });
  await retire(run, {
    service: name,
    units: leaving,
    drainMs: service.drainMs,
    graceMs: service.graceMs,
    step: "SHIFTING",
  });
}

const LONGEST_HOLD_MS = 30_000;

/** Recreate: requests wait while the old units stop and the new ones start. */
async function recreate(run: Run, name: string, service: ReleasedService): Promise<void> {
  const { stable } = await sides(run, name);
  if (service.kind === "http" && stable.length > 0) await holdRequests(run, name, service, stable);
  await Promise.all(stable.map((unit) => stopUnit(run, unit, service.graceMs, "SHIFTING")));
  const candidate = await startUnits(run, name, service, service.replicas, "SHIFTING");
  await Promise.all(candidate.map((unit) => untilHealthy(run, unit, service)));
  if (service.kind === "http")
    await setRoute(run, name, routeOf([], candidate, { share: 100 }), { key: `shift:${name}:0`, step: "SHIFTING" });
}

async function holdRequests(
  run: Run,
  name: string,
  service: ReleasedService,
  stable: readonly UnitRow[],
): Promise<void> {
  const hold = run.dependencies.clock.now() + LONGEST_HOLD_MS;
  // Leaving at the same time: a hold that runs out must not let requests into a process that is being stopped.
  const leaving = stable.filter(hasPort).map((unit) => member(unit, true));
  await setRoute(
    run,
    name,
    { ...routeOf([], [], { hold }), stable: leaving },
    { key: `hold:${name}`, step: "SHIFTING" },
  );
  // Streams end with their process in any case: waiting for them would only keep everybody else waiting longer.
  await drained(run, name, stable, { drainMs: Math.min(service.drainMs, LONGEST_HOLD_MS / 2), spareStreams: true });
}

/** ANALYZING(i): the guards watch the candidate at this share; the last share goes on into the bake. */
export const analyze: Step = async (run) => {
  const done = shiftIndex(run);
  if (done > lastIndex(run)) return "PROMOTED";
  const end = run.journal.outcome(`analyze:${done}`)?.until;
  const until =
    typeof end === "number"
      ? end
      : run.dependencies.clock.now() + (run.plan.strategy.kind === "canary" ? run.plan.strategy.everyMs : 0);
  await run.journal.note(`analyze:${done}`, "ANALYZING", null, { until });
  await watchCandidate(run, until);
  return "SHIFTING";
};
