import type pg from "pg";
import { clip } from "../../core/text.ts";
import type { Queryable } from "../../store/connect.ts";
import { finishMigrations, type MigrationKey, saveProgress } from "../../store/migration-runs.ts";
import { sqlState } from "../../store/sql-state.ts";
import type { MigrationRunRow } from "../../store/tables/hosts.ts";
import { connect, setLimits } from "./database.ts";
import { parseStatements } from "./lint/parse.ts";
import type { SqlFile } from "./sql/files.ts";
import { createLedger, noteApplied } from "./sql/ledger.ts";
import { LIMITS, type Limits } from "./types.ts";

/** How far a backfill is; kept in `migration_run.progress`, so that any controller goes on with it. */
export interface BackfillProgress {
  file: SqlFile;
  /** The one that is repeated now. */
  statement: number;
  rows: number;
  batches: number;
  /** Rows for the next batch. */
  batch: number;
  /** Failures one after another. */
  errors: number;
  /** Why it waits or failed, for people. */
  note: string | null;
}

const FIRST_BATCH = 1_000;
const SMALLEST_BATCH = 10;
const LARGEST_BATCH = 20_000;
/** A batch shall take about a second: short enough for those who wait for its rows. */
const LONG_MS = 2_000;
const SHORT_MS = 500;
const MOST_LAG_S = 10;
const LAG_PAUSE_MS = 10_000;
const BUSY_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
const MOST_ERRORS = 10;
const SHOWN = 300;
const BATCH = /(?<![:\w]):batch\b/g;

export function beginBackfill(file: SqlFile): BackfillProgress {
  return { file, statement: 0, rows: 0, batches: 0, batch: FIRST_BATCH, errors: 0, note: null };
}

/** The progress after a batch that changed `rows` in `ms`, and how long to leave the database alone: as long as the batch took. Pure. */
export function afterBatch(
  progress: BackfillProgress,
  { rows, ms }: { rows: number; ms: number },
): { progress: BackfillProgress; waitMs: number } {
  const factor = ms > LONG_MS ? 0.5 : ms < SHORT_MS && rows >= progress.batch ? 1.5 : 1;
  const batch = Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, Math.round(progress.batch * factor)));
  const statement = rows === 0 ? progress.statement + 1 : progress.statement;
  const done = { statement, rows: progress.rows + rows, batches: progress.batches + 1 };
  return { progress: { ...progress, ...done, batch, errors: 0, note: null }, waitMs: rows === 0 ? 0 : Math.round(ms) };
}

/** The progress after a failure: smaller batches, longer waits. Pure. */
export function afterError(
  progress: BackfillProgress,
  note: string,
): { progress: BackfillProgress; waitMs: number; failed: boolean } {
  const errors = progress.errors + 1;
  const batch = Math.max(SMALLEST_BATCH, Math.round(progress.batch / 2));
  return {
    progress: { ...progress, errors, batch, note: clip(note, SHOWN) },
    waitMs: Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** errors),
    failed: errors >= MOST_ERRORS,
  };
}

/** Repeats the statements of a file until each changes no row, without pauses; for a database that nobody uses yet. */
export async function fillAtOnce(client: pg.Client, file: SqlFile, signal: AbortSignal): Promise<void> {
  const statements = await statementsOf(file);
  let progress = beginBackfill(file);
  while (progress.statement < statements.length) {
    signal.throwIfAborted();
    ({ progress } = afterBatch(progress, await runBatch(client, statements, progress, LIMITS)));
  }
  await noteApplied(client, file);
}

/**
 * One step of a backfill: at most one batch, in a transaction of its own. Never rejects for what the database says; call it again
 * after `waitMs` until `ended`. Several controllers may: one at a time does something.
 */
export async function runBackfill({
  db,
  row,
  address,
  redact,
  limits = LIMITS,
}: {
  db: Queryable;
  row: MigrationRunRow;
  /** The application's database as this machine reaches it. */
  address: string;
  redact(text: string): string;
  limits?: Limits;
}): Promise<{ ended: boolean; waitMs: number; progress: BackfillProgress }> {
  const key: MigrationKey = { app: row.app, env: row.env, service: row.service };
  // Written by `beginBackfill` when the release was expanded.
  const before = row.progress as unknown as BackfillProgress;
  try {
    const client = await connect(address, `stationmaster backfill ${row.id}`.slice(0, 63));
    try {
      const step = await underLock(client, key, before, limits);
      await saveProgress(db, key, row.id, { ...step.progress });
      if (step.ended) await finishMigrations(db, key, [row.id], "done");
      return step;
    } finally {
      await client.end().catch(() => {});
    }
  } catch (error) {
    const { progress, waitMs, failed: tired } = afterError(before, redact(reasonOf(error)));
    // A server that is away is waited for.
    const failed = tired && sqlState(error) !== undefined;
    await saveProgress(db, key, row.id, { ...progress });
    if (failed) await finishMigrations(db, key, [row.id], "failed");
    return { ended: failed, waitMs, progress };
  }
}

async function underLock(client: pg.Client, key: MigrationKey, before: BackfillProgress, limits: Limits) {
  const lag = await replicationLag(client);
  if (lag > MOST_LAG_S) return paused(before, LAG_PAUSE_MS, `waits: a replica is ${Math.round(lag)} s behind`);
  const name = `stationmaster backfill ${key.app}/${key.env}/${key.service}/${before.file.id}`;
  const { rows } = await client.query<{ free: boolean }>(
    "select pg_try_advisory_lock(hashtextextended($1, 0)) as free",
    [name],
  );
  if (!rows[0]?.free) return paused(before, BUSY_PAUSE_MS, before.note);
  const statements = await statementsOf(before.file);
  const { progress, waitMs } = afterBatch(before, await runBatch(client, statements, before, limits));
  const ended = progress.statement >= statements.length;
  if (ended) {
    await createLedger(client);
    await noteApplied(client, before.file);
  }
  return { ended, waitMs, progress };
}

function paused(progress: BackfillProgress, waitMs: number, note: string | null) {
  return { ended: false, waitMs, progress: { ...progress, note } };
}

async function runBatch(client: pg.Client, statements: readonly string[], progress: BackfillProgress, limits: Limits) {
  const sql = statements[progress.statement];
  if (sql === undefined) return { rows: 0, ms: 0 };
  await setLimits(client, limits, false);
  const began = performance.now();
  const { rowCount } = await client.query(sql.replace(BATCH, String(progress.batch)));
  return { rows: rowCount ?? 0, ms: performance.now() - began };
}

function reasonOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}

/** `:batch` is ours; PostgreSQL's parser gets a number in its place. */
async function statementsOf({ sql, path }: SqlFile): Promise<string[]> {
  const placeholder = 987_654_321;
  const parsed = await parseStatements(sql.replace(BATCH, String(placeholder)), path);
  return parsed.map((statement) => statement.sql.replaceAll(String(placeholder), ":batch"));
}

/** Seconds by which the slowest replica is behind; 0 where there is none, or where this role may not see it. */
async function replicationLag(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ lag: number | null }>(
    "select max(extract(epoch from replay_lag))::float8 as lag from pg_stat_replication",
  );
  return rows[0]?.lag ?? 0;
}
