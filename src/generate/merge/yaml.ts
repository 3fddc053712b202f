import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLSeq,
} from "yaml";
import { type Merged, mergeLines, type Texts } from "./lines.ts";
import { type Change, mergeValues } from "./values.ts";

/** How the generator writes YAML; a document that people wrote keeps its own look as far as the library allows. */
const LOOK = { lineWidth: 0, flowCollectionPadding: true } as const;

/**
 * Three-way merge of YAML with one or several documents: lines where that says the same as the data, so that nothing else of the
 * file moves; by key path otherwise. Undefined where one side is no YAML.
 */
export function mergeYaml(texts: Texts): Merged | undefined {
  const [base, current, next] = [texts.base, texts.current, texts.next].map(documentsOf);
  if (!base || !current || !next || base.length !== current.length || next.length !== current.length) return undefined;
  const merges = current.map((document, index) => {
    const mine = document.toJS() as unknown;
    return mergeValues({ base: base[index]?.toJS(), current: mine, next: next[index]?.toJS() });
  });
  const byLines = mergeLines(texts);
  const agreed = documentsOf(byLines.text)?.map((document) => document.toJS() as unknown);
  const wanted = merges.map(({ value }) => value);
  if (byLines.conflicts.length === 0 && isDeepStrictEqual(agreed, wanted)) return byLines;
  for (const [index, document] of current.entries())
    for (const change of ordered(merges[index]?.changes ?? [])) apply(document, change, next[index] as Document);
  const text = current.map((document) => document.toString(LOOK)).join("");
  // A comment is an edit too: rather a file for people to look at than one without it.
  const lost = commentsOf(texts.current).filter((line) => !texts.base.includes(line) && !text.includes(line));
  if (lost.length > 0) return { text: texts.current, conflicts: lost.map((line) => `what \`${line}\` stands at`) };
  return { text, conflicts: merges.flatMap(({ conflicts }) => conflicts) };
}

function commentsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|\s)(#.*)$/gm)].map(([, comment = ""]) => comment.trim());
}

function documentsOf(text: string): Document[] | undefined {
  const parts = text.split(/^(?=---(?:\s|$))/m).filter((part, index) => index > 0 || part.trim() !== "");
  const documents = parts.map((part) => parseDocument(part, { keepSourceTokens: true }));
  return documents.some(({ errors }) => errors.length > 0) ? undefined : documents;
}

/** Removals of list entries from the end, so that the places of the others stay. */
function ordered(changes: readonly Change[]): Change[] {
  const removals = changes.filter((change) => "remove" in change);
  return [
    ...changes.filter((change) => "set" in change),
    ...removals.reverse(),
    ...changes.filter((change) => "insert" in change),
  ];
}

function apply(document: Document, change: Change, next: Document): void {
  if ("remove" in change) document.deleteIn(change.path);
  else if ("set" in change) {
    const old = document.getIn(change.path, true);
    // A value in place keeps its comment and its quotes.
    if (isScalar(old) && !isObject(change.set)) old.value = change.set;
    else if (isSeq(old) && Array.isArray(change.set)) refill(document, old, change.set);
    else if (change.path.length === 0) document.contents = next.contents as never;
    else document.setIn(change.path, document.createNode(change.set));
  } else insert(document, change, next);
}

/** Other entries in a list: those that stay, and those that change in place, keep their comments. */
function refill(document: Document, list: YAMLSeq, values: readonly unknown[]): void {
  const old = list.items as Node[];
  const left = new Set(old.keys());
  const take = (index: number) => {
    left.delete(index);
    return old[index] as Node;
  };
  const found = values.map((value) => {
    const index = [...left].find((at) => isDeepStrictEqual(old[at]?.toJS(document), value));
    return index === undefined ? undefined : take(index);
  });
  list.items = values.map((value, index) => {
    const node = found[index];
    if (node) return node;
    const place = left.has(index) ? old[index] : undefined;
    if (!isScalar(place) || isObject(value)) return document.createNode(value);
    take(index);
    place.value = value;
    return place;
  });
}

function insert(document: Document, change: Extract<Change, { insert: unknown }>, next: Document): void {
  const parent = change.path.length === 0 ? document.contents : document.getIn(change.path, true);
  if (isSeq(parent)) parent.items.splice(Number(change.key), 0, document.createNode(change.insert));
  else if (isMap(parent)) {
    const at = parent.items.findIndex(({ key }) => isScalar(key) && String(key.value) === String(change.after));
    const pair = document.createPair(change.key, change.insert) as Pair<never, never>;
    const comment = commentOf(next, [...change.path, change.key]);
    if (comment) (pair.key as unknown as Node).commentBefore = comment;
    parent.items.splice(change.after === null ? 0 : at + 1, 0, pair);
  } else if (parent === null || parent === undefined || !isCollection(parent))
    document.setIn([...change.path, change.key], document.createNode(change.insert));
}

function commentOf(document: Document, path: readonly (string | number)[]): string | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const key = parent.items.find(({ key: name }) => isScalar(name) && name.value === path.at(-1))?.key as
    | Node
    | undefined;
  return key?.commentBefore ?? undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
