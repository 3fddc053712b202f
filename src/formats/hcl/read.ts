import type { Place, Problem } from "../document.ts";
import { places } from "../text.ts";
import { commentEnd, expressionEnd } from "./scan.ts";

/** `name = expression`. */
export interface HclAttribute extends Place {
  name: string;
  /** The expression as it is written. */
  text: string;
  start: number;
  end: number;
}

/** `type "label" { … }`. */
export interface HclBlock extends Place {
  type: string;
  labels: string[];
  body: HclBody;
  start: number;
  end: number;
}

export interface HclBody {
  attributes: HclAttribute[];
  blocks: HclBlock[];
}

export interface HclFile extends HclBody {
  problems: Problem[];
}

const MOST_DEPTH = 100;
const NAME = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const QUOTED = /"((?:[^"\\\n]|\\.)*)"/y;

/** Reads the blocks and attributes of HCL with their places. Never throws: what it cannot read is a problem and left out. */
export function readHcl(text: string): HclFile {
  const at = places(text);
  const problems: Problem[] = [];
  const complain = (offset: number, message: string) => problems.push({ ...at(offset), message });
  let offset = 0;

  const body = (depth: number): HclBody => {
    const found: HclBody = { attributes: [], blocks: [] };
    for (;;) {
      offset = skipBlank(text, offset);
      if (offset >= text.length) {
        if (depth > 0) complain(text.length, "a block is not closed");
        return found;
      }
      if (text[offset] === "}") {
        offset += 1;
        if (depth > 0) return found;
        complain(offset - 1, "a brace closes no block");
      } else if (!item(found, depth)) {
        complain(offset, "neither an attribute nor a block");
        offset = Math.max(lineEnd(text, offset), offset + 1);
      }
    }
  };

  const item = (into: HclBody, depth: number): boolean => {
    const start = offset;
    const name = word(text, start);
    if (!name) return false;
    let next = skipSpace(text, name.end);
    if (text[next] === "=" && text[next + 1] !== "=") {
      const from = skipSpace(text, next + 1);
      const end = expressionEnd(text, from);
      into.attributes.push({ ...at(start), name: name.text, text: text.slice(from, end).trimEnd(), start, end });
      offset = end;
      return true;
    }
    const labels: string[] = [];
    for (let label = word(text, next); label; label = word(text, next)) {
      labels.push(label.text);
      next = skipSpace(text, label.end);
    }
    if (text[next] !== "{" || depth >= MOST_DEPTH) return false;
    offset = next + 1;
    const inside = body(depth + 1);
    into.blocks.push({ ...at(start), type: name.text, labels, body: inside, start, end: offset });
    return true;
  };

  return { ...body(0), problems };
}

/** The attribute of a body, if it has one of this name. */
export function attributeOf({ attributes }: HclBody, name: string): HclAttribute | undefined {
  return attributes.find((attribute) => attribute.name === name);
}

/** The blocks of a type directly in a body; those that `dynamic` makes too. */
export function blocksOf({ blocks }: HclBody, type: string): HclBlock[] {
  return blocks.flatMap((block) => {
    if (block.type === type) return [block];
    return block.type === "dynamic" && block.labels[0] === type ? blocksOf(block.body, "content") : [];
  });
}

function word(text: string, at: number): { text: string; end: number } | undefined {
  NAME.lastIndex = at;
  const name = NAME.exec(text)?.[0];
  if (name !== undefined) return { text: name, end: at + name.length };
  QUOTED.lastIndex = at;
  const quoted = QUOTED.exec(text);
  return quoted ? { text: quoted[1] ?? "", end: at + quoted[0].length } : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at += 1;
  return at;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const comment = commentEnd(text, at);
    if (comment === undefined && !/\s|,|\uFEFF/.test(text[at] as string)) return at;
    at = comment ?? at + 1;
  }
  return at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}
