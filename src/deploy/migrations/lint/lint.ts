import { clip } from "../../../core/text.ts";
import { type LintContext, remember } from "./context.ts";
import { bodyOf, judge } from "./judge.ts";
import { parseStatements, readBlock, type Statement } from "./parse.ts";
import { RULES, type RuleId } from "./rules.ts";

/** Statements that run together. `transaction`: we run them in one of ours. */
export interface Batch {
  /** For people: a file, or where the statements were seen. */
  origin: string;
  sql: string;
  transaction: boolean;
}

export interface Finding {
  rule: RuleId;
  origin: string;
  statement: string;
  /** What is wrong and what to do instead. */
  message: string;
  /** The reason somebody gave in `-- stationmaster: allow <rule>: <reason>`; null: nobody did. */
  allowed: string | null;
}

const SHOWN = 300;
const ALLOW = /--[^\S\n]*stationmaster:[^\S\n]*allow[^\S\n]+([\w-]+)[^\S\n]*:?[^\S\n]*(\S[^\n]*)?/g;

/**
 * Judges statements in the order they run, against a database that a release is using. `neverNull` are the `table.column`s that a
 * validated check of the database keeps from being null.
 */
export async function lint(
  batches: readonly Batch[],
  { neverNull = [] }: { neverNull?: Iterable<string> } = {},
): Promise<Finding[]> {
  const context: LintContext = { created: new Set(), neverNull: new Set(neverNull), waiting: new Map() };
  const findings: Finding[] = [];
  for (const { origin, sql, transaction } of batches) {
    const statements = await parseStatements(sql, origin);
    for (const statement of statements) {
      const inTransaction = transaction && (statements.length > 1 || !("AlterEnumStmt" in statement.node));
      for (const rule of new Set(judge(statement.node, context, inTransaction)))
        findings.push(finding(rule, statement, origin));
      for (const inner of await innerStatements(statement, origin)) {
        for (const rule of new Set(judge(inner.node, context, true)))
          findings.push(finding(rule, { ...inner, sql: statement.sql }, origin));
        remember(context, inner.node);
      }
      remember(context, statement.node);
    }
  }
  return findings;
}

/** Those that count: nobody gave a reason to let them pass. */
export function unexcused(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ allowed }) => allowed === null);
}

async function innerStatements({ node }: Statement, origin: string): Promise<Statement[]> {
  if (!("DoStmt" in node)) return [];
  const { sql } = readBlock(bodyOf(node.DoStmt.args));
  return (await Promise.all(sql.map((text) => parseStatements(text, origin)))).flat();
}

function finding(rule: RuleId, { sql }: Statement, origin: string): Finding {
  const { message, instead } = RULES[rule];
  const allowance = [...sql.matchAll(ALLOW)].find(([, name]) => name === rule);
  const reason = allowance?.[2]?.trim() ?? null;
  const silent = allowance && !reason ? "; the comment that allows it gives no reason" : "";
  return {
    rule,
    origin,
    statement: clip(withoutComments(sql), SHOWN),
    message: `${message}; ${instead}${silent}`,
    allowed: reason,
  };
}

function withoutComments(sql: string): string {
  return sql
    .replace(/^\s*--[^\n]*\n/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
