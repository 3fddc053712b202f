import type { Backfill, MigratingService, MigrationReport, MigrationsRequest } from "../contract/migration.ts";
import { newId } from "../core/ids.ts";
import { redactDeep } from "../core/redact.ts";
import { configHash } from "../deploy/desired.ts";
import { takeEnvironment, withLease } from "../deploy/holder.ts";
import { assembleWork } from "../deploy/migrations/assemble.ts";
import { type MigrationPlan, planMigrations } from "../deploy/migrations/plan.ts";
import { isEmpty } from "../deploy/plan.ts";
import { contentOf } from "../deploy/preflight/content.ts";
import type { ReleaseRef } from "../platforms/platform.ts";
import { insertApproval } from "../store/approvals.ts";
import { backfillsOf } from "./backfills.ts";
import type { Engine } from "./engine.ts";
import { RECORDS, type Seen, settingsOf } from "./migration-records.ts";
import type { Planned } from "./planned.ts";
import { planOnDisk, refuseBusy } from "./rollouts.ts";

const DEADLINE_MS = 20 * 60_000;

/** What one service's migrations are, and what trying them said. */
interface Looked {
  name: string;
  plan: MigrationPlan;
  seen: Seen;
}

/**
 * The pending migrations of what the manifest and files say now: prepares that release under a name of its own, tries them on a
 * scratch database and records how that went, for the plans of the same content. Changes nothing that serves.
 */
export async function reportMigrations(
  engine: Engine,
  { environment }: MigrationsRequest,
  actor: string,
): Promise<MigrationReport> {
  const planned = await planOnDisk(engine, { environment }, actor);
  const { plan, services } = planned;
  const names = Object.keys(services).filter((name) => services[name]?.migrate);
  const signal = AbortSignal.timeout(DEADLINE_MS);
  // What runs is prepared, and a deployment would run none of its migrations.
  const stands = isEmpty(plan) || plan.kind === "restore";
  const release = stands
    ? { name: plan.release, services }
    : { name: `rehearsal-${configHash(services).slice(0, 12)}`, services };
  if (!stands && names.length > 0) await prepare(engine, release, names, signal);
  const looked: Looked[] = [];
  for (const name of names) looked.push(await look(engine, planned, { name, release, signal }));
  const recorded = !stands && looked.some(({ plan: { checksums } }) => checksums.length > 0);
  if (recorded) await record(engine, planned, looked, actor);
  const begun = await backfillsOf(engine, names);
  return redactDeep(
    {
      environment: engine.environment,
      release: plan.release,
      services: looked.map(toService),
      migrations: looked.flatMap(({ plan: { planned: list } }) => list),
      backfills: [...looked.flatMap((item) => notBegun(item, begun)), ...begun],
      recorded,
    },
    engine.redact,
  );
}

/** Under the lease of the environment: no rollout prepares its own at the same time. */
async function prepare(
  engine: Engine,
  release: ReleaseRef,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { deploy, platform, environment } = engine;
  const lease = await takeEnvironment(deploy, environment, "rehearsal");
  if (!lease) throw await refuseBusy(engine);
  await withLease(deploy, lease, signal, {
    work: async (held) => void (await platform.prepare(release, names, { signal: held, generation: lease.generation })),
  });
}

async function look(
  engine: Engine,
  { project, plan, services }: Planned,
  { name, release, signal }: { name: string; release: ReleaseRef; signal: AbortSignal },
): Promise<Looked> {
  const released = services[name];
  const settings = released?.migrate;
  if (!settings) throw new Error(`${name} has no migrations`);
  const work = await assembleWork({
    dependencies: {
      ...engine.deploy,
      resolveEnvironment: (_environment, service, { env }) => engine.variables(service, env, project),
    },
    env: engine.environment,
    service: name,
    released: { ...released, migrate: settings },
    release,
    rollout: { id: release.name },
    signal,
  });
  const now = plan.services.find(({ service }) => service === name);
  const found = await planMigrations(work, { serving: Boolean(now?.fromRelease) });
  const seen: Seen = {
    service: name,
    settings: settingsOf(released),
    checksums: found.checksums,
    position: found.position,
    failed: found.failed ? found.evidence : null,
    planned: found.planned,
  };
  return { name, plan: found, seen };
}

async function record(engine: Engine, { plan, services }: Planned, looked: Looked[], actor: string): Promise<void> {
  const { store, manifest, environment, redact } = engine;
  const good = looked.every(({ plan: { checksums, tested } }) => checksums.length === 0 || tested);
  const what = good ? RECORDS.good : RECORDS.other;
  const note = looked.map(({ name, plan: { evidence } }) => `${name}: ${evidence}`).join("; ");
  const checksums = looked.flatMap(({ plan: { checksums: list } }) => list.map(({ checksum }) => checksum));
  const row = await insertApproval(store.db, {
    ...{ id: newId("ap"), app: manifest.project, env: environment, release: plan.release, what, who: "stationmaster" },
    evidence: redactDeep(
      { note, checksums, content: contentOf(services), migrations: looked.map(({ seen }) => seen) },
      redact,
    ),
  });
  const detail = { environment, release: plan.release, what, note };
  await engine.audit({ actor, action: "migrations.rehearsed", subject: row.id, detail });
}

function toService({ name, plan, seen }: Looked): MigratingService {
  const { position, tested, evidence, failed } = plan;
  const safe = !failed && plan.planned.every(({ findings }) => findings.length === 0);
  return { service: name, tool: plan.tool, position, safe, tested: tested && seen.checksums.length > 0, evidence };
}

function notBegun({ name, plan }: Looked, begun: readonly Backfill[]): Backfill[] {
  const isBegun = (id: string) => begun.some((item) => item.service === name && item.id === id);
  return plan.backfill
    .filter((id) => !isBegun(id))
    .map((id) => ({ service: name, id, state: "pending", rows: 0, batches: 0, note: null }));
}
