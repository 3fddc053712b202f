import type { Node, RangeVar } from "libpg-query";

/** `public.users` and `users` are one table; other schemas stay. */
export function tableName(relation: RangeVar | undefined): string {
  const { schemaname, relname = "" } = relation ?? {};
  return schemaname && schemaname !== "public" ? `${schemaname}.${relname}` : relname;
}

/** The last parts of a dotted name as the parser gives it, `public` left out. */
export function dottedName(node: Node | undefined): string {
  const items = node && "List" in node ? (node.List.items ?? []) : node ? [node] : [];
  return joined(items);
}

export function joined(items: readonly Node[]): string {
  const parts = items.map((item) => ("String" in item ? (item.String.sval ?? "") : ""));
  if ("TypeName" in (items[0] ?? {}))
    return joined((items[0] as { TypeName: { names?: Node[] } }).TypeName.names ?? []);
  return (parts.length > 1 && parts[0] === "public" ? parts.slice(1) : parts).join(".");
}
