import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { changingServices, type Run, type Step, sides, strategyOf } from "../run.ts";
import { count } from "./analyze.ts";
import { healthGate, serviceHealthy } from "./health.ts";
import { retire } from "./retire.ts";
import { drained, GRANT_MS, hasPort, LONGEST_HOLD_MS, member, routeOf, setRoute, shareOf } from "./traffic.ts";
import { startUnits, stopUnit } from "./units.ts";

/** SHIFTING(i): the share of the first step that was not analyzed in full, read back from the data plane. */
export const shift: Step = async (run) => {
  const index = count(run, "analyzed");
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker") {
      // No requests to move, but two copies may not run side by side.
      if (index === 0 && strategyOf(run, name) === "recreate") await recreate(run, name, service);
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
  if (strategyOf(run, name) === "recreate") return await recreate(run, name, service);
  if (strategyOf(run, name) === "rolling" && stable.length > 0) return await roll(run, { name, service, index, share });
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
  const newest = candidate.filter(({ ordinal }) => ordinal === index);
  if (index > 0) await Promise.all(newest.map((unit) => healthGate(run, unit, service)));
  const { stable } = await sides(run, name);
  const perHost = [...Map.groupBy(stable, ({ address }) => address.host).values()];
  const leaving = perHost.flatMap((units) => units.slice(0, Math.floor(units.length / (service.replicas - index))));
  const staying = stable.filter((unit) => !leaving.includes(unit));
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
