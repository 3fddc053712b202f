/** Values and signs that a reader does not expect where they stand. */
const ODD = [
  ...["null", "[]", "{}", "0", "-1", "true", '""', "1e999", "- ", "&a ", "*a", "<<: ", "${", "`", "'", '"', "\n", "\t"],
  ...[
    "\0",
    "\ud800",
    "\ufeff",
    "é",
    "../..",
    "/",
    "\\",
    "#",
    "/*",
    "__proto__",
    "constructor",
    "%zz",
    "=",
    ":",
    "{{",
    "}}",
  ],
  ...["(", ")", "[", "]", "<", ">", "9".repeat(40), "a".repeat(3_000), "\u001b[31m"],
];
const EMPTY = ["null", "[]", "{}", "3", '"x"', "true", "[null]", "[[1]]", '{"a":null}'];

/** Numbers from 0 to 1 that look like chance and are the same in each run. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** One of a list. */
export function oneOf<T>(list: readonly T[], next: () => number): T {
  return list[Math.floor(next() * list.length) % list.length] as T;
}

type Change = (text: string, next: () => number) => string;

const cut: Change = (text, next) => text.slice(0, Math.floor(next() * text.length));
const insert: Change = (text, next) => {
  const at = Math.floor(next() * text.length);
  return text.slice(0, at) + oneOf(ODD, next) + text.slice(at + Math.floor(next() * 12));
};
const lines =
  (change: (all: string[], at: number, next: () => number) => void): Change =>
  (text, next) => {
    const all = text.split("\n");
    change(all, Math.floor(next() * all.length), next);
    return all.join("\n");
  };
const replaced =
  (pattern: RegExp, by: readonly string[]): Change =>
  (text, next) => {
    const found = [...text.matchAll(pattern)];
    const match = found.length > 0 ? oneOf(found, next) : undefined;
    if (!match) return text;
    return text.slice(0, match.index) + oneOf(by, next) + text.slice(match.index + match[0].length);
  };

const CHANGES: readonly Change[] = [
  cut,
  insert,
  lines((all, at) => void all.splice(at, 1)),
  lines((all, at) => void all.splice(at, 0, all[at] ?? "")),
  lines((all, at, next) => void all.splice(at, 1, "  ".repeat(next() * 4) + (all[at] ?? "").trimStart())),
  replaced(/"[^"\n]*"|\b[\w.-]+\b/g, ODD),
  replaced(/\{[^{}]*\}|\[[^[\]]*\]/g, EMPTY),
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => `${text}\n${text}`,
];

/** A file as something that went wrong leaves it: a few changes, now and then another encoding. */
export function mutate(text: string, next: () => number): string | Uint8Array {
  let changed = text;
  for (let left = 1 + Math.floor(next() * 4); left > 0; left -= 1) changed = oneOf(CHANGES, next)(changed, next);
  const form = next();
  if (form < 0.05) return Buffer.from(`\ufeff${changed}`, "utf16le");
  if (form < 0.1) return Buffer.from(`\ufeff${changed}`);
  return changed;
}
