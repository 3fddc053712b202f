import { changingServices, type Run, type Step, sides, strategyOf } from "../run.ts";
import { healthGate, serviceHealthy } from "./health.ts";
import { routeOf, setRoute } from "./traffic.ts";
import { startUnits } from "./units.ts";

/** STARTED: candidates in dependency order with no traffic; a service that has nothing yet gets its first units at once, since no user can be hurt. */
export const start: Step = async (run) => {
  for (const { name, service } of changingServices(run)) {
    const { stable } = await sides(run, name);
    if (stable.length > 0 && strategyOf(run, name) === "recreate") continue;
    const oneByOne = stable.length > 0 && strategyOf(run, name) === "rolling" && service.kind === "http";
    const count = oneByOne ? 1 : service.replicas;
    const units = await startUnits(run, name, service, count, "STARTED");
    await serviceHealthy(run, { service: name, released: service, units, step: "STARTED" });
    if (stable.length === 0 && service.kind === "http")
      await setRoute(run, name, routeOf([], units, { share: 100 }), { key: `introduce:${name}`, step: "STARTED" });
  }
  return "VERIFIED";
};

/** VERIFIED: every candidate passes the health gate, asked directly. */
export const verify: Step = async (run) => {
  await Promise.all(changingServices(run).map(({ name }) => verifyService(run, name)));
  return "SHIFTING";
};

async function verifyService(run: Run, name: string): Promise<void> {
  const service = run.release.services[name];
  const { candidate } = await sides(run, name);
  if (!service || candidate.length === 0) return;
  await run.journal.effect({
    // By generation: whoever takes over after a crash verifies again.
    key: `verify:${name}@${run.lease.generation}`,
    step: "VERIFIED",
    target: name,
    intent: { units: candidate.map(({ id }) => id) },
    act: async () => ({ probes: await Promise.all(candidate.map((unit) => healthGate(run, unit, service))) }),
  });
}
