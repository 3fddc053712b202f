import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, Node } from "libpg-query";
import type { LintContext } from "./context.ts";
import { joined, tableName } from "./names.ts";
import type { RuleId } from "./rules.ts";

/** Evaluated once for the whole statement, so that PostgreSQL stores the value instead of rewriting the table. */
const STABLE = new Set([
  "now",
  "statement_timestamp",
  "transaction_timestamp",
  "current_setting",
  "to_timestamp",
  "make_interval",
  "jsonb_build_object",
  "jsonb_build_array",
  "json_build_object",
  "array",
  "lower",
  "upper",
  "concat",
  "coalesce",
  "date_trunc",
  "timezone",
]);
const SERIAL = /^(?:big|small)?serial[248]?$/;

type Judge = (command: AlterTableCmd, table: string, context: LintContext) => RuleId[];

const SUBTYPES: Partial<Record<NonNullable<AlterTableCmd["subtype"]>, Judge>> = {
  AT_DropColumn: ({ name }, table, { created }) => (created.has(`${table}.${name}`) ? [] : ["drop"]),
  AT_AlterColumnType: () => ["type-change"],
  AT_SetNotNull: ({ name }, table, { neverNull }) => (neverNull.has(`${table}.${name}`) ? [] : ["not-null"]),
  AT_AddColumn: ({ def }) => (def && "ColumnDef" in def ? column(def.ColumnDef) : []),
  AT_AddConstraint: ({ def }) => (def && "Constraint" in def ? constraint(def.Constraint) : []),
  AT_SetLogged: () => ["rewrite"],
  AT_SetUnLogged: () => ["rewrite"],
  AT_SetTableSpace: () => ["rewrite"],
  AT_SetAccessMethod: () => ["rewrite"],
  AT_SetExpression: () => ["rewrite"],
};

/** The rules that the parts of an ALTER TABLE break. What these migrations made themselves nobody uses yet. */
export function alterTable({ relation, cmds = [], objtype }: AlterTableStmt, context: LintContext): RuleId[] {
  const table = tableName(relation);
  if (context.created.has(table) || objtype === "OBJECT_INDEX" || objtype === "OBJECT_SEQUENCE") return [];
  return cmds.flatMap((command) => {
    if (!("AlterTableCmd" in command)) return [];
    const { subtype } = command.AlterTableCmd;
    return (subtype && SUBTYPES[subtype]?.(command.AlterTableCmd, table, context)) ?? [];
  });
}

function column({ constraints = [], typeName }: ColumnDef): RuleId[] {
  const all = constraints.flatMap((node) => ("Constraint" in node ? [node.Constraint] : []));
  const has = (type: Constraint["contype"]) => all.find(({ contype }) => contype === type);
  const initial = has("CONSTR_DEFAULT");
  const made = has("CONSTR_IDENTITY") || SERIAL.test(joined(typeName?.names ?? []));
  const generated = has("CONSTR_GENERATED");
  const found: RuleId[] = [];
  if (made || (initial?.raw_expr && isVolatile(initial.raw_expr))) found.push("volatile-default");
  if (generated && generated.generated_kind !== "v") found.push("rewrite");
  if (has("CONSTR_PRIMARY") || has("CONSTR_UNIQUE")) found.push("unique-lock");
  if (has("CONSTR_CHECK") || (initial && has("CONSTR_FOREIGN"))) found.push("not-valid");
  if (has("CONSTR_NOTNULL") && !initial && !made && !generated) found.push("not-null-column");
  return found;
}

function constraint({ contype, skip_validation, indexname }: Constraint): RuleId[] {
  if (contype === "CONSTR_UNIQUE" || contype === "CONSTR_PRIMARY") return indexname ? [] : ["unique-lock"];
  if (contype === "CONSTR_EXCLUSION") return ["unique-lock"];
  if (skip_validation) return [];
  if (contype === "CONSTR_NOTNULL") return ["not-null"];
  return contype === "CONSTR_CHECK" || contype === "CONSTR_FOREIGN" ? ["not-valid"] : [];
}

/** A function that is not known to be stable counts as volatile; so does one of the user's own. */
function isVolatile(expression: Node): boolean {
  return [...functionCalls(expression)].some((name) => !STABLE.has(name));
}

function* functionCalls(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === "FuncCall") yield joined(child.funcname ?? []).replace(/^pg_catalog\./, "");
    yield* functionCalls(child);
  }
}
