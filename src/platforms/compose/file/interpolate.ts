import { UserError } from "../../../core/errors.ts";

type Lookup = (name: string) => string | undefined;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:?[-?+]/y;

/**
 * Replaces `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}`, `${NAME?message}`, `${NAME:+other}`,
 * `${NAME+other}` and `$$` as Compose does (compose-spec, "Interpolation"). The words after an operator may hold more of them;
 * with the colon an empty value counts as none. A `UserError` says what is wrong; `unset` are names that became nothing.
 */
export function interpolate(text: string, lookup: Lookup): { text: string; unset: string[] } {
  const unset: string[] = [];
  return { text: expand(text, lookup, unset), unset };
}

function refused(message: string, next: string): UserError {
  return new UserError({ code: "SM-COMPOSE-VARIABLE", message, next });
}

function expand(text: string, lookup: Lookup, unset: string[]): string {
  let result = "";
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) return result + text.slice(at);
    result += text.slice(at, dollar);
    const part = variable(text, dollar + 1, lookup, unset);
    result += part.value;
    at = part.end;
  }
  return result;
}

function variable(text: string, at: number, lookup: Lookup, unset: string[]): { value: string; end: number } {
  if (text[at] === "$") return { value: "$", end: at + 1 };
  if (text[at] !== "{") {
    const name = match(NAME, text, at);
    if (name === undefined) throw refused('"$" stands before no name', "write $$ for a dollar sign");
    return { value: plain(name, lookup, unset), end: at + name.length };
  }
  const end = closing(text, at);
  const name = match(NAME, text, at + 1);
  if (end < 0 || name === undefined) throw notOne(text.slice(at - 1, at + 20));
  const after = at + 1 + name.length;
  if (after === end) return { value: plain(name, lookup, unset), end: end + 1 };
  const operator = match(OPERATOR, text, after);
  if (operator === undefined) throw notOne(text.slice(at - 1, end + 1));
  const word = () => expand(text.slice(after + operator.length, end), lookup, unset);
  return { value: choose(name, operator, word, lookup), end: end + 1 };
}

function choose(name: string, operator: string, word: () => string, lookup: Lookup): string {
  const value = lookup(name);
  const present = operator.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
  if (operator.endsWith("+")) return present ? word() : "";
  if (present) return value ?? "";
  if (operator.endsWith("-")) return word();
  throw refused(`${name} is required: ${word() || "it is not set"}`, `set ${name} in the environment or in .env`);
}

function notOne(text: string): UserError {
  return refused(`"${text}" is no variable`, "write ${NAME}, ${NAME:-default} or $$ for a dollar sign");
}

function plain(name: string, lookup: Lookup, unset: string[]): string {
  const value = lookup(name);
  if (value === undefined) unset.push(name);
  return value ?? "";
}

/** The place of the brace that closes the one at `open`; -1 when there is none. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
