import { lazy } from "../../../../core/lazy.ts";
import type { Masked } from "../../../../formats/mask.ts";
import { folderOf, joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { expressionFrom } from "../literals/expression.ts";
import { type Property, propertiesIn, type Span } from "../literals/properties.ts";

/** A file of code, with what its names stand for. */
export interface Module {
  file: string;
  masked: Masked;
  properties(): readonly Property[];
  /** The expression that a variable, or a name taken out of an object, is given; `from` names the object in the second case. */
  variable(name: string): { span: Span; from?: string } | undefined;
  /** The file of the repository that a name is imported from, and its name there (`default`, `*`). */
  imported(name: string): { file: string; name: string } | undefined;
}

const ENDINGS = [
  "",
  ".ts",
  ".js",
  ".mjs",
  ".cjs",
  ".mts",
  ".tsx",
  ".jsx",
  ".json",
  "/index.ts",
  "/index.js",
  "/index.mjs",
];
const known = new WeakMap<Snapshot, Map<string, Module | undefined>>();

/** The module of a file; undefined for what is no text. Imports that do not start with a dot are looked for in `unit` and its `src`. */
export function moduleOf(snapshot: Snapshot, file: string, unit: string): Module | undefined {
  const cache = known.get(snapshot) ?? new Map<string, Module | undefined>();
  known.set(snapshot, cache);
  if (!cache.has(file)) cache.set(file, read(snapshot, file, unit));
  return cache.get(file);
}

function read(snapshot: Snapshot, file: string, unit: string): Module | undefined {
  const masked = snapshot.code(file, "javascript");
  if (!masked) return undefined;
  return {
    file,
    masked,
    properties: lazy(() => propertiesIn(masked)),
    variable: (name) => variableIn(masked, name),
    imported(name) {
      const found = importIn(masked.code, name);
      const path = found && resolve(snapshot, file, found.from, unit);
      return path === undefined ? undefined : { file: path, name: found?.name ?? name };
    },
  };
}

function variableIn(masked: Masked, name: string): { span: Span; from?: string } | undefined {
  const { bare } = masked;
  const escaped = name.replaceAll("$", "\\$");
  const declared = new RegExp(`\\b(?:const|let|var)\\s+${escaped}\\s*(?::[^=;\\n]+)?=(?![=>])`).exec(bare);
  if (declared) return { span: expressionFrom(masked, declared.index + declared[0].length) };
  const taken = new RegExp(`\\b(?:const|let|var)\\s*\\{([^{}]*?)(?<![\\w$.])${escaped}\\s*(=|[,}])`).exec(bare);
  if (taken) {
    const end = bare.indexOf("}", taken.index);
    const object = /^\}\s*(?::[^=]+)?=\s*([\w$.]+)/.exec(bare.slice(end))?.[1];
    const start = taken.index + taken[0].length;
    const span = taken[2] === "=" ? expressionFrom(masked, start) : { from: start, to: start };
    return { span, ...(object === undefined ? {} : { from: object }) };
  }
  // Declared elsewhere in the statement, a parameter with a default, a field of a class.
  const given = new RegExp(`(?<![\\w$.]|\\.\\s)(?:this\\.)?${escaped}\\s*(?::\\s*[\\w<>| ]+)?=(?![=>])`).exec(bare);
  return given ? { span: expressionFrom(masked, given.index + given[0].length) } : undefined;
}

function importIn(code: string, name: string): { from: string; name: string } | undefined {
  const escaped = name.replaceAll("$", "\\$");
  const from = `["']([^"'\\n]+)["']`;
  const rows: [RegExp, (match: RegExpExecArray) => string][] = [
    [new RegExp(`import\\s+${escaped}\\s*(?:,[^;]*?)?\\s*from\\s*${from}`), () => "default"],
    [new RegExp(`import\\s*\\*\\s*as\\s+${escaped}\\s+from\\s*${from}`), () => "*"],
    [
      new RegExp(`(?:const|let|var)\\s+${escaped}\\s*=\\s*require\\(\\s*${from}\\s*\\)(?:\\.default)?\\s*[;\\n]`),
      () => "*",
    ],
  ];
  for (const [expression, nameOf] of rows) {
    const match = expression.exec(code);
    if (match) return { from: match[1] ?? "", name: nameOf(match) };
  }
  const lists = code.matchAll(
    /(?:import\s*(?:[\w$]+\s*,\s*)?|(?:const|let|var)\s*)\{([^{}]*)\}\s*(?:from\s*|=\s*(?:await\s+)?(?:require|import)\(\s*)["']([^"'\n]+)["']/g,
  );
  for (const [, names = "", path = ""] of lists)
    for (const item of names.split(",")) {
      const [own = "", other = own] = item.trim().split(/\s+as\s+|\s*:\s*/);
      if (other === name) return { from: path, name: own };
    }
  return undefined;
}

function resolve(snapshot: Snapshot, file: string, path: string, unit: string): string | undefined {
  const alias = path.replace(/^(?:@\/|~\/|#\/?|@(?=[a-z]+\/)|src\/)/, "");
  const bases = path.startsWith(".")
    ? [joinPath(folderOf(file), path)]
    : [joinPath(unit, path), joinPath(unit, `src/${alias}`), joinPath(unit, alias)];
  for (const base of bases.filter((found) => found !== undefined)) {
    const plain = base.replace(/\.[cm]?js$/, "");
    const found = [...ENDINGS.map((ending) => base + ending), ...ENDINGS.map((ending) => plain + ending)].find((one) =>
      snapshot.has(one),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
