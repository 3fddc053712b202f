import type pg from "pg";
import { sqlState } from "../../../store/sql-state.ts";
import { cancelOnAbort, setLimits, withConnection } from "../database.ts";
import { parseStatements, type Statement } from "../lint/parse.ts";
import type { Limits } from "../types.ts";
import { halfDone, StatementError } from "./errors.ts";
import type { SqlFile } from "./files.ts";
import { noteApplied, noteStatement, readLedger } from "./ledger.ts";
import { isPatient, isRepeatable, observeIndex } from "./repeatable.ts";

export interface ApplyOptions {
  address: string;
  application: string;
  limits: Limits;
  signal: AbortSignal;
}

/** Not free in time, or chosen as the victim: another attempt may pass. */
const LOCK_STATES = ["55P03", "40P01", "40001"];

export function isLockTimeout(error: unknown): boolean {
  return LOCK_STATES.includes(sqlState(error) ?? "");
}

/** Applies one file on a connection of its own, so that its settings end with it; one that is applied is left alone. */
export async function applyFile(file: SqlFile, { address, application, limits, signal }: ApplyOptions): Promise<void> {
  signal.throwIfAborted();
  const statements = await parseStatements(file.sql, file.path);
  await withConnection(address, application, async (client) => {
    const stopListening = cancelOnAbort(client, address, signal);
    try {
      await (file.transaction
        ? applyWhole(client, file, statements, limits)
        : applyEach(client, file, statements, limits));
    } finally {
      stopListening();
    }
  });
}

async function applyWhole(client: pg.Client, file: SqlFile, statements: Statement[], limits: Limits): Promise<void> {
  await client.query("begin");
  try {
    await setLimits(client, limits, true);
    for (const [index, { sql }] of statements.entries()) await perform(client, file, index, sql);
    await noteApplied(client, file);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

async function applyEach(client: pg.Client, file: SqlFile, statements: Statement[], limits: Limits): Promise<void> {
  const before = (await readLedger(client)).get(file.id);
  // Another text is another attempt: what is done of the old one is for its author to respect.
  const begun = before?.checksum === file.checksum ? before : undefined;
  for (const [index, { sql, node }] of statements.entries()) {
    if (begun && index < begun.statements) continue;
    const unsure = begun?.inFlight && index === begun.statements;
    if (unsure && !isRepeatable(node)) throw halfDone(file, index, sql);
    const indexStands = await observeIndex(client, node);
    if (indexStands && begun && index === begun.statements) {
      await noteStatement(client, file, index + 1, false);
      continue;
    }
    const patient = isPatient(node);
    await setLimits(
      client,
      { lockMs: patient ? 0 : limits.lockMs, statementMs: patient ? limits.totalMs : limits.statementMs },
      false,
    );
    await noteStatement(client, file, index, true);
    try {
      await perform(client, file, index, sql);
    } catch (error) {
      const noted = await noteStatement(client, file, index, false).then(
        () => true,
        () => false,
      );
      // The connection went with it, and the server may have gone on.
      if (!noted && !isRepeatable(node)) throw halfDone(file, index, sql, error);
      throw error;
    }
    await noteStatement(client, file, index + 1, false);
  }
  await noteApplied(client, file);
}

async function perform(client: pg.Client, file: SqlFile, index: number, sql: string): Promise<void> {
  try {
    await client.query(sql);
  } catch (cause) {
    throw new StatementError(file, index, sql, cause);
  }
}
