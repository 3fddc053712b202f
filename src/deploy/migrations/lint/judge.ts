import type { DeleteStmt, DropStmt, Node, RenameStmt, UpdateStmt } from "libpg-query";
import { alterTable } from "./alter-table.ts";
import type { LintContext } from "./context.ts";
import { dottedName, tableName } from "./names.ts";
import { readBlock } from "./parse.ts";
import type { RuleId } from "./rules.ts";

/** Things whose absence no statement of an application notices, or that keep their meaning without a name. */
const HARMLESS_DROPS = ["OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE", "OBJECT_PUBLICATION", "OBJECT_STATISTIC_EXT"];
const NAMES_NOBODY_CALLS = ["OBJECT_TABCONSTRAINT", "OBJECT_INDEX", "OBJECT_TRIGGER", "OBJECT_POLICY"];

/** The rules one statement breaks. `inTransaction`: it runs in one with others. Pure. */
export function judge(node: Node, context: LintContext, inTransaction: boolean): RuleId[] {
  const isNew = (name: string) => context.created.has(name);
  if ("AlterTableStmt" in node) return alterTable(node.AlterTableStmt, context);
  if ("DropStmt" in node) return drop(node.DropStmt, isNew, inTransaction);
  if ("RenameStmt" in node) return rename(node.RenameStmt, isNew);
  if ("AlterObjectSchemaStmt" in node) return ["rename"];
  if ("IndexStmt" in node) {
    const { concurrent, relation } = node.IndexStmt;
    if (concurrent) return inTransaction ? ["concurrently-in-transaction"] : [];
    return isNew(tableName(relation)) ? [] : ["index-lock"];
  }
  if ("ReindexStmt" in node) return hasOption(node.ReindexStmt.params, "concurrently") ? [] : ["index-lock"];
  if ("TruncateStmt" in node)
    return (node.TruncateStmt.relations ?? []).every((item) => "RangeVar" in item && isNew(tableName(item.RangeVar)))
      ? []
      : ["truncate"];
  if ("VacuumStmt" in node) return hasOption(node.VacuumStmt.options, "full") ? ["exclusive-lock"] : [];
  if ("ClusterStmt" in node || "LockStmt" in node) return ["exclusive-lock"];
  if ("RefreshMatViewStmt" in node) return node.RefreshMatViewStmt.concurrent ? [] : ["refresh-lock"];
  if ("AlterEnumStmt" in node) return node.AlterEnumStmt.oldVal ? ["rename"] : inTransaction ? ["enum-value"] : [];
  if ("TransactionStmt" in node) return inTransaction ? ["transaction-control"] : [];
  if ("DoStmt" in node) return readBlock(bodyOf(node.DoStmt.args)).dynamic ? ["dynamic-sql"] : [];
  return wholeTableWrites(node).some((name) => !isNew(name)) ? ["table-wide-write"] : [];
}

/** The text of a `DO` block. */
export function bodyOf(args: readonly Node[] = []): string {
  for (const item of args)
    if ("DefElem" in item && item.DefElem.defname === "as" && item.DefElem.arg && "String" in item.DefElem.arg)
      return item.DefElem.arg.String.sval ?? "";
  return "";
}

function drop(
  { removeType = "OBJECT_TABLE", objects = [], concurrent }: DropStmt,
  isNew: (name: string) => boolean,
  inTransaction: boolean,
): RuleId[] {
  if (HARMLESS_DROPS.includes(removeType) || objects.every((item) => isNew(dottedName(item)))) return [];
  if (removeType !== "OBJECT_INDEX") return ["drop"];
  if (!concurrent) return ["index-drop-lock"];
  return inTransaction ? ["concurrently-in-transaction"] : [];
}

function rename(
  { renameType = "OBJECT_TABLE", relation, subname }: RenameStmt,
  isNew: (name: string) => boolean,
): RuleId[] {
  const table = tableName(relation);
  return NAMES_NOBODY_CALLS.includes(renameType) || isNew(table) || isNew(`${table}.${subname}`) ? [] : ["rename"];
}

function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  return (options ?? []).some((item) => {
    if (!("DefElem" in item) || item.DefElem.defname !== name) return false;
    const { arg } = item.DefElem;
    return !(arg && "String" in arg && /^(?:off|false|0)$/.test(arg.String.sval ?? ""));
  });
}

/** Tables of which every row is changed, also by a part of a WITH. */
function wholeTableWrites(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const inner = wholeTableWrites(child);
    if (key !== "UpdateStmt" && key !== "DeleteStmt") return inner;
    const { whereClause, relation } = child as UpdateStmt | DeleteStmt;
    return whereClause ? inner : [tableName(relation), ...inner];
  });
}
