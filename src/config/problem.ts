import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { UserError } from "../core/errors.ts";
import { keysAt } from "./keys.ts";
import { nearest } from "./spelling.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One mistake in the words of the manifest. `at` is the path of the offending value; where `next` says nothing the reference does. */
export interface Mistake {
  code: string;
  at: Path;
  message: string;
  next?: string;
}

/** The reference that came with this program; its folder need not be the user's. */
export const MANIFEST_REFERENCE = fileURLToPath(new URL("../../docs/reference/manifest.md", import.meta.url));

const MOST = 10;

/** How mistakes in a file are told: what it is called as a whole, which keys are allowed where, where all of them are described. */
export interface Wording {
  whole: string;
  keysAt(path: Path, value: unknown): string[];
  reference: string;
}

const MANIFEST: Wording = { whole: "the manifest", keysAt, reference: MANIFEST_REFERENCE };

/** Mistakes as one error, the first line first: one in a line, several in a line each below their number. */
export function refusal(
  mistakes: readonly Mistake[],
  { name, lineOf, reference = MANIFEST_REFERENCE }: { name: string; lineOf(at: Path): number; reference?: string },
): UserError {
  const found = mistakes.map((item) => ({ ...item, line: lineOf(item.at) })).sort((a, b) => a.line - b.line);
  const [first] = found;
  if (!first) return problem("SM-CONFIG-INVALID", `${name} is not valid`, `see ${reference}`);
  const { code, line, message, next = `see ${reference}` } = first;
  if (found.length === 1) return problem(code, `${name}:${line}: ${message}`, next);
  const lines = found.slice(0, MOST).map((item) => {
    const text = item.next === undefined ? item.message : `${item.message}; ${item.next}`;
    return `  ${name}:${item.line}: ${text.replace(/\s+/g, " ")}`;
  });
  const more = found.length > MOST ? [`  and ${found.length - MOST} more`] : [];
  return problem(
    code,
    [`${name} has ${found.length} mistakes:`, ...lines, ...more].join("\n"),
    `every key is described in ${reference}`,
  );
}

/** What the schema found wrong with `data`, each mistake with the nearest spelling. */
export function schemaMistakes(issues: readonly Issue[], data: unknown, wording = MANIFEST): Mistake[] {
  return issues.flatMap((issue) => explain(issue, [], data, wording));
}

/** A mistake in the manifest as an error. */
export function problem(code: string, message: string, next: string): UserError {
  return new UserError({ code, message, next });
}

/** One entry a mistake: unknown keys one by one, and of alternatives the one that was meant. */
function explain(issue: Issue, base: Path, data: unknown, wording: Wording): Mistake[] {
  const path = [...base, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      code: "SM-CONFIG-KEY",
      at: [...path, key],
      message: `unknown key "${key}" in ${dotted(path, wording)}`,
      next: suggestion(key, wording.keysAt(path, valueAt(data, path))),
    }));
  const wrongHere = (what: string, next?: string) => wrong(path, what, wording, next);
  if (issue.code === "invalid_key") return [wrongHere(`: the name is not valid: ${issue.issues[0]?.message ?? ""}`)];
  const value = valueAt(data, path);
  const wanted = typesWanted(issue);
  if (wanted && value === undefined) return [wrongHere(" is missing")];
  if (wanted && value === null) return [wrongHere(" has no value")];
  if (wanted) return [wrongHere(` must be ${listed(wanted)}, not ${described(value)}`)];
  if (issue.code === "invalid_union") {
    const meant = issue.errors.filter(
      (branch) => !branch.some((inner) => inner.path.length === 0 && typesWanted(inner)),
    );
    const closest = meant.sort((a, b) => ownStrangers(a) - ownStrangers(b) || a.length - b.length)[0];
    if (closest) return closest.flatMap((inner) => explain(inner, path, data, wording));
  }
  if (issue.code === "invalid_format" && !issue.message.startsWith("Invalid"))
    return [wrongHere(` must be ${issue.message}, not ${described(value)}`)];
  const options = optionsOf(issue);
  if (options && value === undefined) return [wrongHere(" is missing", suggestion("", options))];
  if (options)
    return [wrongHere(` must be ${listed(options)}, not ${described(value)}`, suggestion(String(value), options))];
  return [wrongHere(`: ${limit(issue) ?? issue.message}`)];
}

/** How many keys an alternative does not know at all: one that knows them and dislikes what is inside is nearer to what was meant. */
function ownStrangers(branch: readonly Issue[]): number {
  return branch.flatMap((inner) => (inner.code === "unrecognized_keys" && inner.path.length === 0 ? inner.keys : []))
    .length;
}

function wrong(at: Path, what: string, wording: Wording, next?: string): Mistake {
  return { code: "SM-CONFIG-VALUE", at, message: `${dotted(at, wording)}${what}`, next };
}

/** The words that are allowed, where only words of a list are. */
function optionsOf(issue: Issue): string[] | undefined {
  if (issue.code === "invalid_value") return issue.values.map(String);
  // Of alternatives that a key tells apart, the values of that key.
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return issue.options.map(String);
  return undefined;
}

const TYPES: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

/** What kinds of value would do, if the kind alone is wrong; undefined otherwise. A message of the schema's own is one of them. */
function typesWanted(issue: Issue): string[] | undefined {
  if (issue.code === "invalid_type")
    return [/^Invalid input/.test(issue.message) ? (TYPES[issue.expected] ?? issue.expected) : issue.message];
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return undefined;
  const branches = issue.errors.map((branch) => {
    const root = branch.filter((inner) => inner.path.length === 0).flatMap((inner) => typesWanted(inner) ?? []);
    return root.length > 0 ? root : undefined;
  });
  return branches.every((branch) => branch !== undefined) ? [...new Set(branches.flat())] : undefined;
}

function limit(issue: Issue): string | undefined {
  if (issue.code !== "too_small" && issue.code !== "too_big") return undefined;
  const [bound, count] = issue.code === "too_small" ? ["at least", issue.minimum] : ["at most", issue.maximum];
  if (issue.origin === "array") return `must have ${bound} ${count} ${count === 1 ? "entry" : "entries"}`;
  if (issue.origin === "string") return count === 1 ? "must not be empty" : `must have ${bound} ${count} characters`;
  return `must be ${bound} ${count}`;
}

function suggestion(word: string, allowed: readonly string[]): string {
  const guess = nearest(word, allowed);
  return guess === undefined ? `allowed are ${allowed.join(", ")}` : `did you mean "${guess}"?`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function described(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  if (typeof value === "number") return `the number ${value}`;
  return typeof value === "object" ? "a mapping" : String(value);
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, key)
        ? (current as Record<PropertyKey, unknown>)[key]
        : undefined,
    data,
  );
}

function dotted(path: Path, { whole }: Wording): string {
  return path.length === 0 ? whole : path.map(String).join(".");
}
