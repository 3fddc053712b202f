import { lazy } from "../core/lazy.ts";
import { SPECIAL, type Span } from "./mask-special.ts";
import { FAMILIES, type Family, type StringSyntax, type Syntax } from "./mask-syntax.ts";

export { type Family, familyOf } from "./mask-syntax.ts";

/** Code without what is not code; of the same length as the text, so that offsets are the same. */
export interface Masked {
  /** Comments are blank; strings are as they were. */
  readonly code: string;
  /** Comments and the insides of strings are blank. */
  readonly bare: string;
}

/** Blanks comments and strings of a text. Never throws; an unfinished string ends at its line. */
export function mask(text: string, family: Family): Masked {
  const spans = lazy(() => spansOf(text, family));
  const code = lazy(() => blank(text, spans().comments));
  const bare = lazy(() => blank(code(), spans().insides));
  return {
    get code() {
      return code();
    },
    get bare() {
      return bare();
    },
  };
}

function spansOf(text: string, family: Family): { comments: Span[]; insides: Span[] } {
  const syntax: Syntax = FAMILIES[family];
  const comments: Span[] = [];
  const insides: Span[] = [];
  const next = MARKS[family];
  const codeAt = family === "php" ? phpCode(text) : undefined;
  next.lastIndex = codeAt ? codeAt(0) : 0;
  for (let found = next.exec(text); found; found = next.exec(text)) {
    const at = codeAt ? codeAt(found.index) : found.index;
    if (at !== found.index) {
      next.lastIndex = at;
      continue;
    }
    const special = SPECIAL[family]?.(text, at);
    if (special) {
      if (special.comment) comments.push(special.comment);
      insides.push(...(special.insides ?? []));
      next.lastIndex = special.end;
      continue;
    }
    const end =
      blockEnd(text, at, syntax.block) ?? (isComment(text, at, syntax.line, family) ? lineEnd(text, at) : undefined);
    if (end !== undefined) {
      comments.push([at, end]);
      next.lastIndex = end;
      continue;
    }
    const string = syntax.strings.find(({ open }) => text.startsWith(open, at));
    const close = string && stringEnd(text, at + string.open.length, string);
    if (string && close !== undefined) insides.push([at + string.open.length, close]);
    next.lastIndex = string && close !== undefined ? close + string.close.length : at + 1;
  }
  return { comments, insides };
}

const escaped = (mark: string) => mark.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
/** Where a comment, a string or something special may begin. */
const MARKS = Object.fromEntries(
  Object.entries(FAMILIES).map(([family, { line, block, strings }]: [string, Syntax]) => {
    const marks = [...block.map(([open]) => open), ...line, ...strings.map(({ open }) => open)];
    const own: Partial<Record<string, string[]>> = { javascript: ["`", "/"], rust: ["'"] };
    return [family, new RegExp([...marks, ...(own[family] ?? [])].map(escaped).join("|"), "g")];
  }),
) as Record<Family, RegExp>;

function isComment(text: string, at: number, marks: readonly string[], family: Family): boolean {
  if (!marks.some((mark) => text.startsWith(mark, at))) return false;
  const before = text[at - 1];
  // `$#` and `a#b` are words of a shell; `#{}` and `#[` are code.
  if (family === "shell" || family === "hash") return before === undefined || /\s|;/.test(before);
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

function stringEnd(text: string, from: number, syntax: StringSyntax): number | undefined {
  const { close } = syntax;
  const stop = STOPS.get(syntax) ?? stopOf(syntax);
  STOPS.set(syntax, stop);
  stop.lastIndex = from;
  for (let found = stop.exec(text); found; found = stop.exec(text)) {
    if (found[0] === close) return found.index;
    if (found[0] === "\n") return undefined;
    stop.lastIndex += 1;
  }
  return undefined;
}

const STOPS = new Map<StringSyntax, RegExp>();

function stopOf({ close, escapes, lines }: StringSyntax): RegExp {
  return new RegExp([escaped(close), ...(escapes ? ["\\\\"] : []), ...(lines ? [] : ["\\n"])].join("|"), "g");
}

/** The next place at or behind an offset that is code: around `<?php … ?>` a page has words, with apostrophes. */
function phpCode(text: string): (offset: number) => number {
  const opens = [...text.matchAll(/<\?(?:php\b|=)/gi)].map(({ index }) => index);
  const parts = opens.map((open): Span => {
    // `'<?xml … ?>'` is a string.
    const close = text.slice(open).search(/\?>(?!["'\\])/);
    return [open, close === -1 ? text.length : open + close];
  });
  return (offset) => {
    const part = parts.find(([, to]) => offset < to);
    return part === undefined ? text.length : Math.max(part[0], offset);
  };
}

function blank(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of spans) {
    parts.push(text.slice(from, start), blanks(text, start, end));
    from = end;
  }
  return parts.join("") + text.slice(from);
}

/** As many blanks as characters; lines stay. */
function blanks(text: string, start: number, end: number): string {
  let made = "";
  let from = start;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", from)) {
    made += `${" ".repeat(at - from)}\n`;
    from = at + 1;
  }
  return made + " ".repeat(end - from);
}
