import type { Node } from "libpg-query";
import { tableName } from "./names.ts";

/** What the statements before have made, so that what nobody uses yet may be changed freely. */
export interface LintContext {
  /** Tables, types and other things made by these very migrations. */
  created: Set<string>;
  /** `table.column` known never to be null by a validated check. */
  neverNull: Set<string>;
  /** Checks of the form `column IS NOT NULL` that wait for their validation: `table.constraint` → `table.column`. */
  waiting: Map<string, string>;
}

/** Takes note of what a statement does, after it was judged. */
export function remember({ created, neverNull, waiting }: LintContext, node: Node): void {
  if ("CreateStmt" in node) created.add(tableName(node.CreateStmt.relation));
  if ("CreateTableAsStmt" in node) created.add(tableName(node.CreateTableAsStmt.into?.rel));
  if ("SelectStmt" in node && node.SelectStmt.intoClause) created.add(tableName(node.SelectStmt.intoClause.rel));
  if ("ViewStmt" in node && !node.ViewStmt.replace) created.add(tableName(node.ViewStmt.view));
  if ("IndexStmt" in node && node.IndexStmt.idxname) created.add(node.IndexStmt.idxname);
  if ("CreateEnumStmt" in node) created.add(lastName(node.CreateEnumStmt.typeName));
  if (!("AlterTableStmt" in node)) return;
  const table = tableName(node.AlterTableStmt.relation);
  for (const command of node.AlterTableStmt.cmds ?? []) {
    if (!("AlterTableCmd" in command)) continue;
    const { subtype, def, name } = command.AlterTableCmd;
    if (subtype === "AT_AddColumn" && def && "ColumnDef" in def) created.add(`${table}.${def.ColumnDef.colname}`);
    if (subtype === "AT_ValidateConstraint") {
      const column = waiting.get(`${table}.${name}`);
      if (column) neverNull.add(column);
    }
    if (subtype !== "AT_AddConstraint" || !def || !("Constraint" in def)) continue;
    const column = notNullColumn(def.Constraint.raw_expr);
    if (def.Constraint.contype !== "CONSTR_CHECK" || !column) continue;
    if (def.Constraint.skip_validation) waiting.set(`${table}.${def.Constraint.conname}`, `${table}.${column}`);
    else neverNull.add(`${table}.${column}`);
  }
}

/** The column of `column IS NOT NULL`, if that is what the expression says. */
export function notNullColumn(expression: Node | undefined): string | undefined {
  if (!expression || !("NullTest" in expression) || expression.NullTest.nulltesttype !== "IS_NOT_NULL")
    return undefined;
  const { arg } = expression.NullTest;
  const field = arg && "ColumnRef" in arg ? arg.ColumnRef.fields?.at(-1) : undefined;
  return field && "String" in field ? field.String.sval : undefined;
}

function lastName(names: readonly Node[] = []): string {
  const last = names.at(-1);
  return last && "String" in last ? (last.String.sval ?? "") : "";
}
