import { extensionOf } from "../../formats/tree.ts";

const SLASHES = new Set("js mjs cjs ts mts cts jsx tsx go rs java kt cs php swift dart scala groovy".split(" "));

/** How a file of this name begins a comment of one line. */
function marks(path: string): { begin: string; end: string } {
  const sign = SLASHES.has(extensionOf(path)) ? "//" : "#";
  return { begin: `${sign} stationmaster: begin`, end: `${sign} stationmaster: end` };
}

/** Our marked part of a file of somebody else; undefined where it has none. */
export function regionIn(path: string, text: string): string | undefined {
  const { begin, end } = marks(path);
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  // Up to the beginning of the last line: its indentation is not ours.
  return from === -1 || to === -1
    ? undefined
    : text.slice(text.indexOf("\n", from) + 1, text.lastIndexOf("\n", to) + 1);
}

/** The file with our part in place of the one it had, below a line of it, or at its end. */
export function withRegion(path: string, text: string, part: string, below?: string): string {
  const { begin, end } = marks(path);
  // As deep as what it holds, so that formatters leave it alone.
  const indent = /^[ \t]*/.exec(part)?.[0] ?? "";
  const block = `${begin}\n${part.replace(/\n*$/, "\n")}${indent}${end}`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from !== -1 && to !== -1) return text.slice(0, from) + block + text.slice(to + end.length);
  const lines = text.split("\n");
  const at = below === undefined ? -1 : lines.indexOf(below);
  const gap = lines[at + 1]?.trim() === "" ? [] : [""];
  if (at !== -1) return [...lines.slice(0, at + 1), "", indent + block, ...gap, ...lines.slice(at + 1)].join("\n");
  return `${text === "" || text.endsWith("\n") ? text : `${text}\n`}${text === "" ? "" : "\n"}${indent}${block}\n`;
}
