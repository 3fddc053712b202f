import type pg from "pg";
import { withConnection, withDatabase } from "../database.ts";
import { MigrationFailure } from "../failure.ts";
import type { Batch } from "../lint/lint.ts";
import { parseStatements } from "../lint/parse.ts";
import { runnerOf } from "../runners/registry.ts";
import type { Runner } from "../runners/runner.ts";
import { sqlDriver } from "../sql/driver.ts";
import { LEDGER } from "../sql/ledger.ts";
import type { Selection } from "../state.ts";
import { environmentOf, readList, toolDriver } from "../tool.ts";
import type { Once } from "../types.ts";
import type { Driver, MigrationWork } from "../work.ts";
import { recordedStatements, startRecording } from "./record.ts";
import { copySchema, NoScratch, type Scratch, withScratch } from "./scratch.ts";

const DATABASE =
  /^(?:jdbc:)?(?:postgres|postgresql|mysql2?|mariadb|trilogy|sqlite3?|sqlserver|mssql|oracle)(?:\+\w+)?:/i;

/** What the pending migrations send, and how we know. */
export interface Rehearsal {
  batches: Batch[];
  /** They ran on a scratch database with the target's schema. */
  tested: boolean;
  /** They failed there. */
  failed: boolean;
  /** For people: where the statements come from, and why they were not tested. */
  evidence: string;
}

/**
 * Runs what was selected on a scratch database with the target's schema and answers the statements it sent there; where that cannot be,
 * what the tool prints, or the files. A migration that fails on the scratch database rejects (`SM-MIGRATION-REHEARSAL`), unless `tolerant`:
 * one that needs rows fails there only.
 */
export async function rehearse(
  work: MigrationWork,
  driver: Driver,
  selection: Selection,
  { target, empty, tolerant }: { target: pg.Client | undefined; empty: boolean; tolerant: boolean },
): Promise<Rehearsal> {
  const { batches, from } = await driver.written(selection);
  try {
    if (!target || !work.reachable) throw new NoScratch("the database is not reached from here");
    if (work.settings.tool === "command") throw new NoScratch("nobody knows what a command of your own does");
    const recorded = await onScratch(work, selection, { target, empty, written: batches, reachable: work.reachable });
    const ran = "ran on a scratch database with the target's schema";
    // Files keep the comments that allow something, and say what is one transaction.
    if (!recorded || work.settings.tool === "sql")
      return { batches, tested: true, failed: false, evidence: `${ran}; statements of ${from}` };
    const sent = { origin: "the scratch database", sql: joined(recorded), transaction: false };
    return { batches: [sent], tested: true, failed: false, evidence: `${ran}; statements as they were recorded there` };
  } catch (error) {
    if (error instanceof MigrationFailure && tolerant)
      return {
        batches,
        tested: false,
        failed: true,
        evidence: `failed on a scratch database: ${error.message}; statements of ${from}`,
      };
    if (!(error instanceof NoScratch)) throw error;
    return {
      batches,
      tested: false,
      failed: false,
      evidence: `not run before: ${work.redact(error.message)}; statements of ${from}`,
    };
  }
}

/** Undefined: they ran, but this role may not record. */
async function onScratch(
  work: MigrationWork,
  selection: Selection,
  {
    target,
    empty,
    written,
    reachable,
  }: { target: pg.Client; empty: boolean; written: readonly Batch[]; reachable: string },
): Promise<string[] | undefined> {
  return await withScratch(reachable, async (scratch) => {
    const runner = runnerOf(work.settings);
    const there = atScratch(work, scratch);
    // A tool that does not go where its environment says would change the target: let it prove first that it finds a closed door.
    if (runner && !runner.files) {
      refuseOthers(there);
      await requireClosedDoor(there, runner, scratch);
    }
    if (runner?.files && written.length < selection.apply.length)
      throw new NoScratch("not all of it can be read as SQL");
    await copySchema(target, reachable, scratch, { ledgers: runner?.ledgers ?? [LEDGER], empty, signal: work.signal });
    return await withConnection(scratch.address, "stationmaster", async (client) => {
      const recording = await startRecording(client, runner?.ledgers ?? [LEDGER]);
      await tryAll(there, client, selection, written).catch((error: unknown) => {
        throw work.signal.aborted ? work.signal.reason : failedThere(work, error);
      });
      return recording ? await recordedStatements(client) : undefined;
    });
  });
}

async function tryAll(
  there: MigrationWork,
  client: pg.Client,
  selection: Selection,
  written: readonly Batch[],
): Promise<void> {
  const runner = runnerOf(there.settings);
  if (runner?.files) {
    // What such a tool sends is its files, statement by statement; itself it is not needed for that.
    for (const { sql, origin } of written)
      for (const statement of await parseStatements(sql, origin)) await client.query(statement.sql);
    return;
  }
  const driver = runner ? toolDriver(there, runner, client) : sqlDriver(there, client);
  await driver.read();
  await driver.apply(selection);
}

function failedThere({ service, redact }: MigrationWork, cause: unknown): MigrationFailure {
  const reason = redact(cause instanceof Error ? cause.message : String(cause)).replace(`${service}: `, "");
  return new MigrationFailure({
    code: "SM-MIGRATION-REHEARSAL",
    message: `${service}: tried on a scratch database: ${reason}`,
    next: "correct the migration; the application's database is as it was",
    output: cause instanceof MigrationFailure ? cause.output : [reason],
    cause,
  });
}

function atScratch(work: MigrationWork, { name, address }: Scratch): MigrationWork {
  const there = withDatabase(work.address ?? "", name);
  const environment = Object.fromEntries(
    Object.entries(work.environment).map(([key, value]) => [key, value === work.address ? there : value]),
  );
  // Not under the name of the real run, which another controller may wait for.
  const once: Once = (call) => work.once({ ...call, name: undefined });
  return { ...work, environment, address: there, reachable: address, once };
}

/** A tool that migrates several databases at once would do it to the real others. */
function refuseOthers({ environment, address }: MigrationWork): void {
  const other = Object.entries(environment).find(([, value]) => value !== address && DATABASE.test(value));
  if (other) throw new NoScratch(`${other[0]} is the address of another database, which it might change`);
}

async function requireClosedDoor(there: MigrationWork, runner: Runner, scratch: Scratch): Promise<void> {
  await scratch.open(false);
  const wentElsewhere = await readList(there, runner, undefined, environmentOf(there, runner)).then(
    () => true,
    () => false,
  );
  await scratch.open(true);
  if (wentElsewhere)
    throw new NoScratch("the tool does not take the address of its database from the variable with that address");
}

function joined(statements: readonly string[]): string {
  return statements.map((sql) => sql.replace(/;?\s*$/, "\n;\n")).join("");
}
