type Selector =
  | { name: string }
  | { index: number }
  | { slice: [number | undefined, number | undefined, number] }
  | "*";
interface Segment {
  selectors: Selector[];
  /** `..`: what is selected at any depth. */
  deep: boolean;
}

/** A document can be nested so that a path with several `..` selects more values than there is memory. */
const MOST_NODES = 10_000;

const PLAIN = /(\.\.|\.)(?:([\p{L}_$][\p{L}\p{N}_$-]*)|(\*))/uy;
const BRACKET = /(\.\.)?\[\s*/y;
const QUOTED = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y;
const SLICE = /(-?\d+)?\s*:\s*(-?\d+)?(?:\s*:\s*(-?\d+)?)?/y;
const INDEX = /-?\d+/y;
const STAR = /\*/y;
const COMMA = /\s*,\s*/y;
const CLOSE = /\s*\]/y;

/**
 * The values that a path selects, in the order of the document: `status`, `$.a.b[0]`, `$['odd key'][-1]`, `$.parts[*].state`,
 * `$.list[1:3]`, `$..id` (RFC 9535 without filters; `$.` may be left out at the start). None where nothing is there, and for a
 * path that is not one.
 */
export function jsonPath(document: unknown, path: string): unknown[] {
  let nodes = [document];
  for (const { selectors, deep } of parseJsonPath(path) ?? [{ selectors: [], deep: false }]) {
    const from = deep ? descendants(nodes) : nodes;
    nodes = from.flatMap((node) => selectors.flatMap((selector) => select(node, selector))).slice(0, MOST_NODES);
  }
  return nodes;
}

/** The parts of a path; undefined when it is not one. */
export function parseJsonPath(path: string): Segment[] | undefined {
  const text = path.startsWith("$") ? path.slice(1) : path.startsWith("[") ? path : `.${path}`;
  const segments: Segment[] = [];
  const reader = createReader(text);
  while (!reader.ended()) {
    const segment = readSegment(reader);
    if (!segment) return undefined;
    segments.push(segment);
  }
  return segments;
}

type Reader = ReturnType<typeof createReader>;

function createReader(text: string) {
  let at = 0;
  return {
    ended: () => at >= text.length,
    /** The match of a sticky pattern here, and moves behind it. */
    take: (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match) at = pattern.lastIndex;
      return match;
    },
  };
}

function readSegment(reader: Reader): Segment | undefined {
  const plain = reader.take(PLAIN);
  if (plain) return { deep: plain[1] === "..", selectors: [plain[2] === undefined ? "*" : { name: plain[2] }] };
  const bracket = reader.take(BRACKET);
  if (!bracket) return undefined;
  const selectors: Selector[] = [];
  do {
    const selector = readSelector(reader);
    if (selector === undefined) return undefined;
    selectors.push(selector);
  } while (reader.take(COMMA));
  return reader.take(CLOSE) ? { deep: bracket[1] !== undefined, selectors } : undefined;
}

function readSelector(reader: Reader): Selector | undefined {
  if (reader.take(STAR)) return "*";
  const quoted = reader.take(QUOTED);
  if (quoted) return { name: (quoted[1] ?? quoted[2] ?? "").replace(/\\(.)/g, "$1") };
  const slice = reader.take(SLICE);
  if (slice) {
    const [start, end, step = 1] = slice.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
    return { slice: [start, end, step] };
  }
  const index = reader.take(INDEX);
  return index ? { index: Number(index[0]) } : undefined;
}

function select(node: unknown, selector: Selector): unknown[] {
  if (selector === "*") return children(node);
  if ("name" in selector) {
    const { name } = selector;
    const has = typeof node === "object" && node !== null && !Array.isArray(node) && Object.hasOwn(node, name);
    return has ? [(node as Record<string, unknown>)[name]] : [];
  }
  if (!Array.isArray(node)) return [];
  if ("slice" in selector) return sliced(node, selector.slice);
  const index = selector.index < 0 ? node.length + selector.index : selector.index;
  return index in node ? [node[index]] : [];
}

function children(node: unknown): unknown[] {
  return typeof node === "object" && node !== null ? Object.values(node) : [];
}

/** The nodes and all that is in them; without recursion, which a deeply nested document would exhaust. */
function descendants(nodes: readonly unknown[]): unknown[] {
  const found: unknown[] = [];
  const open = nodes.toReversed();
  while (open.length > 0 && found.length < MOST_NODES) {
    const node = open.pop();
    found.push(node);
    for (const child of children(node).reverse()) open.push(child);
  }
  return found;
}

/** Start, end and step as in RFC 9535, section 2.3.4.2. */
function sliced(list: readonly unknown[], [start, end, step]: [number | undefined, number | undefined, number]) {
  if (step === 0) return [];
  const from = (given: number) => (given < 0 ? list.length + given : given);
  const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
  const found: unknown[] = [];
  if (step > 0) {
    const stop = clamp(from(end ?? list.length), 0, list.length);
    for (let at = clamp(from(start ?? 0), 0, list.length); at < stop; at += step) found.push(list[at]);
    return found;
  }
  const stop = end === undefined ? -1 : clamp(from(end), -1, list.length - 1);
  for (let at = clamp(from(start ?? list.length - 1), -1, list.length - 1); at > stop; at += step) found.push(list[at]);
  return found;
}
