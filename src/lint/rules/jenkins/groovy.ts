import type { Problem } from "../../../formats/document.ts";
import { places } from "../../../formats/text.ts";

/** `name { … }` or `name(arguments) { … }` of a Jenkinsfile. */
export interface GroovyBlock {
  name: string;
  /** What stands between its name and its brace, without parentheses. */
  argument: string;
  start: number;
  /** Behind the opening brace, and at the closing one. */
  inner: number;
  end: number;
  blocks: GroovyBlock[];
}

/** A text in quotes. */
export interface GroovyString {
  start: number;
  end: number;
  text: string;
  /** Whether `$name` in it is replaced: double quotes, and slashes. */
  interpolates: boolean;
}

export interface GroovyFile {
  blocks: GroovyBlock[];
  strings: GroovyString[];
  /** The text without comments and the insides of strings, of the same length. */
  bare: string;
  problems: Problem[];
}

const QUOTES = ["'''", '"""', "'", '"'];
const CLOSERS: Record<string, string> = { "{": "}", "(": ")", "[": "]" };

/** Reads blocks, strings and brackets of a Jenkinsfile. Never throws. */
export function readGroovy(text: string): GroovyFile {
  const at = places(text);
  const strings: GroovyString[] = [];
  const problems: Problem[] = [];
  const parts = text.split("");
  const blank = (from: number, to: number) => {
    for (let index = from; index < to; index += 1) if (parts[index] !== "\n") parts[index] = " ";
  };
  for (let index = 0; index < text.length; ) {
    const comment = commentEnd(text, index);
    const quote = comment === undefined ? QUOTES.find((mark) => text.startsWith(mark, index)) : undefined;
    if (comment !== undefined) {
      blank(index, comment);
      index = comment;
    } else if (quote) {
      const close = closing(text, index + quote.length, quote);
      const end = Math.min(close, text.length);
      if (close >= text.length || text.slice(close, close + quote.length) !== quote)
        problems.push({ ...at(index), message: "a text in quotes is not closed" });
      strings.push({
        start: index,
        end: Math.min(end + quote.length, text.length),
        text: text.slice(index + quote.length, end),
        interpolates: quote[0] === '"',
      });
      blank(index + quote.length, end);
      index = Math.max(end + quote.length, index + 1);
    } else if (text.startsWith("$/", index)) {
      const close = text.indexOf("/$", index + 2);
      const end = close === -1 ? text.length : close;
      blank(index + 2, end);
      index = end + 2;
    } else if (text[index] === "/" && /[=~(,:]\s*$/.test(text.slice(Math.max(0, index - 10), index))) {
      // A pattern between slashes; quotes in it are none.
      const end = closing(text, index + 1, "/");
      blank(index + 1, end);
      index = end + 1;
    } else index += 1;
  }
  const bare = parts.join("");
  problems.push(...unbalanced(bare, at));
  return { blocks: blocksIn(bare, text, 0, bare.length, 0), strings, bare, problems };
}

function commentEnd(text: string, at: number): number | undefined {
  if (text.startsWith("#!", at) && at === 0) return lineEnd(text, at);
  if (text.startsWith("//", at)) return lineEnd(text, at);
  if (!text.startsWith("/*", at)) return undefined;
  const end = text.indexOf("*/", at + 2);
  return end === -1 ? text.length : end + 2;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

/** Where a text in quotes ends; a short one ends at its line. */
function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text.startsWith(quote, at)) return at;
    else if (quote.length === 1 && text[at] === "\n") return at;
  }
  return text.length;
}

function unbalanced(bare: string, at: (offset: number) => { line: number; column: number }): Problem[] {
  const open: { mark: string; offset: number }[] = [];
  for (let offset = 0; offset < bare.length; offset += 1) {
    const mark = bare[offset] as string;
    if (mark in CLOSERS) open.push({ mark, offset });
    else if (mark === "}" || mark === ")" || mark === "]") {
      const last = open.pop();
      if (!last || CLOSERS[last.mark] !== mark)
        return [{ ...at(offset), message: `\`${mark}\` closes nothing that is open` }];
    }
  }
  const last = open.at(-1);
  return last ? [{ ...at(last.offset), message: `\`${last.mark}\` is not closed` }] : [];
}

const HEAD = /(?<![\w.$])([A-Za-z_]\w*)\s*(?:\(([^(){}]*(?:\([^(){}]*\)[^(){}]*)*)\)\s*)?\{/g;
const MOST_DEPTH = 60;

function blocksIn(bare: string, text: string, from: number, to: number, depth: number): GroovyBlock[] {
  const found: GroovyBlock[] = [];
  if (depth > MOST_DEPTH) return found;
  const head = new RegExp(HEAD);
  head.lastIndex = from;
  for (let match = head.exec(bare); match && match.index < to; match = head.exec(bare)) {
    const inner = match.index + match[0].length;
    const end = Math.min(braceEnd(bare, inner), to);
    const open = bare.indexOf("(", match.index);
    const argument = match[2] === undefined ? "" : text.slice(open + 1, open + 1 + match[2].length).trim();
    found.push({
      name: match[1] ?? "",
      argument,
      start: match.index,
      inner,
      end,
      blocks: blocksIn(bare, text, inner, end, depth + 1),
    });
    head.lastIndex = Math.max(end, inner);
  }
  return found;
}

function braceEnd(bare: string, from: number): number {
  let depth = 1;
  for (let at = from; at < bare.length; at += 1) {
    if (bare[at] === "{") depth += 1;
    else if (bare[at] === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return bare.length;
}

/** All blocks of some name, at any depth. */
export function allBlocks(blocks: readonly GroovyBlock[], ...names: string[]): GroovyBlock[] {
  return blocks.flatMap((block) => [
    ...(names.includes(block.name) ? [block] : []),
    ...allBlocks(block.blocks, ...names),
  ]);
}
