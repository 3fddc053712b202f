import type { MigrationHistory } from "../contract/migration.ts";
import { migrationRuns } from "../store/migration-runs.ts";
import { backfillsOf } from "./backfills.ts";
import type { Engine } from "./engine.ts";

const SHOWN = 100;

/** What the store knows of the migrations of an environment; no database of the application is asked. */
export async function readMigrationHistory(engine: Engine): Promise<MigrationHistory> {
  const { store, manifest, environment } = engine;
  const migrating = Object.entries(manifest.services).flatMap(([service, { migrate }]) =>
    migrate ? [{ service, tool: migrate.tool }] : [],
  );
  const names = migrating.map(({ service }) => service);
  const place = { app: manifest.project, env: environment };
  const runs = (await Promise.all(names.map((service) => migrationRuns(store.db, { ...place, service })))).flat();
  const reached = (name: string) =>
    runs.filter(({ service, outcome }) => service === name && outcome === "done").map(({ position }) => position);
  return {
    environment,
    services: migrating.map((item) => {
      const positions = reached(item.service);
      return { ...item, position: positions.length > 0 ? Math.max(...positions) : null };
    }),
    runs: runs
      .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || b.position - a.position)
      .slice(0, SHOWN)
      .map(({ service, id, kind, tool, position, rolloutId, startedAt, finishedAt, outcome }) => ({
        ...{ service, id, kind, tool, position, outcome },
        rollout: rolloutId,
        startedAt: startedAt.toISOString(),
        endedAt: finishedAt?.toISOString() ?? null,
      })),
    backfills: await backfillsOf(engine, names),
  };
}
