import type { Node } from "libpg-query";
import type pg from "pg";

/** Whether a statement that may have run already can be run again. */
export function isRepeatable(node: Node): boolean {
  if ("ReindexStmt" in node || "VacuumStmt" in node || "RefreshMatViewStmt" in node) return true;
  if ("DropStmt" in node) return node.DropStmt.missing_ok ?? false;
  if ("IndexStmt" in node) return Boolean(node.IndexStmt.idxname);
  if ("CreateStmt" in node) return node.CreateStmt.if_not_exists ?? false;
  if ("AlterEnumStmt" in node) return node.AlterEnumStmt.skipIfNewValExists ?? false;
  if (!("AlterTableStmt" in node)) return false;
  return (node.AlterTableStmt.cmds ?? []).every(
    (command) =>
      "AlterTableCmd" in command &&
      (command.AlterTableCmd.missing_ok || command.AlterTableCmd.subtype === "AT_ValidateConstraint"),
  );
}

/** Statements that block nobody while they wait or work: they have all the time there is. */
export function isPatient(node: Node): boolean {
  if ("IndexStmt" in node) return node.IndexStmt.concurrent ?? false;
  if ("DropStmt" in node) return node.DropStmt.concurrent ?? false;
  return "ReindexStmt" in node || "RefreshMatViewStmt" in node || "VacuumStmt" in node;
}

/**
 * Before an index is built (again): an attempt that failed leaves an invalid one under its name, which is dropped here. True when a
 * valid one stands there, so that nothing is left to do.
 */
export async function observeIndex(client: pg.ClientBase, node: Node): Promise<boolean> {
  if (!("IndexStmt" in node) || !node.IndexStmt.idxname) return false;
  const { idxname, relation } = node.IndexStmt;
  const { rows } = await client.query<{ valid: boolean; name: string }>(
    `select i.indisvalid as valid, i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relname = $1 and i.indrelid = to_regclass($2)`,
    [
      idxname,
      [relation?.schemaname, relation?.relname]
        .filter(Boolean)
        .map((part) => `"${part}"`)
        .join("."),
    ],
  );
  const found = rows[0];
  if (found && !found.valid) await client.query(`drop index concurrently if exists ${found.name}`);
  return found?.valid ?? false;
}
