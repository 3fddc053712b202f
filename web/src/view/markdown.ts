/** The part of Markdown that reports are written in. Texts still hold marks; `spansOf` takes them apart. */
export type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "list"; items: { depth: number; text: string }[] }
  | { kind: "table"; head: string[]; rows: string[][] }
  | { kind: "text"; text: string };

export interface Span {
  text: string;
  strong: boolean;
}

const INDENT = 2;
const isRow = (line: string) => line.startsWith("|");
const ITEM = /^(\s*)- (.*)$/;

/** Reads headings, lists, tables and plain lines; what is none of them is text. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const line of markdown.split("\n")) {
    const last = blocks.at(-1);
    const [, marks, title] = /^(#{1,6}) (.*)$/.exec(line) ?? [];
    const [, indent, item] = ITEM.exec(line) ?? [];
    if (line.trim() === "") blocks.push({ kind: "text", text: "" });
    else if (marks !== undefined && title !== undefined)
      blocks.push({ kind: "heading", level: marks.length, text: title });
    else if (indent !== undefined && item !== undefined) {
      const entry = { depth: Math.floor(indent.length / INDENT), text: item };
      if (last?.kind === "list") last.items.push(entry);
      else blocks.push({ kind: "list", items: [entry] });
    } else if (!isRow(line)) blocks.push({ kind: "text", text: line });
    else if (last?.kind !== "table") blocks.push({ kind: "table", head: cellsOf(line), rows: [] });
    else if (!/^[|\s:-]+$/.test(line)) last.rows.push(cellsOf(line));
  }
  return blocks.filter((block) => block.kind !== "text" || block.text !== "");
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|\s*$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

/** A line as plain and strong parts, without the marks and backslashes. */
export function spansOf(text: string): Span[] {
  return text
    .split(/(\*\*(?:\\.|[^*])+\*\*)/)
    .filter((part) => part !== "")
    .map((part) => {
      const strong = part.length > 4 && part.startsWith("**") && part.endsWith("**");
      const inner = strong ? part.slice(2, -2) : part.replace(/^_(.*)_$/, "$1");
      return { strong, text: inner.replace(/\\(.)/g, "$1") };
    });
}
