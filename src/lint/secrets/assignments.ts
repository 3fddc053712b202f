import { baseOf, extensionOf } from "../../formats/tree.ts";
import type { Severity } from "../finding.ts";
import { isPublicValue } from "./checks.ts";
import { isSecretName, plainName } from "./names.ts";
import { classesIn, entropy, isPlaceholder, looksLikeWords } from "./value.ts";

/** A value that a setting of a telling name is given. */
export interface Assignment {
  name: string;
  value: string;
  /** Offset of the value. */
  start: number;
  severity: Severity;
}

const BARE = new Set("env yml yaml ini cfg conf properties sh bash zsh fish ps1 toml".split(" "));
const QUOTED = new Set(
  "json jsonc json5 tf tfvars hcl xml config js mjs cjs ts mts cts jsx tsx vue svelte py rb php go rs java kt kts scala groovy gradle cs fs ex exs swift dart lua pl".split(
    " ",
  ),
);
/** The end of a telling name and what assigns. Looked for first: names begin anywhere before it. */
const SIGN =
  /(?:passw|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|master[_-]?key|auth[_-]?key|service[_-]?key|credential)[\w.-]{0,40}["'`\]]{0,2}[^\S\n]{0,4}(?::=|=>|[:=]|(?<=["'][^\S\n]{0,4}),(?=[^\S\n]{0,4}["']))[^\S\n]{0,4}/gi;
const FILE_NAME = /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|php|cs|css|scss|json|ya?ml|md|html?|vue|svelte|sh|sql)$/i;
const LEAST = { password: 8, other: 16 } as const;
const MOST = 200;

/** Secrets by the names they are given to, in files that hold settings or code. */
export function secretAssignments(path: string, text: string): Assignment[] {
  const found = TAGS.has(extensionOf(path)) ? taggedSecrets(text) : [];
  const form = formOf(path);
  if (!form) return found;
  for (const match of text.matchAll(SIGN)) {
    const start = match.index + match[0].length;
    const name = nameEndingAt(text, match.index, match[0]);
    const given = valueAt(text, start, form === "bare");
    if (!given || !isSecretName(name) || isSearchKey(name, text.slice(Math.max(0, match.index - 300), start))) continue;
    const severity = judgeValue(name, given.value);
    if (severity) found.push({ name, ...given, severity });
  }
  return found;
}

/** How surely a value of a setting of this name is a real secret; undefined where it is none. */
export function judgeValue(name: string, value: string): Severity | undefined {
  const password = /pass|pwd/.test(plainName(name));
  const least = password ? LEAST.password : LEAST.other;
  if (value.length < least || value.length > MOST || isPlaceholder(value) || isPublicValue(value)) return undefined;
  // An address on a chain of blocks; a key of Google, which has a judge of its own.
  if (/^(?:0x[a-f\d]{40}|AIza[\w-]{35})$/i.test(value)) return undefined;
  if (/^(?:\.{0,2}\/|[a-z][a-z\d+.-]*:\/\/|~\/)|[<>()[\]{}\s]|^[\w$]+(?:[.:][A-Za-z_$][\w$]*)+$/i.test(value))
    return undefined;
  if (looksLikeWords(value)) return undefined;
  const bits = entropy(value);
  if (password && value.length < LEAST.other)
    return classesIn(value) >= 3 && /\d/.test(value) && bits >= 2.75 ? "warning" : undefined;
  if (!/\d/.test(value) || classesIn(value) < 2 || bits < 3.2) return undefined;
  return value.length >= 20 && bits >= 3.5 ? "error" : "warning";
}

/** The key by which a page searches an index is meant for everybody who reads the page. */
function isSearchKey(name: string, before: string): boolean {
  return (
    /api_?key$/i.test(plainName(name)) &&
    (/search/i.test(name) || (/algolia|docsearch/i.test(before) && !/admin/i.test(name)))
  );
}

const TAGS = new Set(["xml", "config", "csproj", "props", "targets", "plist"]);
/** `<password>x</password>`, and `<add key="ApiPassword" value="x" />`. */
const TAGGED =
  /<([\w.:-]{3,60})>([^<>\s]{8,200})<\/\1>|\b(?:key|name)="([\w.:-]{3,80})"\s{1,20}value="([^"\n]{8,200})"/g;

function taggedSecrets(text: string): Assignment[] {
  return [...text.matchAll(TAGGED)].flatMap((match) => {
    const [whole, tag, inner, key, given] = match;
    const name = (tag ?? key ?? "").replace(/^.*:/, "");
    const value = inner ?? given ?? "";
    const severity = isSecretName(name) ? judgeValue(name, value) : undefined;
    return severity ? [{ name, value, start: match.index + whole.lastIndexOf(value), severity }] : [];
  });
}

function formOf(path: string): "bare" | "quoted" | undefined {
  const base = baseOf(path).toLowerCase();
  if (/^\.env(?:\.|$)|^\.?npmrc$|^\.pypirc$|^\.netrc$|^credentials$|(?:^|\.)envrc$/.test(base)) return "bare";
  const extension = extensionOf(path);
  if (BARE.has(extension)) return "bare";
  return QUOTED.has(extension) ? "quoted" : undefined;
}

/** The whole name; empty for a part of a path, an address or a type, and for names of files. */
function nameEndingAt(text: string, at: number, sign: string): string {
  const before = /[\w.-]{0,60}$/.exec(text.slice(Math.max(0, at - 60), at))?.[0] ?? "";
  const name = before + (/^[\w.-]+/.exec(sign)?.[0] ?? "");
  return /[:/@]/.test(text[at - before.length - 1] ?? "") || FILE_NAME.test(name) ? "" : name;
}

function valueAt(text: string, start: number, bare: boolean): Pick<Assignment, "value" | "start"> | undefined {
  const quote = /^(?:[rbuf]?)(["'`])/.exec(text.slice(start, start + 2));
  if (quote) {
    const from = start + quote[0].length;
    const end = text.slice(from, from + MOST + 1).search(/["'`\n]/);
    return end < 0 || text[from + end] === "\n" ? undefined : { value: text.slice(from, from + end), start: from };
  }
  const value = bare ? (/^[^\s"'`,;]+/.exec(text.slice(start, start + MOST + 1))?.[0] ?? "") : "";
  return value === "" ? undefined : { value, start };
}
