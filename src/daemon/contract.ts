import type { ContractRequest } from "../contract/migration.ts";
import { UserError } from "../core/errors.ts";
import { digest } from "../deploy/desired.ts";
import { assembleWork } from "../deploy/migrations/assemble.ts";
import type { ContractPlan } from "../deploy/migrations/contract.ts";
import { planContractRollout } from "../deploy/migrations/plan.ts";
import { currentRelease, planUnchanged } from "../deploy/request.ts";
import { keptReleases } from "../store/releases.ts";
import { listRollouts } from "../store/rollouts.ts";
import type { ReleasedService, ReleaseRow } from "../store/tables/release.ts";
import { liveUnits } from "../store/units.ts";
import type { Engine } from "./engine.ts";
import type { Planned } from "./planned.ts";
import { withPreflight } from "./preflight.ts";
import { agreed, sources } from "./rollouts.ts";

const DEADLINE_MS = 120_000;
const HISTORY = 50;

type Migrating = ReleasedService & { migrate: NonNullable<ReleasedService["migrate"]> };

/** The plan of taking away what only older releases need of a service's database, with its pre-flight. */
export async function plannedContract(engine: Engine, request: ContractRequest, actor: string): Promise<Planned> {
  const { project, environment } = engine;
  const from = sources(engine, project, request.environment);
  const { service } = request;
  const release = await currentRelease(engine);
  if (!release)
    throw new UserError({
      code: "SM-CONTRACT-RELEASE",
      message: `nothing serves ${environment}, so there is no old schema to take away`,
      next: "deploy first: a database that serves nobody gets all migrations at once",
    });
  const released = release.services[service];
  const migrate = released?.migrate;
  if (!migrate) throw unknownService(service, release);
  const found = await lookAhead(engine, release, service, { ...released, migrate });
  if (!found)
    throw new UserError({
      code: "SM-CONTRACT-NONE",
      message: `${service}: ${release.name} has no contract migration that is pending`,
      next: `stationmaster migrations ${environment} shows what is pending`,
    });
  const base = await planUnchanged(from, release);
  const { migrations: pending, ends, position } = found;
  const planned = { service, tool: migrate.tool, kind: "contract" as const, pending, findings: [], ends };
  const plan = {
    ...base,
    warnings: [...base.warnings, wayBack(ends)],
    migrations: [planned],
    hash: digest([base.hash, planned, position]),
  };
  const whole = { plan, services: release.services, commit: release.commit, actor, project };
  return await withPreflight(engine, agreed(whole, request.planHash), request);
}

function wayBack(ends: readonly string[]): string {
  return ends.length > 0
    ? `afterwards there is no way back to ${ends.join(", ")}`
    : "every kept release can still be gone back to";
}

async function lookAhead(
  engine: Engine,
  release: ReleaseRow,
  service: string,
  released: Migrating,
): Promise<ContractPlan | undefined> {
  const { store, environment, manifest } = engine;
  const place = { app: manifest.project, env: environment };
  const work = await assembleWork({
    dependencies: engine.deploy,
    env: environment,
    service,
    released,
    release,
    rollout: { id: `contract-${release.name}` },
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  // One that failed changes nothing about the releases, and is to be tried again.
  const last = (await listRollouts(store.db, { ...place, limit: HISTORY })).find(({ kind }) => kind !== "contract");
  const units = await liveUnits(store.db, place);
  return await planContractRollout(work, {
    kept: await keptReleases(store.db, manifest.project),
    running: units.filter((unit) => unit.service === service).map((unit) => unit.release),
    last: last?.state,
  });
}

function unknownService(service: string, { name, services }: ReleaseRow): UserError {
  const names = Object.keys(services).filter((other) => services[other]?.migrate);
  return new UserError({
    code: "SM-CONTRACT-SERVICE",
    message: `${service} of ${name} has no migrations`,
    next: names.length > 0 ? `there are ${names.join(", ")}` : "add `migrate` to the service",
  });
}
