import { z } from "zod";

/** Kinds of value as compose-spec's schema has them; a text stands in for a number or a flag, as a variable leaves it. */
export const Text = z.string();
const FLAGS: Record<string, boolean> = {
  true: true,
  yes: true,
  on: true,
  y: true,
  false: false,
  no: false,
  off: false,
  n: false,
};
export const Flag = z.preprocess(
  (value) => (typeof value === "string" ? (FLAGS[value.toLowerCase()] ?? value) : value),
  z.boolean(),
);
export const Whole = z.preprocess(numeric, z.int());
export const Amount = z.preprocess(numeric, z.number());

function numeric(value: unknown): unknown {
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

/** Bytes as docker takes them: `512m`, `1.5gb`, 1024. */
export const Bytes = z.union([
  z.int(),
  z.string().regex(/^(?:\d+(?:\.\d+)? ?(?:[kmgtp]i?)?b?|-1)$/i, "a size such as 512m or 2gb"),
]);

const POWERS = "kmgtp";

/** A size in bytes, with docker's units of 1024; what is no size, or no limit, is 0. */
export function sizeBytes(size: string | number): number {
  if (typeof size === "number") return Math.max(0, size);
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i.exec(size) ?? [];
  if (number === undefined) return 0;
  return Math.round(Number(number) * 1024 ** (unit === "" ? 0 : POWERS.indexOf(unit.toLowerCase()) + 1));
}

const SPAN = /^(?:(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+|0)$/;
const A_SPAN = "a duration such as 30s or 1m30s";
/** A length of time as Go writes it: `1m30s`, `500ms`. docker takes the same. */
export const Span = z.string({ error: A_SPAN }).regex(SPAN, A_SPAN);

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };

/** Milliseconds of a `Span`, rounded. */
export function spanMs(span: string): number {
  const parts = [...span.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  return Math.round(parts.reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (UNITS[unit] ?? 0), 0));
}

const Single = z.union([z.string(), z.number(), z.boolean()]);
/** `{NAME: value}`; lists of `NAME=value` have become that before. */
export const Pairs = z.record(z.string(), z.union([Single.transform(String), z.null()]));
/** The same where a name without a value is as good as an empty one. */
export const Labels = z.record(z.string(), z.union([Single.transform(String), z.null().transform(() => "")]));

const CLOSED = /^(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^'"\\])*$/s;
/** A command line as Compose splits it: quotes and backslashes group words, nothing is expanded. */
export const Words = z.union([
  z.array(z.string()),
  z.string().regex(CLOSED, "a command with its quotes closed").transform(splitWords),
  z.null(),
]);

/** POSIX word splitting without expansion, as Python's `shlex` does it. */
function splitWords(line: string): string[] {
  const words: string[] = [];
  const part = /\s+|'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)|([^\s'"\\]+)/gs;
  let word: string | undefined;
  for (const [whole, single, double, escaped, bare] of line.matchAll(part)) {
    if (/^\s/.test(whole)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + (single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? bare ?? "");
  }
  return word === undefined ? words : [...words, word];
}
