import type { ReleasedService } from "../../store/tables/release.ts";
import { changingServices, isPlanned, type Run, type Step, sides, strategyOf } from "../run.ts";
import { count } from "./analyze.ts";
import { healthGate, serviceHealthy } from "./health.ts";
import { holdRequests } from "./hold.ts";
import { retire } from "./retire.ts";
import { GRANT_MS, routeOf, setRoute, shareOf } from "./traffic.ts";
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
  // What is on a host that the plan no longer has is in nobody's way.
  const stable = (await sides(run, name)).stable.filter((unit) => isPlanned(run, unit));
  if (service.kind === "http" && stable.length > 0)
    await holdRequests(run, name, stable, { drainMs: service.drainMs, step: "SHIFTING" });
  await Promise.all(stable.map((unit) => stopUnit(run, unit, service.graceMs, "SHIFTING")));
  const candidate = await startUnits(run, name, service, service.replicas, "SHIFTING");
  await serviceHealthy(run, { service: name, released: service, units: candidate, step: "SHIFTING" });
  if (service.kind === "http")
    await setRoute(run, name, routeOf([], candidate, { share: 100 }), { key: `shift:${name}:0`, step: "SHIFTING" });
}
