import { createHash } from "node:crypto";
import type pg from "pg";
import { UserError } from "../../core/errors.ts";
import { plural } from "../../core/plural.ts";
import { applicationName, unreachable } from "./database.ts";
import { lastLines, MigrationFailure, reasonIn } from "./failure.ts";
import type { Batch } from "./lint/lint.ts";
import { isSql } from "./lint/parse.ts";
import { watchLocks } from "./lock.ts";
import { retryOnLock } from "./retry.ts";
import type { Listed, Runner } from "./runners/runner.ts";
import { readFiles, textsIn } from "./sql/files.ts";
import { numbered, type Selection, schemaState } from "./state.ts";
import type { Answer } from "./types.ts";
import type { Driver, MigrationWork, Written } from "./work.ts";

const LOCK = /canceling statement due to lock timeout|55P03|deadlock detected/;

/** A migration tool that is a program of the release. */
export function toolDriver(work: MigrationWork, runner: Runner, client: pg.Client | undefined): Driver {
  const environment = environmentOf(work, runner);
  let listed: Listed[] = [];
  const chosen = ({ apply }: Selection) => listed.filter(({ id }) => apply.some((migration) => migration.id === id));
  return {
    recovers: runner.transactional,
    read: async () => {
      listed = await readList(work, runner, client, environment);
      return schemaState(numbered(listed));
    },
    apply: async (selection) => {
      const commands = runner.apply(work.settings, chosen(selection), selection.all);
      if (!commands) throw cannotStop(work);
      for (const argv of commands)
        await retryOnLock(() => runProgram(work, argv, environment, { client, silent: runner.silent }), {
          isLock: (error) => error instanceof MigrationFailure && error.code === "SM-MIGRATION-LOCK",
          clock: work.clock,
          signal: work.signal,
        });
    },
    written: async (selection) => await written(work, runner, chosen(selection), listed),
  };
}

async function written(
  work: MigrationWork,
  runner: Runner,
  chosen: readonly Listed[],
  listed: readonly Listed[],
): Promise<Written> {
  const { settings, signal, once } = work;
  const environment = environmentOf(work, runner);
  if (runner.files) {
    const files = runner.files(settings, chosen);
    if (!files) return { from: "nothing: they are not all SQL", batches: [] };
    const texts = textsIn(await once({ argv: readFiles(files), environment, signal }));
    const readable = await Promise.all(
      [...texts].map(async ([path, sql]) => ((await isSql(sql)) ? [batch(path, sql)] : [])),
    );
    return { from: `${readable.flat().length} of ${plural(files.length, "file")}`, batches: readable.flat() };
  }
  const batches: Batch[] = [];
  for (const argv of runner.print?.(settings, chosen, listed) ?? []) {
    const { code, output } = await once({ argv, environment, signal });
    // Warnings may stand among the statements, and code of the migration may want a database.
    if (code === 0 && (await isSql(output))) batches.push(batch(argv.join(" "), output));
  }
  const from = batches.length > 0 ? `what ${runner.tool} prints` : `nothing: ${runner.tool} prints no SQL for them`;
  return { from, batches };
}

/** Whether they are one transaction is the tool's business. */
function batch(origin: string, sql: string): Batch {
  return { origin, sql, transaction: false };
}

/** What its tool lists, with what is applied. */
export async function readList(
  work: MigrationWork,
  runner: Runner,
  client: pg.Client | undefined,
  environment: Record<string, string>,
): Promise<Listed[]> {
  const argv = runner.list(work.settings);
  const answer = await work.once({ argv, environment, signal: work.signal });
  const listed = runner.parse(answer);
  if (!listed) throw unreadable(work, answer);
  if (!runner.readApplied) return listed;
  if (!client) throw unreachable(work.service, `what ${runner.tool} applied stands only there`);
  return await runner.readApplied(client, listed);
}

export function environmentOf(work: MigrationWork, runner: Runner): Record<string, string> {
  const more = runner.environment(work.limits, applicationName(work), work.environment);
  return { ...work.environment, ...more };
}

/** Runs it to its end; `MigrationFailure` where that is not code 0. */
export async function runProgram(
  work: MigrationWork,
  argv: readonly string[],
  environment: Record<string, string>,
  { client, silent = false }: { client?: pg.Client; silent?: boolean } = {},
): Promise<void> {
  const waited = client && watchLocks(client, applicationName(work));
  const { code, output } = await work
    .once({ argv, environment, signal: work.signal, name: callName(argv) })
    .finally(() => waited?.stop());
  if (code === 0) return;
  const text = work.redact(output);
  const blocker = waited?.last();
  // One that says nothing of why it failed: that it waited for somebody is the best we know.
  const locked = LOCK.test(text) || (silent && blocker !== undefined);
  const reason = silent ? undefined : reasonIn(text);
  const detail = [`exit ${code ?? "by a signal"}`, reason, locked && blocker && `it waited for ${blocker}`];
  throw new MigrationFailure({
    code: locked ? "SM-MIGRATION-LOCK" : "SM-MIGRATION-FAILED",
    message: `${work.service}: the migration failed: ${work.redact(argv.join(" "))}: ${detail.filter(Boolean).join(": ")}`,
    next: locked
      ? "end the session that holds the lock, or deploy when it is quiet"
      : "correct the migration and deploy again; the release before goes on",
    output: lastLines(text),
  });
}

/** The same for the same command, so that another one is not taken for it. */
function callName(argv: readonly string[]): string {
  return `apply-${createHash("sha256").update(argv.join(" ")).digest("hex").slice(0, 8)}`;
}

function unreadable({ service, settings, redact }: MigrationWork, { code, output }: Answer) {
  const text = redact(output);
  return new MigrationFailure({
    code: "SM-MIGRATION-LIST",
    message: `${service}: ${settings.tool} did not say which migrations there are (exit ${code ?? "by a signal"}): ${reasonIn(text) ?? "no output"}`,
    next: "run it in the release by hand; correct `migrate` in the manifest",
    output: lastLines(text),
  });
}

function cannotStop({ service, settings }: MigrationWork): UserError {
  return new UserError({
    code: "SM-MIGRATION-STOP",
    message: `${service}: ${settings.tool} applies all that is pending, and a contract migration is among it`,
    next: "leave the contract migration out of this release, and add it in the next one",
  });
}
