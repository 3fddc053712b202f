import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { changingServices, type Run, type Step, sides } from "../run.ts";
import { healthGate, serviceHealthy } from "./health.ts";
import { retire } from "./retire.ts";
import { drained, GRANT_MS, hasPort, member, routeOf, setRoute, shareOf } from "./traffic.ts";
import { startUnits, stopUnit } from "./units.ts";
import { watchCandidate } from "./watch.ts";

/** How often a state was completed; counted in the journal, so it survives a crash. */
function count(run: Run, what: "shifted" | "analyzed"): number {
  return run.journal.keys().filter((key) => key.startsWith(`${what}:`)).length;
}

function lastIndex(run: Run): number {
  return Math.max(0, ...run.plan.services.map(({ steps }) => steps.length - 1));
}

/** SHIFTING(i): the share of the first step that was not analyzed in full, read back from the data plane. */
export const shift: Step = async (run) => {
  const index = count(run, "analyzed");
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker") {
      // No requests to move, but two copies may not run side by side.
      if (index === 0 && run.plan.strategy.kind === "recreate") await recreate(run, name, service);
      continue;
    }
    const share = shareOf(run, name, index);
    if (share !== undefined) await shiftService(run, { name, service, index, share });
  }
  await run.journal.note(`shifted:${count(run, "shifted")}`, "SHIFTING", null, { index });
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
  await serviceHealthy(run, { service: name, released: service, units: candidate, step: "SHIFTING" });
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

/**
 * ANALYZING(i): the guards watch the candidate at this share; the last share goes on into the bake. A grant that ended by
 * itself meanwhile takes the step back: time in which no user had the candidate proves nothing.
 */
export const analyze: Step = async (run) => {
  const shifts = count(run, "shifted");
  const index = Number(run.journal.outcome(`shifted:${shifts - 1}`)?.index);
  if (index >= lastIndex(run)) return "PROMOTED";
  const end = run.journal.outcome(`analyze:${shifts}`)?.until;
  const until =
    typeof end === "number"
      ? end
      : run.dependencies.clock.now() + (run.plan.strategy.kind === "canary" ? run.plan.strategy.everyMs : 0);
  await run.journal.note(`analyze:${shifts}`, "ANALYZING", null, { until });
  if ((await watchCandidate(run, until, index)) === "over")
    await run.journal.note(`analyzed:${index}`, "ANALYZING", null, { index });
  return "SHIFTING";
};
