import type pg from "pg";
import { formatDuration } from "../../core/duration.ts";
import { ExternalError, isKnownError, PolicyError, UserError } from "../../core/errors.ts";
import { beginMigrations, finishMigrations, migrationRuns, saveProgress } from "../../store/migration-runs.ts";
import type { MigrationRunRow } from "../../store/tables/hosts.ts";
import { beginBackfill } from "./backfill.ts";
import { applicationName, withSession } from "./database.ts";
import { driverOf } from "./drivers.ts";
import { type Inspection, inspect, withAhead } from "./inspect.ts";
import { type Finding, unexcused } from "./lint/lint.ts";
import { waitForSessions, withMigrationLock } from "./lock.ts";
import { describeRange, fits, type RangedRelease } from "./schema-range.ts";
import type { SqlDriver } from "./sql/driver.ts";
import { positionAfter, type SchemaState, type Selection } from "./state.ts";
import type { Driver, MigrationWork } from "./work.ts";

/** Who must be able to run on the schema, and what a person has agreed to. */
export interface Guard {
  /** The release that serves now; undefined: none does. */
  running: RangedRelease | undefined;
  /** The release that shall serve; `range` as declared. */
  wanted: RangedRelease;
  /** Unsafe statements may pass: somebody said so, with a reason. */
  allowUnsafe: boolean;
}

/** What a run of migrations did. */
export interface Migrated {
  applied: string[];
  position: number;
  newest: number;
  /** What waits: contract migrations for their own rollout, backfills for their batches. */
  contract: string[];
  backfill: string[];
  findings: Finding[];
  evidence: string;
  checksums: string[];
}

/**
 * Carries out the pending migrations of a service: looks, judges, applies, looks again. `contract` takes those of kind contract, `expand`
 * all others; on an empty database that serves nobody it takes all. Once at a time, by an advisory lock where the database is reached.
 */
export async function migrate(work: MigrationWork, mode: "expand" | "contract", guard: Guard): Promise<Migrated> {
  const timeout = AbortSignal.timeout(work.limits.totalMs);
  const signal = AbortSignal.any([work.signal, timeout]);
  const bounded = { ...work, signal };
  return await withSession(bounded, async (client, why) => {
    const locked = () => carryOut(bounded, driverOf(bounded, client, why), client, mode, guard);
    if (!client) return await locked();
    const { clock, app, env } = bounded;
    return await withMigrationLock(client, { key: `stationmaster migrate ${app}/${env}`, clock, signal }, async () => {
      await waitForSessions(client, { application: applicationName(work), clock, signal });
      return await locked();
    });
  }).catch((error: unknown) => {
    if (!timeout.aborted || work.signal.aborted || isKnownError(error)) throw error;
    throw new ExternalError({
      code: "SM-MIGRATION-TIME",
      message: `${work.service}: the migrations were not done after ${formatDuration(work.limits.totalMs)}`,
      next: "split them, or move data in a backfill",
      cause: error,
    });
  });
}

async function carryOut(
  work: MigrationWork,
  driver: Driver,
  client: pg.Client | undefined,
  asked: "expand" | "contract",
  guard: Guard,
): Promise<Migrated> {
  const rows = await migrationRuns(work.db, work);
  const serving = guard.running !== undefined;
  const seen = await inspect(work, driver, { client, rows, asked, serving, tolerant: guard.allowUnsafe });
  await settleEarlier(work, rows, seen.state, driver);
  refuseUnsafe(work, seen, guard);
  requireRange(work, guard, positionAfter(seen.state, seen.selection));
  await keepBackfills(work, driver, seen);
  if (seen.selection.apply.length === 0) return summary(seen, seen.state);
  const state = await applyAndLook(work, driver, seen.selection, rows);
  requireRange(work, guard, state.position);
  return summary(seen, state);
}

