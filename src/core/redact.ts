import { inspect } from "node:util";
import { printable } from "./text.ts";

const MASK = "•••";
const SHORTEST_VALUE = 4;
/** Lines of a longer value, e.g. of a PEM key; shorter ones (`}`, `-----`) stand in texts that have nothing to do with it. */
const SHORTEST_LINE = 8;
/** A longer form is looked for by itself: a pattern of many of them is too large for a regular expression. */
const LONGEST_IN_PATTERN = 256;

/** A value that prints as dots everywhere; only the adapter that sends it calls `unwrap`. */
export class Secret {
  readonly #value: string;
  readonly name: string;

  constructor(name: string, value: string) {
    this.name = name;
    this.#value = value;
  }
  unwrap(): string {
    return this.#value;
  }
  toString(): string {
    return MASK;
  }
  toJSON(): string {
    return MASK;
  }
  [inspect.custom](): string {
    return `Secret(${this.name})`;
  }
}

// Each of these reads a text once: no later start looks at the same run again. `x{20}x*` where `x{20,}` would do, because only
// the former keeps no state per character.
const TOKEN_SHAPES: readonly RegExp[] = [
  /\bgh[oprsu]_[A-Za-z0-9]{20}[A-Za-z0-9]*/g,
  /\bgithub_pat_\w{20}\w*/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bxox[abpr]-[A-Za-z0-9-]{10}[A-Za-z0-9-]*/g,
  /\bsk-[\w-]{20}[\w-]*/g,
  /(?<![\w-])eyJ[\w-]{10}[\w-]*\.[\w-]{10}[\w-]*\.[\w-]{5}[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];
const URL_PASSWORD = /(:\/\/[^\s:/@]*:)([^\s@/"<>]+)@/g;
/** `password=x`, `"token": "x"`, also with the quotes escaped as JSON inside a string is; a quote that is not closed ends with its line. */
const KEY_VALUE =
  /(?<!\$\{)((?:password|passwd|secret|token|authorization|(?:api|access|secret|private)[_-]?key)\\*["']?[^\S\n]*[:=][^\S\n]*)(?:(\\*["'])([^\n]*?)(?:(?<!\\)\2|(?=\n|$))|(?:(?:Bearer|Basic)\s+)?([^\s,;&"'{}[\]][^\s,;&"'}]*))/gi;
/** The beginning of `${secret:NAME}`, which names a secret and holds none. */
const REFERENCE = /\$\{(?:[a-z]+:)?[A-Za-z_]/;

/**
 * What every text from outside goes through before it is stored or shown. Makes it `printable`, then removes secrets: values it
 * was told of, well-known token shapes, key=value pairs and URL passwords.
 */
export interface Redactor {
  (text: string): string;
  /** From now on `value` never appears in the result, neither as it is nor in JSON, in an address, in base64 or line by line. */
  learn(value: string): void;
}

/** A redactor that knows `values` from the start. */
export function createRedactor(values: Iterable<string> = []): Redactor {
  const known = new Set<string>();
  // Made when a text comes: values are often learned one after the other, and each would cost a pattern of all.
  let mask: ((text: string) => string) | undefined;
  const learn = (value: string) => {
    if (value.length < SHORTEST_VALUE || known.has(value)) return;
    for (const form of formsOf(value)) known.add(form);
    mask = undefined;
  };
  for (const value of values) learn(value);
  const redact = (text: string) => {
    mask ??= maskOf(known);
    // First, so that no colour in the middle of a secret hides it.
    return redactShapes(mask(printable(text)));
  };
  return Object.assign(redact, { learn });
}

/** Replaces each of the forms; the longest first, since a shorter one may be a part of it. */
function maskOf(forms: ReadonlySet<string>): (text: string) => string {
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const long = longestFirst.filter(({ length }) => length > LONGEST_IN_PATTERN);
  const short = longestFirst.slice(long.length).map(escapeForRegExp);
  const pattern = short.length > 0 ? new RegExp(short.join("|"), "g") : null;
  return (text) => {
    const rest = long.reduce((masked, form) => masked.replaceAll(form, MASK), text);
    return pattern ? rest.replace(pattern, MASK) : rest;
  };
}

function redactShapes(text: string): string {
  let result = text;
  for (const shape of TOKEN_SHAPES) result = result.replace(shape, MASK);
  return result
    .replace(URL_PASSWORD, (whole, head: string, value: string) => (REFERENCE.test(value) ? whole : `${head}${MASK}@`))
    .replace(KEY_VALUE, (whole, head: string, quote = "", quoted?: string, bare?: string) =>
      REFERENCE.test(quoted ?? bare ?? "") ? whole : `${head}${quote}${MASK}${quote}`,
    );
}

/** How a value may stand in a text. */
function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const read = [value, printable(value), ...lines.filter((line) => line.length >= SHORTEST_LINE)];
  const bytes = Buffer.from(value);
  // Without padding and the character that the next byte would change.
  const base64 = bytes.toString("base64").slice(0, Math.floor((bytes.length * 4) / 3));
  const wellFormed = value.toWellFormed();
  return [
    ...read.flatMap((text) => [text, inJson(text), inJson(inJson(text))]),
    encodeURIComponent(wellFormed),
    new URLSearchParams([["", wellFormed]]).toString().slice(1),
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Applies the redactor to every string inside plain data; keys, numbers and shapes stay. */
export function redactDeep<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === "string") return redact(value) as T;
  if (value instanceof Secret) return MASK as T;
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact)) as T;
  if (value && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, redact)])) as T;
  return value;
}
