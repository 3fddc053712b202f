import { UserError } from "../../core/errors.ts";
import { changingServices, context, type Run, type Step, targetOf } from "../run.ts";
import { migratingServices } from "./expand.ts";
import { routeOf, setRoute, traffic } from "./traffic.ts";

/** An old release is its old files: a copy of what lies in the project now would be another release under its name. */
async function requireFiles(run: Run): Promise<void> {
  const { holds } = run.dependencies.platform;
  const { kind } = run.plan;
  if ((kind !== "rollback" && kind !== "contract") || !holds || (await holds(run.release))) return;
  throw new UserError({
    code: "SM-RELEASE-GONE",
    message: `the files of the release ${run.release.name} are not there any more`,
    next: "go back to another one (stationmaster releases), or deploy",
  });
}

/** PREPARED: everything a start needs on every target, and an address for every service that has none. */
export const prepare: Step = async (run) => {
  const { platform } = run.dependencies;
  const names =
    run.plan.kind === "contract" ? migratingServices(run.plan) : changingServices(run).map(({ name }) => name);
  await run.journal.effect({
    key: "prepare",
    step: "PREPARED",
    target: null,
    intent: { release: run.release.name, services: names },
    act: async () => {
      await platform.connect(context(run));
      await requireFiles(run);
      return { services: names, ...(await platform.prepare(run.release, names, context(run))) };
    },
  });
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker" || (await traffic(run).read(targetOf(run, name), context(run)))) continue;
    await setRoute(run, name, routeOf([], []), { key: `route:${name}`, step: "PREPARED" });
  }
  return "EXPANDED";
};
