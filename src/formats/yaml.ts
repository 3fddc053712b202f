import type { LineCounter, Node, Document as YamlDocument } from "yaml";
import { isTooDeep, TOO_DEEP } from "./depth.ts";
import { type Document, type Path, type Place, unreadable } from "./document.ts";
import { yamlLibrary } from "./libraries.ts";

// An alias bomb of a few lines grows without bound; a real file has some dozens.
const MOST_ALIASES = 1_000;
const OPTIONS = { prettyErrors: false, uniqueKeys: false, merge: true, logLevel: "silent" } as const;

/** Reads the first document of a YAML text. Never throws. */
export function parseYaml(text: string): Document {
  return parseYamlStream(text)[0] ?? { value: undefined, problems: [], place: () => undefined };
}

/** Reads each document of a YAML text. Never throws. */
export function parseYamlStream(text: string): Document[] {
  const { LineCounter, parseAllDocuments } = yamlLibrary();
  const lines = new LineCounter();
  try {
    const found = parseAllDocuments(text, { ...OPTIONS, lineCounter: lines });
    return (Array.isArray(found) ? found : []).map((document) => read(document, lines));
  } catch (error) {
    return [unreadable({ message: messageOf(error), line: 1, column: 1 })];
  }
}

function read(document: YamlDocument.Parsed, lines: LineCounter): Document {
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = document.errors.map(({ message, pos }) => ({ message, ...at(pos[0]) }));
  try {
    const value: unknown = problems.length > 0 ? undefined : document.toJS({ maxAliasCount: MOST_ALIASES });
    if (isTooDeep(value)) return unreadable({ message: TOO_DEEP, ...at(0) });
    return {
      value,
      problems,
      place: (path) => {
        const offset = offsetOf(document.contents, path);
        return offset === undefined ? undefined : at(offset);
      },
    };
  } catch (error) {
    return unreadable({ message: messageOf(error), line: 1, column: 1 });
  }
}

function offsetOf(contents: Node | null, path: Path): number | undefined {
  const { isMap, isScalar, isSeq } = yamlLibrary();
  let node: unknown = contents;
  let offset = contents?.range?.[0];
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key: name }) => isScalar(name) && String(name.value) === String(key));
      if (!pair) return undefined;
      offset = (pair.key as Node).range?.[0];
      node = pair.value;
    } else if (isSeq(node) && typeof key === "number") {
      node = node.items[key];
      if (node === undefined) return undefined;
      offset = (node as Node).range?.[0];
    } else return undefined;
  }
  return offset;
}

function messageOf(error: unknown): string {
  if (error instanceof RangeError) return TOO_DEEP;
  return error instanceof Error ? error.message : String(error);
}
