/** Text that stands as it is: a reference, a call, a template. */
export interface Expression {
  expression: string;
}

/** A function of one argument: `jsonencode({ … })`. */
export interface Call {
  call: string;
  argument: HclValue;
}

export type HclValue =
  | string
  | number
  | boolean
  | Expression
  | Call
  | readonly HclValue[]
  | { readonly [key: string]: HclValue };

/** An attribute of a block, or a block inside it. */
export type HclEntry = { attribute: string; value: HclValue; comment?: string } | HclBlock;

export interface HclBlock {
  block: string;
  labels?: readonly string[];
  comment?: string;
  body: readonly HclEntry[];
}

const INDENT = "  ";
const LONGEST_LIST = 100;

/** An expression of HCL: `expr("var.region")`. */
export function expr(expression: string): Expression {
  return { expression };
}

/** A template with references: `template("${var.project}-api")`; one that is nothing but a reference becomes that. */
export function template(text: string): Expression {
  const alone = /^\$\{([^{}]+)\}$/.exec(text)?.[1];
  return { expression: alone ?? `"${text}"` };
}

/** A value as JSON text, written as what it holds: `jsonencode([{ name = "api" }])`. */
export function jsonencode(argument: HclValue): Call {
  return { call: "jsonencode", argument };
}

/** A block whose attributes come from a plain object, in its order, with blocks behind them. */
export function block(
  type: string,
  labels: readonly string[],
  attributes: Record<string, HclValue>,
  blocks: readonly HclEntry[] = [],
): HclBlock {
  return { block: type, labels, body: [...attributesOf(attributes), ...blocks] };
}

/** Attributes from a plain object. */
export function attributesOf(attributes: Record<string, HclValue>): HclEntry[] {
  return Object.entries(attributes).map(([attribute, value]) => ({ attribute, value }));
}

/** Blocks as text, aligned as `terraform fmt` does, with a blank line between them. */
export function printHcl(blocks: readonly HclBlock[], header: readonly string[] = []): string {
  const top = header.map((line) => `# ${line}`.trimEnd()).join("\n");
  return `${[...(top === "" ? [] : [top]), ...blocks.map((item) => blockLines(item, "").join("\n"))].join("\n\n")}\n`;
}

function blockLines({ block: type, labels = [], comment, body }: HclBlock, indent: string): string[] {
  const head = [type, ...labels.map((label) => JSON.stringify(label))].join(" ");
  const notes = commentLines(comment, indent);
  if (body.length === 0) return [...notes, `${indent}${head} {}`];
  return [...notes, `${indent}${head} {`, ...bodyLines(body, indent + INDENT), `${indent}}`];
}

/** Groups of attributes of one line each are aligned; everything longer stands between blank lines. */
function bodyLines(body: readonly HclEntry[], indent: string): string[] {
  const parts: string[][] = [];
  let group: [name: string, value: string][] = [];
  const flush = () => {
    if (group.length > 0) parts.push(aligned(group, indent));
    group = [];
  };
  for (const entry of body) {
    if ("block" in entry) {
      flush();
      parts.push(blockLines(entry, indent));
      continue;
    }
    const [first = "", ...more] = valueLines(entry.value, indent);
    if (entry.comment !== undefined || more.length > 0) flush();
    if (more.length > 0)
      parts.push([...commentLines(entry.comment, indent), `${indent}${entry.attribute} = ${first}`, ...more]);
    else if (entry.comment !== undefined)
      parts.push([...commentLines(entry.comment, indent), `${indent}${entry.attribute} = ${first}`]);
    else group.push([entry.attribute, first]);
  }
  flush();
  return parts.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function aligned(pairs: readonly (readonly [string, string])[], indent: string): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`);
}

function valueLines(value: HclValue, indent: string): string[] {
  if (typeof value === "string") return [quoted(value)];
  if (typeof value === "number" || typeof value === "boolean") return [String(value)];
  if (isExpression(value)) return value.expression.split("\n");
  if (isCall(value)) {
    const [first = "", ...more] = valueLines(value.argument, indent);
    return more.length === 0
      ? [`${value.call}(${first})`]
      : [`${value.call}(${first}`, ...more.slice(0, -1), `${more.at(-1)})`];
  }
  if (isList(value)) return listLines(value, indent);
  const entries = Object.entries(value);
  return entries.length === 0 ? ["{}"] : ["{", ...mapLines(entries, indent + INDENT), `${indent}}`];
}

function listLines(list: readonly HclValue[], indent: string): string[] {
  const items = list.map((item) => valueLines(item, indent + INDENT));
  const line = `[${items.map((lines) => lines.join("\n")).join(", ")}]`;
  if (items.every(({ length }) => length === 1) && indent.length + line.length <= LONGEST_LIST) return [line];
  return [
    "[",
    ...items.flatMap((lines) =>
      [`${indent}${INDENT}${lines[0]}`, ...lines.slice(1)].map((text, at, all) =>
        at === all.length - 1 ? `${text},` : text,
      ),
    ),
    `${indent}]`,
  ];
}

function mapLines(entries: readonly (readonly [string, HclValue])[], indent: string): string[] {
  const body = entries.map(([key, value]): HclEntry => ({ attribute: mapKey(key), value }));
  return bodyLines(body, indent);
}

function mapKey(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) || key.startsWith("(") ? key : quoted(key);
}

/** Escapes of JSON that HCL does not know. */
const ESCAPES: Record<string, string> = { b: "\\u0008", f: "\\u000c" };

function quoted(text: string): string {
  return JSON.stringify(text)
    .replace(/\\(.)/g, (pair, char: string) => ESCAPES[char] ?? pair)
    .replace(/([$%])\{/g, "$1$1{");
}

function commentLines(comment: string | undefined, indent: string): string[] {
  return comment === undefined ? [] : comment.split("\n").map((line) => `${indent}# ${line}`);
}

function isExpression(value: HclValue): value is Expression {
  return typeof value === "object" && !isList(value) && "expression" in value && Object.keys(value).length === 1;
}

function isCall(value: HclValue): value is Call {
  return typeof value === "object" && !isList(value) && "call" in value && Object.keys(value).length === 2;
}

function isList(value: HclValue): value is readonly HclValue[] {
  return Array.isArray(value);
}
