import { recordAt, stringAt } from "../../../../formats/document.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { argumentsAt, expressionFrom, split, trimmed } from "../literals/expression.ts";
import { type Property, propertyAt, type Span } from "../literals/properties.ts";
import { type Module, moduleOf } from "./module.ts";
import { givenFor } from "./parameters.ts";
import { definedElsewhere, inConfigFolder } from "./settings.ts";

/** What an expression comes to: a port, an address, or the variable of the environment that decides alone. */
export interface Evaluated {
  value?: string | number;
  /** Whether a variable of the environment goes before the value. */
  variable: boolean;
  /** Where the value, or the variable, is written. */
  file: string;
  at: number;
}

interface Site {
  snapshot: Snapshot;
  unit: string;
  module: Module;
  depth: number;
}

const DEEPEST = 8;
const ENVIRONMENT = /^(?:process\??\.env|import\.meta\.env|Bun\.env|Deno\.env)(?:[.?[]|$)/;
/** The same under a name of its own, where the file does not say what that is. */
const LIKE_ENVIRONMENT = /^(?:\w+\.)?env\.\w+$/i;
const NUMBER = /^\d[\d_]*$/;
/** The package that reads the folder `config`. */
const CONFIG_PACKAGE = /(?:from\s*|require\(\s*)["']config["']/;

/** Follows an expression of a module to its literal, over variables and imports of the repository; undefined where it has none. */
export function evaluate(snapshot: Snapshot, unit: string, module: Module, span: Span): Evaluated | undefined {
  return follow({ snapshot, unit, module, depth: 0 }, span);
}

function follow(site: Site, raw: Span): Evaluated | undefined {
  const { module } = site;
  if (site.depth > DEEPEST) return undefined;
  const deeper = { ...site, depth: site.depth + 1 };
  const span = trimmed(module.masked, cleaned(module, trimmed(module.masked, raw)));
  const text = module.masked.code.slice(span.from, span.to);
  if (text === "" || text.length > 2_000) return undefined;
  const here = { file: module.file, at: span.from, variable: false };
  if (NUMBER.test(text)) return { ...here, value: Number(text.replaceAll("_", "")) };
  const quoted = /^(["'`])([^"'`\n$]*)\1$/.exec(text)?.[2];
  if (quoted !== undefined) return { ...here, value: NUMBER.test(quoted) ? Number(quoted) : quoted };
  return (
    byFallback(deeper, span) ??
    byCondition(deeper, span) ??
    byCall(deeper, span, text) ??
    (ENVIRONMENT.test(text) ? { ...here, ...assignedTo(deeper, text), variable: true } : undefined) ??
    byName(deeper, text) ??
    (LIKE_ENVIRONMENT.test(text) ? { ...here, variable: true } : undefined)
  );
}

/** Without a sign, a cast, `await` and the like around it. */
function cleaned({ masked: { code } }: Module, { from, to }: Span): Span {
  const text = code.slice(from, to);
  const before = /^(?:\+|~~|await\s+|new\s+|<\w+>)\s*/.exec(text)?.[0].length ?? 0;
  const after = /(?:\s+as\s+[\w.]+|!|\s*\|\s*0|\.toString\(\)|\.valueOf\(\))$/.exec(text)?.[0].length ?? 0;
  const next = { from: from + before, to: to - after };
  return before + after === 0 || next.from >= next.to ? { from, to } : cleaned({ masked: { code } } as Module, next);
}

/** `a || b ?? 3000`: the last one is what holds where nothing is set. */
function byFallback(site: Site, span: Span): Evaluated | undefined {
  const parts = split(site.module.masked, span, ["||", "??"]);
  if (parts.length < 2) return undefined;
  const found = parts.map((part) => follow(site, part)).filter((one) => one !== undefined);
  const last = found.findLast(({ value }) => value !== undefined) ?? found[0];
  return last && { ...last, variable: found.some(({ variable }) => variable) };
}

/** `production ? 80 : 3000`, `process.env.PORT ? Number(process.env.PORT) : 3000`. */
function byCondition(site: Site, span: Span): Evaluated | undefined {
  const { masked } = site.module;
  const [condition, rest] = split(masked, span, ["?"]);
  if (!condition || !rest) return undefined;
  const [yes, no] = split(masked, { from: rest.from, to: span.to }, [":"]);
  if (!yes || !no) return undefined;
  // What stands behind the first colon may be a condition again.
  const otherwise = { from: no.from, to: span.to };
  const asked = masked.code.slice(condition.from, condition.to);
  const production = /production|isProd/i.test(asked);
  const negated = /!==?|!\s*is|NODE_ENV\s*===?\s*["']dev/.test(asked);
  const order = production && !negated ? [yes, otherwise] : [otherwise, yes];
  const found = order.map((part) => follow(site, part)).filter((one) => one !== undefined);
  const first = found.find(({ value }) => value !== undefined) ?? found[0];
  return first && { ...first, variable: found.some(({ variable }) => variable) };
}

function byCall(site: Site, span: Span, text: string): Evaluated | undefined {
  const { masked } = site.module;
  const fallback = defaultOf(site, span, text);
  if (fallback) return fallback;
  const call = /^([\w$.?]+)(?:<[^()]*>)?\(/.exec(text);
  if (!call || !text.endsWith(")")) return undefined;
  const [first, ...others] = argumentsAt(masked, span.from + call[0].length - 1);
  if (!first) return undefined;
  const name = masked.code.slice(first.from, first.to);
  const key = /^["'`]([\w.:-]+)["'`]$/.exec(name)?.[1];
  if (key === undefined || NUMBER.test(key)) return follow(site, first);
  // `config.get("port")`, `env.int("PORT", 1337)`, `getEnv("PORT", "3000")`, `Config.get("port", "number", 3001)`.
  const told = others.map((other) => follow(site, other)).filter((one) => one?.value !== undefined);
  const given = told.find((one) => typeof one?.value === "number") ?? told[0];
  if (given) return { ...given, variable: true };
  const kept = byKey(site, call[1] ?? "", key.split(/[.:]/));
  if (kept) return kept;
  return /env/i.test(call[1] ?? "") || /^[A-Z_]+$/.test(key)
    ? { file: site.module.file, at: span.from, variable: true }
    : undefined;
}

/** Of a schema: `z.coerce.number().default(3000)`, `port({ default: 3000 })`. A schema is read from the environment. */
function defaultOf(site: Site, { from }: Span, text: string): Evaluated | undefined {
  const call = /\.(?:default|catch|prefault)\(/.exec(text);
  const open = call ? from + call.index + call[0].length - 1 : undefined;
  const [argument] = open === undefined ? [] : argumentsAt(site.module.masked, open);
  if (argument) {
    const found = follow(site, argument);
    return found && { ...found, variable: true };
  }
  const object = /^[\w$.]*\(?[^{]*\{/.test(text) ? /\bdefault(?:Value)?\s*:/.exec(text) : null;
  if (!object) return undefined;
  const start = from + object.index + object[0].length;
  const end = /[,}\n]/.exec(site.module.masked.bare.slice(start))?.index ?? 0;
  const found = follow(site, { from: start, to: start + end });
  return found && { ...found, variable: true };
}

function byName(site: Site, text: string): Evaluated | undefined {
  const [head = "", ...tail] = text
    .replaceAll("?.", ".")
    .replace(/\[["'](\w+)["']\]/g, ".$1")
    .split(".");
  if (!/^[A-Za-z_$][\w$]*$/.test(head) || tail.some((part) => !/^[\w$]+$/.test(part))) return undefined;
  if (head === "this" || head === "process") return tail[0] ? byName(site, tail.join(".")) : undefined;
  const variable = site.module.variable(head);
  if (tail.length === 0) {
    const own = variable && byVariable(site, head, variable);
    if (own) return own;
  } else {
    const own =
      propertyIn(site, [`${head}=`, ...tail]) ?? propertyIn(site, tail) ?? (variable ? lastKey(site, tail) : undefined);
    if (own) return own;
    const made = variable && madeBy(site, variable.span);
    if (made) return byImport(site, made, tail);
  }
  const source = site.module.imported(head);
  if (source) return byImport(site, source, tail);
  return (
    byParameter(site, head, tail) ?? (CONFIG_PACKAGE.test(site.module.masked.code) ? byPackage(site, tail) : undefined)
  );
}

/** The function of another file whose answer a variable keeps: `const config = loadConfig()`. */
function madeBy({ module }: Site, span: Span): { file: string; name: string } | undefined {
  const { from, to } = trimmed(module.masked, span);
  const called = /^(?:await\s+)?([\w$]+)\s*\(/.exec(module.masked.bare.slice(from, to))?.[1];
  return called === undefined ? undefined : module.imported(called);
}

/** What the callers hand over, where all of them that can be followed agree on a value. */
function byParameter(site: Site, name: string, keys: readonly string[]): Evaluated | undefined {
  if (site.depth > DEEPEST) return undefined;
  const found = givenFor(site, name, keys).map(({ module, span, keys: rest }) => {
    const there = { ...site, module, depth: site.depth + 1 };
    return rest.length === 0
      ? follow(there, span)
      : byName(there, [module.masked.code.slice(span.from, span.to), ...rest].join("."));
  });
  const valued = found.filter((one) => one?.value !== undefined);
  const agree = new Set(valued.map((one) => one?.value)).size === 1;
  return agree ? valued[0] : found.find((one) => one !== undefined && one.value === undefined);
}

/** A value of the folder `config`. */
function byPackage(site: Site, keys: readonly string[]): Evaluated | undefined {
  if (keys.length === 0) return undefined;
  const found = inConfigFolder(site, keys);
  if (!found) return undefined;
  if ("module" in found) return follow({ ...site, module: found.module, depth: site.depth + 1 }, found.span);
  const { value, file, at } = found;
  return { value: NUMBER.test(value) ? Number(value) : value, variable: false, file, at };
}

/** What a name is given after it was declared without a value: `port = 3000` where the environment has none. */
function assignedTo(site: Site, name: string): Pick<Evaluated, "value" | "at"> | undefined {
  const { module } = site;
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const assigned = new RegExp(`(?<![\\w$.]|\\b(?:const|let|var)\\s)${escaped}\\s*(?:\\|\\||\\?\\?)?=(?![=>])`, "g");
  for (const match of module.masked.bare.matchAll(assigned)) {
    const span = expressionFrom(module.masked, match.index + match[0].length);
    const parts = split(module.masked, span, ["||", "??"]);
    const last = parts.at(-1);
    const text =
      last &&
      module.masked.code
        .slice(last.from, last.to)
        .trim()
        .replace(/^(["'])(.*)\1$/, "$2");
    if (last && text !== undefined && NUMBER.test(text))
      return { value: Number(text), at: trimmed(module.masked, last).from };
  }
  return undefined;
}

function byVariable(site: Site, name: string, { span, from }: { span: Span; from?: string }): Evaluated | undefined {
  const fromEnvironment = from !== undefined && /env$/i.test(from);
  const found = span.to > span.from ? follow(site, span) : undefined;
  const later =
    found && found.value === undefined && found.file === site.module.file ? assignedTo(site, name) : undefined;
  if (found) return { ...found, ...later, variable: found.variable || fromEnvironment };
  if (fromEnvironment && from.includes(".")) return { file: site.module.file, at: span.from, variable: true };
  return from === undefined ? undefined : byName(site, `${from}.${name}`);
}

function byImport(
  site: Site,
  { file, name }: { file: string; name: string },
  tail: readonly string[],
): Evaluated | undefined {
  if (site.depth > DEEPEST) return undefined;
  if (file.endsWith(".json")) return byJson(site, file, tail);
  const module = moduleOf(site.snapshot, file, site.unit);
  if (!module || module === site.module) return undefined;
  const there = { ...site, module, depth: site.depth + 1 };
  const way = name === "default" || name === "*" ? tail : [name, ...tail];
  const [head] = way;
  const variable = head === undefined ? undefined : module.variable(head);
  if (variable && way.length === 1) return byVariable(there, head ?? "", variable);
  return (
    propertyIn(there, way) ??
    (way.length > 0 ? lastKey(there, way) : undefined) ??
    fieldOf(there, way) ??
    reexported(there, way)
  );
}

/** A field that belongs to a class itself. */
function fieldOf(site: Site, [name = "", field, ...rest]: readonly string[]): Evaluated | undefined {
  const { module } = site;
  if (field === undefined || rest.length > 0) return undefined;
  if (!new RegExp(`\\bclass\\s+${name.replaceAll("$", "\\$")}(?![\\w$])`).test(module.masked.bare)) return undefined;
  const variable = module.variable(field);
  return variable && byVariable(site, field, variable);
}

function reexported(site: Site, way: readonly string[]): Evaluated | undefined {
  const [head = "", ...tail] = way;
  const source = site.module.imported(head);
  return source && byImport(site, source, tail);
}

function byJson(site: Site, file: string, path: readonly string[]): Evaluated | undefined {
  const value = stringAt(recordAt(site.snapshot.json(file).value, path.slice(0, -1)), path.slice(-1));
  return value !== undefined && NUMBER.test(value) ? { value: Number(value), variable: false, file, at: 0 } : undefined;
}

/** What a configuration object answers: a property of the same file, or a file of the folder `config`. */
function byKey(site: Site, call: string, keys: readonly string[]): Evaluated | undefined {
  if (!/(?:^|\.)(?:get|getOrThrow|int|port|optional|required|env)$|config|env/i.test(call)) return undefined;
  const head = call.split(".")[0] ?? "";
  const source = site.module.imported(head);
  return (
    byPackage(site, keys) ??
    lastKey(site, keys) ??
    (source ? byImport(site, source, keys) : undefined) ??
    definedElsewhere(site, keys)
      .map(({ module, span }) => follow({ ...site, module, depth: site.depth + 1 }, span))
      .find((one) => one?.value !== undefined)
  );
}

function propertyIn(site: Site, path: readonly string[]): Evaluated | undefined {
  return propertyValue(site, propertyAt(site.module.properties(), path));
}

/** A property with the name of the last key, wherever it stands: schemas and builders keep what they are told under it. */
function lastKey(site: Site, path: readonly string[]): Evaluated | undefined {
  const key = path.at(-1);
  const found = site.module.properties().filter((property) => property.path.at(-1) === key);
  return found.map((property) => propertyValue(site, property)).find((value) => value !== undefined);
}

function propertyValue(site: Site, property: Property | undefined): Evaluated | undefined {
  if (!property) return undefined;
  return follow({ ...site, depth: site.depth + 1 }, property);
}