async function applyAndLook(
  work: MigrationWork,
  driver: Driver,
  selection: Selection,
  rows: readonly MigrationRunRow[],
): Promise<SchemaState> {
  const { db, settings, rolloutId } = work;
  const begun = selection.apply.map(({ id, kind, position, checksum }) => {
    return { id, kind, position, checksum, tool: settings.tool, rolloutId };
  });
  await beginMigrations(db, work, begun);
  const ids = begun.map(({ id }) => id);
  const failure = await driver.apply(selection).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  // Whoever lost the lease, or was told to stop, leaves the looking to whoever comes next.
  if (work.signal.aborted && failure) throw failure.error;
  const looked = await driver.read().catch((error: unknown) => {
    throw failure ? failure.error : error;
  });
  const state = withAhead(looked, rows);
  const applied = new Set(state.migrations.filter((migration) => migration.applied).map(({ id }) => id));
  const missing = ids.filter((id) => !applied.has(id));
  await finishMigrations(
    db,
    work,
    ids.filter((id) => applied.has(id)),
    "done",
  );
  await finishMigrations(db, work, missing, "failed");
  if (failure) throw failure.error;
  if (missing.length > 0)
    throw new ExternalError({
      code: "SM-MIGRATION-UNAPPLIED",
      message: `${work.service}: ${settings.tool} ended well, but ${missing.join(", ")} is still pending`,
      next: "run it by hand and look at what it says",
    });
  return state;
}

/** Migrations of an earlier run that nobody saw the end of. Applied: done. Nothing left behind: again. Else nobody can tell (`SM-MIGRATION-HALF`). */
async function settleEarlier(
  work: MigrationWork,
  rows: readonly MigrationRunRow[],
  { migrations }: SchemaState,
  driver: Driver,
): Promise<void> {
  const open = rows.filter(({ outcome, kind }) => outcome === null && kind !== "backfill");
  const applied = new Set(migrations.filter((migration) => migration.applied).map(({ id }) => id));
  await finishMigrations(
    work.db,
    work,
    open.flatMap(({ id }) => (applied.has(id) ? [id] : [])),
    "done",
  );
  const half = open.find(({ id }) => !applied.has(id));
  if (!half || driver.recovers) return;
  await finishMigrations(work.db, work, [half.id], "failed");
  throw new ExternalError({
    code: "SM-MIGRATION-HALF",
    message: `${work.service}: the migration ${half.id} was cut off, and ${half.tool} cannot tell how much of it took effect`,
    next: "look at the database and complete or undo it by hand; the next deploy tries again",
  });
}

/** From here on the daemon carries them out, with the text of now. */
async function keepBackfills(work: MigrationWork, driver: Driver, { selection }: Inspection): Promise<void> {
  if (work.settings.tool !== "sql") return;
  const { file } = driver as SqlDriver;
  const known = await migrationRuns(work.db, work);
  for (const { id, position, checksum } of selection.backfill) {
    const text = file(id);
    const row = known.find((item) => item.id === id);
    if (!text || (row?.checksum === checksum && row.outcome !== "failed")) continue;
    const begun = { id, kind: "backfill", position, checksum, tool: "sql", rolloutId: work.rolloutId } as const;
    await beginMigrations(work.db, work, [begun]);
    await saveProgress(work.db, work, id, { ...beginBackfill(text) });
  }
}

function refuseUnsafe({ service }: MigrationWork, { findings }: Inspection, { allowUnsafe }: Guard): void {
  const [first, ...others] = allowUnsafe ? [] : unexcused(findings);
  if (!first) return;
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  throw new UserError({
    code: "SM-MIGRATION-UNSAFE",
    message: `${service}: ${first.origin}: ${first.statement}: ${first.message}${more}`,
    next: `change it, or write above the statement why it is all right: -- stationmaster: allow ${first.rule}: <reason>`,
  });
}

function requireRange({ service }: MigrationWork, { running, wanted }: Guard, position: number): void {
  for (const release of [running, wanted]) {
    if (!release || fits(release.range, position)) continue;
    throw new PolicyError({
      code: "SM-MIGRATION-RANGE",
      message: `${service}: after the migrations the schema is at position ${position}, and ${release.name} runs on ${describeRange(release.range)} only`,
      next: release === wanted ? "correct `schema` of the service" : "deploy a release between the two first",
    });
  }
}

function summary({ selection, findings, evidence }: Inspection, { position, newest }: SchemaState): Migrated {
  return {
    applied: selection.apply.map(({ id }) => id),
    position,
    newest,
    contract: selection.contract.map(({ id }) => id),
    backfill: selection.backfill.map(({ id }) => id),
    findings,
    evidence,
    checksums: selection.apply.map(({ checksum }) => checksum),
  };
}
