import { hasSqlDetails, loadModule, type Node, parsePlPgSQLSync, parseSync } from "libpg-query";
import { UserError } from "../../../core/errors.ts";
import { clip } from "../../../core/text.ts";

/** One statement as PostgreSQL's own parser reads it. */
export interface Statement {
  /** Its text with the comments before it, without the semicolon. */
  sql: string;
  node: Node;
}

const SHOWN = 80;

/** Splits and parses; `SM-MIGRATION-SYNTAX` where PostgreSQL would not take it. `origin` names the text for people. */
export async function parseStatements(sql: string, origin: string): Promise<Statement[]> {
  await loadModule();
  const bytes = Buffer.from(sql);
  try {
    let end = 0;
    return (parseSync(sql).stmts ?? []).map(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
      // Offsets are bytes. Comments between two statements belong to the second one; the first of them may follow a semicolon.
      const start = end;
      end = length ? from + length : bytes.length;
      const text = bytes.subarray(start, end).toString().replace(/^\s*;/, "").trim();
      return { sql: text, node: stmt as Node };
    });
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    throw new UserError({
      code: "SM-MIGRATION-SYNTAX",
      message: `${origin}: ${error.message} (${near(sql, error.sqlDetails?.cursorPosition ?? 0)})`,
      next: "correct the statement",
      cause: error,
    });
  }
}

/** Whether PostgreSQL's parser takes all of it. */
export async function isSql(text: string): Promise<boolean> {
  await loadModule();
  try {
    parseSync(text);
    return true;
  } catch (error) {
    if (hasSqlDetails(error)) return false;
    throw error;
  }
}

function near(sql: string, position: number): string {
  const line = sql.slice(0, position).split("\n").length;
  return `line ${line}: ${clip(sql.split("\n")[line - 1]?.trim() ?? "", SHOWN)}`;
}

/** What a `DO` block runs: the statements in it, and whether it makes up others while it runs, which nobody can read before. */
export function readBlock(body: string): { sql: string[]; dynamic: boolean } {
  const quote = `$stationmaster_${body.length}$`;
  const parsed: unknown = parsePlPgSQLSync(
    `create function f() returns void language plpgsql as ${quote}${body}${quote}`,
  );
  const found = { sql: [] as string[], dynamic: false };
  collect(parsed, found);
  return found;
}

function collect(value: unknown, found: { sql: string[]; dynamic: boolean }): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === "PLpgSQL_stmt_dynexecute") found.dynamic = true;
    if (key === "PLpgSQL_stmt_execsql") {
      const query = child?.sqlstmt?.PLpgSQL_expr?.query;
      if (typeof query === "string") found.sql.push(query);
    } else collect(child, found);
  }
}
