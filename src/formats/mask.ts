/** How a family of languages writes comments and strings. */
interface Syntax {
  line: readonly string[];
  block: readonly (readonly [open: string, close: string])[];
  /** Longest first; `""` as the end means the same mark. */
  strings: readonly { open: string; close: string; escapes: boolean; lines: boolean }[];
}

const quoted = (mark: string, { escapes = true, lines = false } = {}) => ({ open: mark, close: mark, escapes, lines });
const C_STRINGS = [quoted('"'), quoted("'")];

const FAMILIES = {
  javascript: {
    line: ["//"],
    block: [["/*", "*/"]],
    strings: [...C_STRINGS, quoted("`", { lines: true })],
  },
  c: { line: ["//"], block: [["/*", "*/"]], strings: [quoted('"""', { lines: true }), ...C_STRINGS] },
  go: { line: ["//"], block: [["/*", "*/"]], strings: [...C_STRINGS, quoted("`", { escapes: false, lines: true })] },
  // A lifetime is no string: 'a has no end.
  rust: { line: ["//"], block: [["/*", "*/"]], strings: [{ ...quoted('"'), lines: true }] },
  python: {
    line: ["#"],
    block: [],
    strings: [quoted('"""', { lines: true }), quoted("'''", { lines: true }), ...C_STRINGS],
  },
  ruby: { line: ["#"], block: [["\n=begin", "\n=end"]], strings: C_STRINGS },
  elixir: { line: ["#"], block: [], strings: [quoted('"""', { lines: true }), ...C_STRINGS] },
  php: { line: ["//", "#"], block: [["/*", "*/"]], strings: C_STRINGS.map((string) => ({ ...string, lines: true })) },
  shell: {
    line: ["#"],
    block: [],
    strings: [{ ...quoted('"'), lines: true }, quoted("'", { escapes: false, lines: true })],
  },
} as const satisfies Record<string, Syntax>;
export type Family = keyof typeof FAMILIES;

const EXTENSIONS: Record<Family, string> = {
  javascript: "js mjs cjs jsx ts mts cts tsx vue svelte astro",
  c: "java kt kts scala groovy gradle cs fs c h cc cpp cxx hpp swift dart zig gleam",
  go: "go",
  rust: "rs",
  python: "py",
  ruby: "rb ru rake",
  elixir: "ex exs",
  php: "php",
  shell: "sh bash",
};
const FAMILY_OF = new Map(
  Object.entries(EXTENSIONS).flatMap(([family, list]) => list.split(" ").map((ext) => [ext, family as Family])),
);

/** The family a file's extension (without the dot) belongs to. */
export function familyOf(extension: string): Family | undefined {
  return FAMILY_OF.get(extension);
}

/** Code without what is not code; of the same length as the text, so that offsets are the same. */
export interface Masked {
  /** Comments are blank; strings are as they were. */
  code: string;
  /** Comments and the insides of strings are blank. */
  bare: string;
}

/** Blanks comments and strings of a text. Never throws; an unfinished string ends at its line. */
export function mask(text: string, family: Family): Masked {
  const { line, block, strings }: Syntax = FAMILIES[family];
  const comments: [number, number][] = [];
  const insides: [number, number][] = [];
  const starts = new Set(
    [...line, ...block.map(([open]) => open), ...strings.map(({ open }) => open)].map((mark) => mark[0]),
  );
  for (let at = 0; at < text.length; ) {
    if (!starts.has(text[at] as string)) {
      at += 1;
      continue;
    }
    const end = blockEnd(text, at, block) ?? (isComment(text, at, line, family) ? lineEnd(text, at) : undefined);
    if (end !== undefined) {
      comments.push([at, end]);
      at = end;
      continue;
    }
    const string = strings.find(({ open }) => text.startsWith(open, at));
    const close = string && stringEnd(text, at + string.open.length, string);
    if (!string || close === undefined) at += 1;
    else {
      insides.push([at + string.open.length, close]);
      at = close + string.close.length;
    }
  }
  const code = blank(text, comments);
  return { code, bare: blank(code, insides) };
}

function isComment(text: string, at: number, marks: readonly string[], family: Family): boolean {
  if (!marks.some((mark) => text.startsWith(mark, at))) return false;
  const before = text[at - 1];
  // `$#` and `a#b` are words of a shell; `#{}` and `#[` are code.
  if (family === "shell") return before === undefined || /\s|;/.test(before);
  if (family === "php" && text[at] === "#") return text[at + 1] !== "[";
  // An address in a regular expression or a template: https://.
  return !(family === "javascript" && before === ":" && /https?:$/.test(text.slice(Math.max(0, at - 6), at)));
}

function blockEnd(text: string, at: number, blocks: Syntax["block"]): number | undefined {
  const found = blocks.find(([open]) => text.startsWith(open, at));
  if (!found) return undefined;
  const end = text.indexOf(found[1], at + found[0].length);
  return end === -1 ? text.length : end + found[1].length;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

function stringEnd(
  text: string,
  from: number,
  { close, escapes, lines }: Syntax["strings"][number],
): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    if (escapes && text[at] === "\\") at += 1;
    else if (text.startsWith(close, at)) return at;
    else if (!lines && text[at] === "\n") return undefined;
  }
  return undefined;
}

function blank(text: string, spans: readonly (readonly [number, number])[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of spans) {
    parts.push(text.slice(from, start), text.slice(start, end).replace(/[^\n]/g, " "));
    from = end;
  }
  return parts.join("") + text.slice(from);
}
