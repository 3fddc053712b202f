import { inspect } from "node:util";

const MASK = "•••";
const SHORTEST_KNOWN_VALUE = 4;

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

const PATTERNS: readonly RegExp[] = [
  /\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}\b/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bxox[abpr]-[A-Za-z0-9-]{10,}\b/g,
  /\bsk-[A-Za-z0-9_-]{20,}\b/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];
const KEY_VALUE =
  /((?:["']?)(?:[A-Za-z0-9_-]*(?:password|passwd|secret|token|api[_-]?key|authorization|private[_-]?key))(?:["']?)\s*[:=]\s*)(?:Bearer\s+|Basic\s+)?("[^"]*"|'[^']*'|[^\s,;&"'}]+)/gi;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)([^\s@/]+)(@)/gi;

/** Removes secrets from text: values it was told of, then well-known token shapes, key=value pairs and URL passwords. */
export interface Redactor {
  (text: string): string;
  /** From now on `value` never appears in the result. */
  learn(value: string): void;
}

/** A redactor that knows `values` from the start. */
export function createRedactor(values: Iterable<string> = []): Redactor {
  const known = new Set<string>();
  const learn = (value: string) => {
    if (value.length < SHORTEST_KNOWN_VALUE) return;
    known.add(value);
    known.add(encodeURIComponent(value));
    known.add(Buffer.from(value).toString("base64"));
  };
  for (const value of values) learn(value);
  const redact = (text: string) => {
    let result = text;
    for (const value of [...known].sort((a, b) => b.length - a.length)) result = result.replaceAll(value, MASK);
    for (const pattern of PATTERNS) result = result.replace(pattern, MASK);
    return result.replace(URL_PASSWORD, `$1${MASK}$3`).replace(KEY_VALUE, `$1${MASK}`);
  };
  return Object.assign(redact, { learn });
}

/** Applies the redactor to every string inside plain data; keys, numbers and shapes stay. */
export function redactDeep<T>(value: T, redact: Redactor): T {
  if (typeof value === "string") return redact(value) as T;
  if (value instanceof Secret) return MASK as T;
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact)) as T;
  if (value && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, redact)])) as T;
  return value;
}
