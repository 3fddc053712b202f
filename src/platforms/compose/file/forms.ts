import type { MapTree, Tree } from "./tree.ts";

type Form = (tree: Tree) => Tree;

/** Short forms of service keys brought into the long one, so that services merge key by key. */
const FORMS: Record<string, Form> = {
  annotations: pairs("="),
  build: underKey("context"),
  depends_on: names((line) => map(line, [["condition", text(line, "service_started")]])),
  dns: asList,
  dns_search: asList,
  env_file: asList,
  environment: pairs("="),
  extends: underKey("service"),
  extra_hosts: pairs("=", ":"),
  labels: pairs("="),
  networks: names((line) => text(line, null)),
  sysctls: pairs("="),
  tmpfs: asList,
};
const BUILD_FORMS: Record<string, Form> = { args: pairs("="), labels: pairs("="), extra_hosts: pairs("=", ":") };

/** A service with its short forms written out. Values of a wrong type stay as they are: the schema names them. */
export function longForms(service: MapTree): MapTree {
  const long = reshape(service, FORMS);
  const build = long.entries.get("build");
  if (build?.kind === "map") long.entries.set("build", reshape(build, BUILD_FORMS));
  return long;
}

function reshape(tree: MapTree, forms: Record<string, Form>): MapTree {
  const entries = [...tree.entries].map(([key, value]) => [key, forms[key]?.(value) ?? value] as const);
  return { ...tree, entries: new Map(entries) };
}

function text(line: number, value: string | null, raw?: string): Tree {
  return { kind: "text", line, value, ...(raw === undefined ? {} : { raw }) };
}

function map(line: number, entries: [string, Tree][]): MapTree {
  return { kind: "map", line, entries: new Map(entries) };
}

function asList(tree: Tree): Tree {
  return tree.kind === "text" && typeof tree.value === "string"
    ? { kind: "list", line: tree.line, items: [tree] }
    : tree;
}

function underKey(key: string): Form {
  return (tree) => (tree.kind === "text" && typeof tree.value === "string" ? map(tree.line, [[key, tree]]) : tree);
}

/** `[a, b]` as a mapping from each name. */
function names(value: (line: number) => Tree): Form {
  return (tree) => {
    const list = textsOf(tree);
    return list
      ? map(
          tree.line,
          list.map((item) => [item.value, value(item.line)]),
        )
      : tree;
  };
}

/** `[NAME=value, NAME]` as a mapping; a name without value has none. */
function pairs(...separators: string[]): Form {
  return (tree) => {
    const list = textsOf(tree);
    if (!list) return tree;
    const entries = list.map((item): [string, Tree] => {
      const [name, value] = cut(item.value, separators);
      return [name, text(item.line, value, item.raw && (cut(item.raw, separators)[1] ?? undefined))];
    });
    return map(tree.line, entries);
  };
}

function cut(item: string, separators: string[]): [string, string | null] {
  const separator = separators.find((candidate) => item.includes(candidate));
  if (separator === undefined) return [item, null];
  const at = item.indexOf(separator);
  return [item.slice(0, at), item.slice(at + separator.length)];
}

function textsOf(tree: Tree): { value: string; raw?: string; line: number }[] | undefined {
  if (tree.kind !== "list") return undefined;
  const texts = tree.items.flatMap((item) =>
    item.kind === "text" && typeof item.value === "string" ? [{ ...item, value: item.value }] : [],
  );
  return texts.length === tree.items.length ? texts : undefined;
}
