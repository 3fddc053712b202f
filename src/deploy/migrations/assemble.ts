import { randomUUID } from "node:crypto";
import { UserError } from "../../core/errors.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { DeployDependencies } from "../run.ts";
import { insidePlace, reachableAddress, withPlace } from "./database.ts";
import { LIMITS, type MigrateSettings, type Once } from "./types.ts";
import type { MigrationWork } from "./work.ts";

/** Where `migrate.database` is put to be resolved like the variables of the service. */
const DATABASE = "STATIONMASTER_MIGRATE_DATABASE";

/** The service whose migrations are meant, and under what its programs run. */
export interface MigrationSite {
  dependencies: Pick<DeployDependencies, "app" | "store" | "platform" | "clock" | "redact" | "resolveEnvironment">;
  env: string;
  service: string;
  released: ReleasedService & { migrate: MigrateSettings };
  release: { name: string; services: Record<string, ReleasedService> };
  /** What it is done for; `generation` is left out for a look, which needs no lease. */
  rollout: { id: string; generation?: number };
  signal: AbortSignal;
}

/** Resolves addresses and variables; the release must be prepared on the platform, since its migrations run from it. */
export async function assembleWork(site: MigrationSite): Promise<MigrationWork> {
  const { dependencies, env, service, released, release, rollout, signal } = site;
  const { app, store, clock, redact, resolveEnvironment } = dependencies;
  const settings = released.migrate;
  const named: Record<string, string> = settings.database === undefined ? {} : { [DATABASE]: settings.database };
  const resolved = await resolveEnvironment(env, service, { ...released, env: { ...released.env, ...named } });
  const { [DATABASE]: database, ...environment } = resolved;
  const address = database ?? environment.DATABASE_URL;
  return {
    ...{ app, env, service, settings, address, clock, redact, signal, limits: LIMITS },
    release: release.name,
    rolloutId: rollout.id,
    environment: address === undefined ? environment : { ...environment, DATABASE_URL: address },
    reachable: await reachableFrom(address, site),
    db: store.db,
    once: onceOf(site),
  };
}

/** Also by the way that the platform knows to what runs beside the service. */
async function reachableFrom(
  address: string | undefined,
  { dependencies: { platform }, rollout, signal }: MigrationSite,
): Promise<string | undefined> {
  const place = platform.inside && insidePlace(address);
  const found = place && (await platform.inside?.(place, { signal, generation: rollout.generation }));
  return address && found ? withPlace(address, found) : reachableAddress(address, platform.id !== "local");
}

/** A look gets a name of its own each time; what changes the database keeps it, so that a container that still runs is found again. */
function onceOf({ dependencies, env, service, release, rollout }: MigrationSite): Once {
  const { app, platform } = dependencies;
  const { once } = platform;
  if (!once)
    throw new UserError({
      code: "SM-MIGRATION-PLATFORM",
      message: `${service}: the platform ${platform.id} cannot run migrations`,
      next: "take `migrate` out of the service, or run it elsewhere",
    });
  return async ({ argv, environment, signal, name }) =>
    await once(
      {
        id: `${rollout.id}-${service}-${name ?? `look-${randomUUID().slice(0, 8)}`}`,
        target: { app, environment: env, service },
        release: { name: release.name, services: release.services },
        environment,
        labels: { rollout: rollout.id, generation: rollout.generation ?? 0, role: "candidate" },
        argv,
      },
      { signal, generation: rollout.generation },
    );
}
