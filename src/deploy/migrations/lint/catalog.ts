import type pg from "pg";
import { notNullColumn } from "./context.ts";
import { parseStatements } from "./parse.ts";

/** `table.column` that a validated check of the database keeps from being null, named as the linter names them. */
export async function neverNullColumns(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ schema: string; name: string; check: string }>(
    `select s.nspname as schema, c.relname as name, pg_get_constraintdef(o.oid) as check
     from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace s on s.oid = c.relnamespace
     where o.contype = 'c' and o.convalidated`,
  );
  const found = await Promise.all(
    rows.map(async ({ schema, name, check }) => {
      const column = await checkedColumn(check);
      return column ? [`${schema === "public" ? "" : `${schema}.`}${name}.${column}`] : [];
    }),
  );
  return found.flat();
}

async function checkedColumn(check: string): Promise<string | undefined> {
  const [statement] = await parseStatements(`alter table t add ${check}`, "a check");
  if (!statement || !("AlterTableStmt" in statement.node)) return undefined;
  const command = statement.node.AlterTableStmt.cmds?.[0];
  const def = command && "AlterTableCmd" in command ? command.AlterTableCmd.def : undefined;
  return def && "Constraint" in def ? notNullColumn(def.Constraint.raw_expr) : undefined;
}
