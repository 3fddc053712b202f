import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar } from "yaml";
import type { Mistake } from "../../../config/problem.ts";

/** YAML with the line of every value (of its key, where it has one). Anchors and merges are resolved. */
export type Tree = { line: number } & (
  | { kind: "text"; value: string | number | boolean | null /** Before variables were replaced. */; raw?: string }
  | { kind: "list"; items: Tree[] }
  | { kind: "map"; entries: Map<string, Tree> }
);
export type MapTree = Extract<Tree, { kind: "map" }>;

const MOST_NODES = 100_000;

interface Reading {
  document: ReturnType<typeof parseDocument>;
  lineOf(node: Node | null | undefined): number | undefined;
  /** Aliases can make a short file long without end. */
  left: { nodes: number };
  open: Set<Node>;
}

/** What a file says, or the first thing in it that is not YAML as Compose reads it. */
export function readTree(text: string): { tree: MapTree } | { mistake: Mistake; line: number } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax) return wrong(lines.linePos(syntax.pos[0]).line, syntax.message, "correct the YAML");
  const lineOf = (node: Node | null | undefined) => (node?.range ? lines.linePos(node.range[0]).line : undefined);
  const reading: Reading = { document, lineOf, left: { nodes: MOST_NODES }, open: new Set() };
  const tree = treeOf(document.contents, 1, reading);
  if ("mistake" in tree) return tree;
  if (tree.kind !== "map") return wrong(1, "the file must be a mapping with services", "is this a Compose file?");
  return { tree };
}

function wrong(line: number, message: string, next: string) {
  return { mistake: { code: "SM-COMPOSE-YAML", at: [], message, next }, line };
}

type Read<T = Tree> = T | ReturnType<typeof wrong>;

function treeOf(node: unknown, line: number, reading: Reading): Read {
  if (isAlias(node)) return aliased(node.resolve(reading.document), line, reading);
  if (--reading.left.nodes < 0)
    return wrong(line, "the YAML aliases expand to too much", "write the repeated parts out");
  const tag = (node as Node | null)?.tag;
  if (tag && !tag.startsWith("tag:yaml.org,2002:"))
    return wrong(line, `the tag ${tag} has no meaning here`, "it is for several Compose files; write the value out");
  if (isMap(node)) return mapOf(node.items, line, reading);
  if (isSeq(node)) {
    const items = node.items.map((item) => treeOf(item, reading.lineOf(item as Node) ?? line, reading));
    return items.find((item) => "mistake" in item) ?? { kind: "list", line, items: items as Tree[] };
  }
  return { kind: "text", line, value: isScalar(node) ? scalar(node) : null };
}

/** An anchor's values keep its lines, so that an error points at what has to be changed. */
function aliased(node: Node | undefined, line: number, reading: Reading): Read {
  if (!node) return wrong(line, "the alias names no anchor before it", "correct its name");
  if (reading.open.has(node)) return wrong(line, "the alias is inside of its own anchor", "write the value out");
  reading.open.add(node);
  const tree = treeOf(node, line, reading);
  reading.open.delete(node);
  return tree;
}

function mapOf(pairs: Pair[], line: number, reading: Reading): Read<MapTree> {
  const entries = new Map<string, Tree>();
  const merged: Tree[] = [];
  for (const { key, value } of pairs) {
    const name = isScalar(key) ? String(key.value) : "";
    const at = reading.lineOf(key as Node) ?? line;
    if (!name || name === "__proto__") return wrong(at, `"${name}" cannot be a key`, "correct it");
    const tree = treeOf(value, at, reading);
    if ("mistake" in tree) return tree;
    if (name === "<<") merged.push(...(tree.kind === "list" ? tree.items : [tree]));
    else entries.set(name, tree);
  }
  // What is written out wins, then the first of several (yaml.org/type/merge).
  for (const tree of merged) {
    if (tree.kind !== "map") return wrong(tree.line, "<< takes a mapping or a list of mappings", "correct the alias");
    for (const [name, value] of tree.entries) if (!entries.has(name)) entries.set(name, value);
  }
  return { kind: "map", line, entries };
}

/** Compose reads YAML with Go: a leading zero means octal, and whole numbers of any length stay what they are. */
function scalar({ value, source, type }: Scalar): string | number | boolean | null {
  if (type === "PLAIN" && source && /^0[0-7]+$/.test(source)) return Number.parseInt(source, 8);
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
    return source ?? String(value);
  return typeof value === "number" || typeof value === "boolean" || value === null ? value : String(value);
}

/** The plain data; `raw`: with variables as they are written. */
export function toData(tree: Tree, raw = false): unknown {
  if (tree.kind === "text") return raw ? (tree.raw ?? tree.value) : tree.value;
  if (tree.kind === "list") return tree.items.map((item) => toData(item, raw));
  return Object.fromEntries([...tree.entries].map(([key, value]) => [key, toData(value, raw)]));
}

/** The line of a place; of the nearest thing around it where it is missing. */
export function lineOf(tree: Tree, at: readonly PropertyKey[]): number {
  let current = tree;
  for (const key of at) {
    const next = child(current, key);
    if (!next) break;
    current = next;
  }
  return current.line;
}

/** What is at a key or index. */
export function child(tree: Tree | undefined, key: PropertyKey): Tree | undefined {
  if (tree?.kind === "map") return tree.entries.get(String(key));
  return tree?.kind === "list" ? tree.items[Number(key)] : undefined;
}

/** The same tree with its texts replaced. */
export function mapTexts(
  tree: Tree,
  replace: (text: string, at: PropertyKey[]) => string,
  at: PropertyKey[] = [],
): Tree {
  if (tree.kind === "list")
    return { ...tree, items: tree.items.map((item, index) => mapTexts(item, replace, [...at, index])) };
  if (tree.kind === "map")
    return {
      ...tree,
      entries: new Map([...tree.entries].map(([key, value]) => [key, mapTexts(value, replace, [...at, key])])),
    };
  return typeof tree.value === "string" ? { ...tree, value: replace(tree.value, at), raw: tree.value } : tree;
}
