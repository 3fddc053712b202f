import { matchesIn } from "../../../../formats/needed-words.ts";
import { defaultOf, type Found, insideBrackets, LITERAL, type Reader, splitEntries } from "../read.ts";

const CLASS = /^([ \t]*)class\s+(\w+)\s*(?:\[[^\]]*\])?\s*\(([^)]*)\)\s*:/gm;
const PREFIX = /\benv_prefix\s*=\s*["']([^"']*)["']|["']env_prefix["']\s*:\s*["']([^"']*)["']/;
const FIELD = /^([A-Za-z]\w*)\s*:\s*/;
const SIMPLE =
  /^(?:Optional\[|Union\[|Literal\[|List\[|list\b|Set\[|set\[|Dict\b|dict\b|Tuple|tuple|Annotated\[|None\b|["']?(?:str|int|float|bool|bytes|Path|Decimal|UUID|timedelta|Any|SecretStr|SecretBytes|\w*Url|\w*Dsn|\w*DSN|\w*Str|\w*Int|\w*Float|EmailStr)\b)/;

/** Fields of pydantic's settings: their names in capitals behind the prefix, or their aliases. */
export const readPydantic: Reader = (code) => {
  if (!/\bBaseSettings\b/.test(code)) return [];
  const classes = [...matchesIn(code, CLASS)].map((match) => ({
    name: match[2] ?? "",
    bases: (match[3] ?? "").split(",").map((base) => base.trim().replace(/^.*\./, "")),
    at: match.index + match[0].length,
    indent: (match[1] ?? "").length,
  }));
  // What a class says of its variables holds for those made from it.
  const prefixes = new Map([["BaseSettings", ""]]);
  return classes.flatMap(({ name, bases, at, indent }) => {
    const inherited = bases.map((base) => prefixes.get(base)).find((prefix) => prefix !== undefined);
    if (inherited === undefined) return [];
    const body = bodyOf(code, at, indent);
    const [, first, second] = PREFIX.exec(body) ?? [];
    const prefix = first ?? second ?? inherited;
    prefixes.set(name, prefix);
    return fieldsOf(body, at, prefix);
  });
};

function bodyOf(code: string, from: number, indent: number): string {
  const end = new RegExp(String.raw`\n[ \t]{0,${indent}}[^\s)\]}#]`).exec(code.slice(from));
  return code.slice(from, end ? from + end.index : undefined);
}

function fieldsOf(body: string, offset: number, prefix: string): Found[] {
  const isNested = /\benv_nested_delimiter\b/.test(body);
  const indent = /\n([ \t]+)\S/.exec(body)?.[1] ?? "    ";
  const found: Found[] = [];
  for (const { text, at } of statements(body, indent)) {
    const [head = "", name = ""] = FIELD.exec(text) ?? [];
    const { type, value } = assigned(text.slice(head.length));
    if (name === "" || /^(?:ClassVar|PrivateAttr)\b/.test(type) || name === "model_config") continue;
    // A model of its own is filled from variables with the names of its fields.
    if (isNested && !SIMPLE.test(type)) continue;
    found.push({ at: offset + at, rule: "pydantic-settings", ...fieldOf(name, prefix, type, value) });
  }
  return found;
}

/** Statements directly in a class, each with the lines that belong to it. */
function statements(body: string, indent: string): { text: string; at: number }[] {
  const start = new RegExp(String.raw`\n(${indent})(?=[A-Za-z@])`, "g");
  const offsets = [...body.matchAll(start)].map(({ index }) => index + 1);
  return offsets.map((at, index) => ({ text: body.slice(at, offsets[index + 1]).trim(), at: at + indent.length }));
}

/** `list[str] = []` as its type and its value; the type may have lines of its own. */
function assigned(text: string): { type: string; value: string | undefined } {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (char === "=" && depth === 0) return { type: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
  }
  return { type: text.trim(), value: undefined };
}

function fieldOf(
  name: string,
  prefix: string,
  type: string,
  value: string | undefined,
): Pick<Found, "name" | "need" | "default"> {
  const call = /^(?:\w+\.)?Field\s*\(/.exec(value ?? "") ?? /\bField\s*\(/.exec(type);
  const holder = value !== undefined && /^(?:\w+\.)?Field\s*\(/.test(value) ? value : type;
  const options = call
    ? splitEntries(insideBrackets(holder, call.index + call[0].length - 1)).map(({ text }) => text)
    : [];
  const alias = options
    .map((text) => /^(?:validation_alias|alias|env)\s*=\s*(?:AliasChoices\s*\(|\[)?\s*["'](\w+)["']/.exec(text)?.[1])
    .find((found) => found !== undefined);
  const keyword = options
    .map((text) => /^default\s*=\s*([\s\S]+)$/.exec(text)?.[1])
    .find((found) => found !== undefined);
  const [head] = options;
  const positional = head !== undefined && !/^\w+\s*=/.test(head) ? head : undefined;
  const given = holder === value ? (keyword ?? positional) : (value ?? keyword);
  const isMade = options.some((text) => /^default_factory\s*=/.test(text));
  const isRequired = !isMade && (given === undefined || given.trim() === "...");
  const literal = new RegExp(String.raw`^\s*(${LITERAL})\s*$`).exec(given ?? "")?.[1];
  return {
    name: alias?.toUpperCase() ?? `${prefix}${name}`.toUpperCase(),
    need: isRequired ? "must" : "soft",
    ...defaultOf(literal),
  };
}
