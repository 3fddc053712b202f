/** One thing that a document says: an item of a list, a row of a table, a `key: value` line or a sentence. */
export interface Item {
  /** Headings above it, the nearest last. */
  headings: readonly string[];
  /** What stands in front of a colon, in the first cell of a row, or in the item above. */
  key: string;
  text: string;
  line: number;
  /** A sentence may be about anything; what is written as an item was meant as one. */
  form: "item" | "row" | "pair" | "sentence";
}

const MOST_LINE = 2_000;
const MOST_ITEMS = 5_000;

const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const LIST = /^(\s*)(?:[-*+•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*)$/;
const PAIR =
  /^\s*(?:\*\*|__)?([\p{L}\p{N}][^:|]{0,80}?)(?:\*\*|__)?\s*(?:(?:(?<!\d):|:(?!\d))(?!\/\/)(?:\*\*|__)?|\s[=–—]\s)\s*(\S.*)$/u;
const BOLD = /^\s*(?:\*\*|__)([^*_]{2,80})(?:\*\*|__):?\s*$/;
const ROW = /^\s*\|(.*)\|?\s*$/;
const RULE = /^[\s|:+-]+$/;

/** What a Markdown text says, item by item. Never throws; code blocks and comments are left out. */
export function itemsOf(text: string): Item[] {
  const items: Item[] = [];
  const headings: string[] = [];
  let parents: { indent: number; key: string }[] = [];
  let fence: string | undefined;
  let comment = false;
  let head: string[] | undefined;
  const lines = text.split("\n").map((line) => line.slice(0, MOST_LINE));
  const enter = (level: number, title: string) => {
    headings.length = Math.min(headings.length, level - 1);
    headings[level - 1] = plain(title);
    parents = [];
  };
  const push = (item: Omit<Item, "headings">) => void items.push({ headings: headings.filter(Boolean), ...item });
  for (const [index, line] of lines.entries()) {
    if (items.length >= MOST_ITEMS) break;
    const at = index + 1;
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark.slice(0, 3) : undefined;
      continue;
    }
    if (fence !== undefined) continue;
    if (comment || /<!--/.test(line)) {
      comment = !/-->/.test(line);
      continue;
    }
    const isRow = ROW.test(line) && line.includes("|", line.indexOf("|") + 1);
    if (!isRow) head = undefined;
    const heading = HEADING.exec(line);
    const below = lines[index + 1] ?? "";
    if (heading) enter(heading[1]?.length ?? 1, heading[2] ?? "");
    else if (/^(?:===+|---+)\s*$/.test(below) && /^\s{0,3}[^\s|>#*-]/.test(line))
      enter(below.startsWith("=") ? 1 : 2, line.trim());
    else if (/^(?:===+|---+|\*\*\*+|___+)\s*$/.test(line) || line.trim() === "") {
      if (line.trim() !== "") parents = [];
    } else if (isRow) {
      if (RULE.test(line)) continue;
      const cells = cellsOf(line);
      if (head === undefined && RULE.test(below) && below.includes("-")) head = cells;
      else push(rowItem(cells, head, at));
    } else {
      const list = LIST.exec(line);
      const indent = list?.[1]?.length ?? 0;
      const body = plain(list?.[2] ?? line);
      parents = list ? parents.filter((parent) => parent.indent < indent) : [];
      const bold = BOLD.exec(list?.[2] ?? line)?.[1] ?? /^([^:]{2,80}):$/.exec(body)?.[1];
      if (bold !== undefined) {
        if (list) parents.push({ indent, key: plain(bold) });
        else enter(Math.min(6, headings.length + 1), bold);
        continue;
      }
      const pair = PAIR.exec(list?.[2] ?? line);
      const above = parents.map(({ key }) => key).join(" ");
      if (pair) push({ key: join(above, plain(pair[1] ?? "")), text: plain(pair[2] ?? ""), line: at, form: "pair" });
      else push({ key: above, text: body, line: at, form: list ? "item" : "sentence" });
      if (list) parents.push({ indent, key: pair ? plain(pair[1] ?? "") : body.slice(0, 60) });
    }
  }
  return items;
}

function rowItem(cells: readonly string[], head: readonly string[] | undefined, line: number): Omit<Item, "headings"> {
  const [key = "", ...rest] = cells;
  // A head such as "Target" or "Unit" says nothing; "Budget" or "Region" does.
  const text = rest.filter(Boolean).join(" ");
  return { key: rest.length === 0 ? (head?.[0] ?? "") : key, text: rest.length === 0 ? key : text, line, form: "row" };
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map(plain);
}

/** Words without marks: `**a** [b](c) \`d\`` is `a b d`. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|`|~~)/g, "")
    .replace(/\\([|*_`])/g, "$1")
    .trim();
}

function join(above: string, key: string): string {
  return above === "" ? key : `${above} ${key}`;
}
