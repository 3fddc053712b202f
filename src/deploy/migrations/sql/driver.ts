import type pg from "pg";
import { ExternalError } from "../../../core/errors.ts";
import { fillAtOnce } from "../backfill.ts";
import { applicationName, withConnection } from "../database.ts";
import { MigrationFailure } from "../failure.ts";
import { watchLocks } from "../lock.ts";
import { retryOnLock } from "../retry.ts";
import { type Selection, schemaState } from "../state.ts";
import type { Migration } from "../types.ts";
import type { Driver, MigrationWork } from "../work.ts";
import { applyFile, isLockTimeout } from "./apply.ts";
import { countLines, readFolder, type SqlFile, sqlFiles } from "./files.ts";
import { createLedger, readLedger, requireUnchanged } from "./ledger.ts";

export interface SqlDriver extends Driver {
  /** After a read. */
  file(id: string): SqlFile | undefined;
}

/** The `.sql` files of the release, carried out from here; what is applied stands in a table beside the data. */
export function sqlDriver(work: MigrationWork, client: pg.Client): SqlDriver {
  let files: SqlFile[] = [];
  const file = (id: string) => files.find((item) => item.id === id);
  const chosen = ({ apply }: Selection) => apply.flatMap(({ id }) => file(id) ?? []);
  return {
    recovers: true,
    file,
    read: async () => {
      if (files.length === 0) files = await filesOf(work);
      const ledger = await readLedger(client);
      requireUnchanged(work.service, files, ledger);
      return schemaState(
        files.map(({ id, kind, checksum }, index): Migration => {
          return { id, position: index + 1, kind, checksum, applied: ledger.get(id)?.applied ?? false };
        }),
      );
    },
    apply: async (selection) => {
      await createLedger(client);
      for (const item of chosen(selection)) await applyOne(work, client, item);
    },
    written: async (selection) => ({
      from: "the files",
      batches: chosen(selection)
        .filter(({ kind }) => kind !== "backfill")
        .map(({ path, sql, transaction }) => ({ origin: path, sql, transaction })),
    }),
  };
}

async function filesOf({ settings, environment, signal, once }: MigrationWork): Promise<SqlFile[]> {
  const counts = await once({ argv: countLines(settings), environment, signal });
  const lines = await once({ argv: readFolder(settings), environment, signal });
  return sqlFiles(settings, { counts, lines });
}

async function applyOne(work: MigrationWork, client: pg.Client, file: SqlFile): Promise<void> {
  const { limits, signal, clock, redact, service } = work;
  const address = work.reachable ?? "";
  const application = applicationName(work);
  const waits = watchLocks(client, application);
  try {
    if (file.kind === "backfill")
      return await withConnection(address, application, (other) => fillAtOnce(other, file, signal));
    await retryOnLock(() => applyFile(file, { address, application, limits, signal }), {
      isLock: isLockTimeout,
      clock,
      signal,
    });
  } catch (error) {
    if (error instanceof ExternalError) throw error;
    if (signal.aborted && !isLockTimeout(error)) throw signal.reason;
    const blocker = waits.last();
    const reason = redact(error instanceof Error ? error.message : String(error));
    throw new MigrationFailure({
      code: isLockTimeout(error) ? "SM-MIGRATION-LOCK" : "SM-MIGRATION-FAILED",
      message: `${service}: ${reason}${blocker ? `; it waited for ${blocker}` : ""}`,
      next: isLockTimeout(error)
        ? "end the session that holds the lock, or deploy when it is quiet"
        : "correct the migration and deploy again; the release before goes on",
      output: [reason],
      cause: error,
    });
  } finally {
    waits.stop();
  }
}
