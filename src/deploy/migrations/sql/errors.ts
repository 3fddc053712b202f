import { ExternalError } from "../../../core/errors.ts";
import { clip } from "../../../core/text.ts";
import type { SqlFile } from "./files.ts";
import { LEDGER } from "./ledger.ts";

const SHOWN = 200;

/** PostgreSQL refused a statement of a file. */
export class StatementError extends Error {
  constructor(file: SqlFile, index: number, sql: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${file.path}, statement ${index + 1} (${shown(sql)}): ${reason}`, { cause });
  }
}

/** `SM-MIGRATION-HALF`: a statement outside of a transaction was cut off, and it is not one that can be repeated. */
export function halfDone(file: SqlFile, index: number, sql: string, cause?: unknown): ExternalError {
  return new ExternalError({
    code: "SM-MIGRATION-HALF",
    message: `${file.path}: statement ${index + 1} (${shown(sql)}) was cut off and nobody knows whether it took effect`,
    next: `look at the database; then, to run it: update ${LEDGER} set in_flight = false where id = '${file.id}'; to go on after it: set statements = ${index + 1} as well`,
    cause,
  });
}

function shown(sql: string): string {
  return clip(sql.replace(/\s+/g, " "), SHOWN);
}
