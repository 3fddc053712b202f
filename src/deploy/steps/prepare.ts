import type { Step } from "../run.ts";
import { changingServices, context, targetOf } from "../run.ts";
import { routeOf, setRoute, traffic } from "./traffic.ts";

/** PREPARED: everything a start needs on every target, and an address for every service that has none. */
export const prepare: Step = async (run) => {
  const { platform } = run.dependencies;
  const names = changingServices(run).map(({ name }) => name);
  await run.journal.effect({
    key: "prepare",
    step: "PREPARED",
    target: null,
    intent: { release: run.release.name, services: names },
    act: async () => {
      await platform.connect(context(run));
      await platform.prepare(run.release, names, context(run));
      return { services: names };
    },
  });
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker" || (await traffic(run).read(targetOf(run, name), context(run)))) continue;
    await setRoute(run, name, routeOf([], []), { key: `route:${name}`, step: "PREPARED" });
  }
  return "EXPANDED";
};
