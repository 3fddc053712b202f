import { keptReleases } from "../../store/releases.ts";
import { assembleWork } from "../migrations/assemble.ts";
import { migrate } from "../migrations/migrate.ts";
import { refuseRollback, schemaFacts } from "../migrations/ranges.ts";
import { changingServices, type Run, type Step } from "../run.ts";

/**
 * EXPANDED: the pending expand migrations of each service, once, from the new release; the release before goes on serving on the
 * schema they leave. A rollback runs none: its release must run on the schema as it is. A contract rollout does this and nothing else.
 */
export const expand: Step = async (run) => {
  const { app, store } = run.dependencies;
  if (run.plan.kind === "rollback") {
    const { env } = run.row;
    const running = run.plan.fromRelease ?? undefined;
    await refuseRollback(store.db, { app, env, wanted: run.release.name, running }, await keptReleases(store.db, app));
    return "STARTED";
  }
  if (run.plan.kind === "contract") {
    for (const name of migratingServices(run.plan)) await migrateService(run, name, "contract");
    return "SUCCEEDED";
  }
  for (const { name, service } of changingServices(run)) if (service.migrate) await migrateService(run, name, "expand");
  return "STARTED";
};

/** The services whose migrations a contract rollout runs. */
export function migratingServices({ migrations = [] }: Run["plan"]): string[] {
  return migrations.map(({ service }) => service);
}

/** The migrations of one service as an effect of the rollout. */
export async function migrateService(run: Run, name: string, mode: "expand" | "contract"): Promise<void> {
  const service = run.release.services[name];
  const settings = service?.migrate;
  if (!settings) return;
  const { row, release, dependencies, lease, signal } = run;
  await run.journal.effect({
    key: `${mode}:${name}`,
    step: "EXPANDED",
    target: name,
    intent: { release: release.name, tool: settings.tool },
    // Acting again looks first: what is applied is skipped, what still runs is waited for.
    act: async () => {
      const rollout = { id: row.id, generation: lease.generation };
      const released = { ...service, migrate: settings };
      const work = await assembleWork({
        dependencies,
        env: row.env,
        service: name,
        released,
        release,
        rollout,
        signal,
      });
      const { db } = dependencies.store;
      const running = run.plan.services.find((planned) => planned.service === name)?.fromRelease;
      const kept = await keptReleases(db, work.app);
      const { releases } = await schemaFacts(db, work, kept);
      const done = await migrate(work, mode, {
        running: releases.find((item) => item.name === running),
        wanted: { name: release.name, range: service.schema ?? undefined },
        allowUnsafe: run.plan.preflight?.some((row) => row.item === "migrations-safe" && row.override) ?? false,
      });
      return { ...done };
    },
  });
}
