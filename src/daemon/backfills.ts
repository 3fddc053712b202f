import type { Backfill } from "../contract/migration.ts";
import { standing } from "../deploy/history.ts";
import { assembleWork } from "../deploy/migrations/assemble.ts";
import { type BackfillProgress, runBackfill } from "../deploy/migrations/backfill.ts";
import { currentRelease } from "../deploy/request.ts";
import { migrationRuns, openBackfills } from "../store/migration-runs.ts";
import { listRollouts } from "../store/rollouts.ts";
import type { MigrationRunRow } from "../store/tables/hosts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { announce } from "./announce.ts";
import type { Engine } from "./engine.ts";

const HISTORY = 200;
const DEADLINE_MS = 600_000;
/** Within one round a backfill goes on as long as its pauses are shorter. */
const SHORT_PAUSE_MS = 1_000;
const ROUND_MS = 10_000;
const UNREACHABLE_MS = 60_000;
/** Nobody works on it any more, and what serves is known. */
const ENDED: readonly RolloutRow["state"][] = ["SUCCEEDED", "FAILED", "ROLLED_BACK", "SUPERSEDED"];

/**
 * Whether the release that brought a backfill serves: as long as an older one does, it may write more of the rows that are to be
 * moved. Pure; `history` newest first.
 */
export function mayFill(
  { rolloutId }: Pick<MigrationRunRow, "rolloutId">,
  history: readonly Pick<RolloutRow, "id" | "kind" | "release" | "state">[],
): boolean {
  if (history[0] && !ENDED.includes(history[0].state)) return false;
  const age = history.findIndex(({ id }) => id === rolloutId);
  if (age < 0) return true;
  const stands = new Set<unknown>(standing(history));
  return history.slice(0, age + 1).some((rollout) => rollout.kind !== "contract" && stands.has(rollout));
}

/** Carries out what is due of the open backfills of an environment; to be called again and again. What it knows is in the database. */
export function createBackfills(engine: Engine): (stopping: AbortSignal) => Promise<void> {
  const { store, clock, environment, manifest, redact } = engine;
  const key = { app: manifest.project, env: environment };
  const notBefore = new Map<string, number>();

  async function work(row: MigrationRunRow, stopping: AbortSignal): Promise<void> {
    const name = `${row.service} ${row.id}`;
    const began = clock.monotonic();
    if ((notBefore.get(name) ?? 0) > began) return;
    const address = await addressFor(engine, row.service, stopping);
    const rest = (ms: number) => notBefore.set(name, clock.monotonic() + ms);
    if (address === undefined) return void rest(UNREACHABLE_MS);
    for (let now = row; ; ) {
      const { ended, waitMs, progress } = await runBackfill({ db: store.db, row: now, address, redact });
      if (ended && progress.errors > 0) await tell(engine, row, progress);
      if (ended || waitMs > SHORT_PAUSE_MS || clock.monotonic() - began > ROUND_MS)
        return void rest(ended ? 0 : waitMs);
      await clock.sleep(waitMs, stopping);
      now = { ...now, progress: { ...progress } };
    }
  }

  return async (stopping) => {
    const open = await openBackfills(store.db, key);
    if (open.length === 0) return;
    const history = await listRollouts(store.db, { ...key, limit: HISTORY });
    // In the order of the migrations: of each service the first.
    const first = open.filter((row, index) => open.findIndex(({ service }) => service === row.service) === index);
    for (const row of first) {
      stopping.throwIfAborted();
      if (mayFill(row, history)) await work(row, stopping);
    }
  };
}

/** How far the backfills are that a deployment brought and that are not at their end. */
export async function backfillsOf(
  { store, manifest, environment }: Engine,
  services: readonly string[],
): Promise<Backfill[]> {
  const key = { app: manifest.project, env: environment };
  const history = await listRollouts(store.db, { ...key, limit: HISTORY });
  const runs = await Promise.all(services.map((service) => migrationRuns(store.db, { ...key, service })));
  return runs
    .flat()
    .filter(({ kind, outcome }) => kind === "backfill" && outcome !== "done")
    .map((row) => {
      const { rows = 0, batches = 0, note = null } = row.progress as Partial<BackfillProgress>;
      const state = row.outcome === "failed" ? "failed" : mayFill(row, history) ? "running" : "waiting";
      return { service: row.service, id: row.id, state, rows, batches, note };
    });
}

/** The database of a service as this machine reaches it; undefined where it does not, or the service migrates no more. */
async function addressFor(engine: Engine, service: string, signal: AbortSignal): Promise<string | undefined> {
  const release = await currentRelease(engine);
  const released = release?.services[service];
  if (!release || !released?.migrate) return undefined;
  const work = await assembleWork({
    dependencies: engine.deploy,
    env: engine.environment,
    service,
    released: { ...released, migrate: released.migrate },
    release,
    rollout: { id: "backfill" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
  });
  return work.reachable;
}

async function tell(engine: Engine, { service, id, rolloutId }: MigrationRunRow, { note }: BackfillProgress) {
  const { environment } = engine;
  await engine.audit({
    actor: "stationmaster",
    action: "backfill.failed",
    subject: id,
    detail: { environment, service, note },
  });
  await announce(engine, {
    ...{ id: `backfill-${rolloutId}-${service}-${id}`, severity: "SEV2", subject: service },
    text: `the backfill ${id} failed: ${note}`,
    doing: "it is not tried again",
    todo: `correct it and deploy: stationmaster migrations ${environment} shows it`,
  });
}
