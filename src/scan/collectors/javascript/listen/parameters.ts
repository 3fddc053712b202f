import { baseOf, folderOf } from "../../../../formats/tree.ts";
import { hitsIn } from "../../../search.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { argumentsAt } from "../literals/expression.ts";
import { propertyAt, type Span } from "../literals/properties.ts";
import { filesWith } from "./candidates.ts";
import { type Module, moduleOf } from "./module.ts";

/** What a caller hands over for a parameter. */
interface Given {
  module: Module;
  span: Span;
  /** Keys of the object that was handed over, where it is a name and not a literal. */
  keys: readonly string[];
}

const NO_NAMES = new Set(["if", "for", "while", "switch", "catch", "return", "function", "await"]);

/** What the calls of a function, or of a class, hand over for one of its parameters or for the keys of one. */
export function givenFor(
  { snapshot, unit, module }: { snapshot: Snapshot; unit: string; module: Module },
  name: string,
  keys: readonly string[],
): Given[] {
  const found = parameterIn(module, name);
  if (!found) return [];
  const wanted = found.key === undefined ? keys : [found.key, ...keys];
  const calls = [...new Set([module.file, ...callers(snapshot, unit, module)])].flatMap((file) => {
    const other = moduleOf(snapshot, file, unit);
    return other ? callsIn(other, found, module) : [];
  });
  return calls.flatMap(({ module: other, arguments: given }): Given[] => {
    const argument = given[found.index];
    if (!argument) return [];
    if (other.masked.bare[argument.from] !== "{") return [{ module: other, span: argument, keys: wanted }];
    const inside = other.properties().filter(({ keyAt }) => keyAt > argument.from && keyAt < argument.to);
    const depth = Math.min(...inside.map(({ path }) => path.length)) - 1;
    const span = propertyAt(
      inside.map((property) => ({ ...property, path: property.path.slice(depth) })),
      wanted,
    );
    return wanted.length > 0 && span ? [{ module: other, span, keys: [] }] : [];
  });
}

interface Parameter {
  /** The function or class. */
  called: string;
  isClass: boolean;
  index: number;
  /** The key of the object that the parameter takes apart. */
  key: string | undefined;
  /** Offset of its declaration. */
  at: number;
}

const known = new WeakMap<Module, Map<string, Parameter | undefined>>();

function parameterIn(module: Module, name: string): Parameter | undefined {
  const cache = known.get(module) ?? new Map<string, Parameter | undefined>();
  known.set(module, cache);
  if (!cache.has(name)) cache.set(name, declaredIn(module, name));
  return cache.get(name);
}

function declaredIn({ masked: { bare }, file }: Module, name: string): Parameter | undefined {
  const escaped = name.replaceAll("$", "\\$");
  const declared = new RegExp(
    `(?:function\\s*\\*?\\s*([\\w$]+)|([\\w$]+)\\s*[:=]\\s*(?:async\\s*)?(?:function\\s*[\\w$]*\\s*)?|(?<![\\w$.])([\\w$]+))\\s*(?:<[^<>()]*>)?\\(([^()]*(?<![\\w$.])${escaped}(?![\\w$])[^()]*)\\)\\s*(?::\\s*[\\w<>\\[\\]| .]+)?\\s*(?:=>|\\{)`,
    "g",
  );
  for (const { match } of hitsIn(bare, declared, file)) {
    const own = match[1] ?? match[2] ?? match[3] ?? "";
    if (NO_NAMES.has(own)) continue;
    const parts = listed(match[4] ?? "");
    const index = parts.findIndex((part) => new RegExp(`(?<![\\w$.])${escaped}(?![\\w$])`).test(part));
    const isClass = own === "constructor";
    const called = isClass ? [...bare.slice(0, match.index).matchAll(/\bclass\s+([\w$]+)/g)].at(-1)?.[1] : own;
    if (called === undefined || index === -1) continue;
    const part = parts[index] as string;
    const alias = new RegExp(`([\\w$]+)\\s*:\\s*${escaped}(?![\\w$])`).exec(part)?.[1];
    return { called, isClass, index, key: part.trim().startsWith("{") ? (alias ?? name) : undefined, at: match.index };
  }
  return undefined;
}

/** Files that may call it: they import the file that hands it out. */
function callers(snapshot: Snapshot, unit: string, { file }: Module): string[] {
  const base = baseOf(file).replace(/\.[cm]?[jt]sx?$/, "");
  const name = (base === "index" ? baseOf(folderOf(file)) : base).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return filesWith(
    { snapshot, unit },
    /./,
    new RegExp(`["'](?:[^"'\\n]*[/@~])?${name}(?:\\.[cm]?[jt]s|/index(?:\\.[cm]?[jt]s)?)?/?["']`),
  );
}

function callsIn(
  other: Module,
  { called, isClass, at }: Parameter,
  home: Module,
): { module: Module; arguments: Span[] }[] {
  const { masked, file } = other;
  const imports = /(?:import|const|let|var)\s+([\w$]+)\s*(?:from\s*|=\s*require\()["']/g;
  const renamed = [...masked.code.matchAll(imports)]
    .map(([, name = ""]) => name)
    .filter((name) => other !== home && other.imported(name)?.file === home.file);
  const names = [called, ...renamed].map((name) => name.replaceAll("$", "\\$")).join("|");
  const before = isClass ? "\\bnew\\s+(?:[\\w$]+\\.)?" : "(?<![\\w$])";
  return hitsIn(masked.bare, new RegExp(`${before}(?:${names})\\s*(?:<[^<>()]*>)?\\(`, "g"), file)
    .filter(({ match }) => {
      const isDeclared =
        other === home && match.index >= at && match.index <= at + match[0].length + "function ".length;
      return !isDeclared && !/\bfunction\s*\*?\s*$/.test(masked.bare.slice(Math.max(0, match.index - 12), match.index));
    })
    .map(({ match }) => ({
      module: other,
      arguments: argumentsAt(masked, match.index + match[0].length - 1),
    }));
}

/** The parts of a list of parameters. */
function listed(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    if ("{[<".includes(char)) depth += 1;
    if ("}]>".includes(char)) depth -= 1;
    if (char === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts;
}
