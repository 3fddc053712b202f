/**
 * How badly a place needs its variable: without it `must` stops, `plain` goes on with nothing, `soft` knows what to do.
 */
export type Need = "must" | "plain" | "soft";

/** A place that reads a variable, by its offset in a text. */
export interface Found {
  name: string;
  at: number;
  rule: string;
  need: Need;
  /** Literal that is taken where it is not set. */
  default?: string;
  phase?: "build" | "run";
  /** What the place is worth alone; by default that of code. */
  weight?: number;
}

/** A place with its file. */
export interface Read extends Omit<Found, "at"> {
  file: string;
  line: number;
  column: number;
}

/** What one language's code reads; `code` has no comments. */
export type Reader = (code: string) => Found[];

/** How the code beside a read tells whether it is needed; the first that fits decides. */
export interface Habit {
  /** Before the read, ending there. */
  before?: RegExp;
  /** Behind the read, beginning there; the group `value` is the literal that replaces it. */
  after?: RegExp;
  /** `write` is no read. */
  need: Need | "write";
}

const BEFORE = 80;
const AFTER = 240;

/** A literal of most languages: text without parts to fill in, number, truth. */
export const LITERAL =
  /(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`$\n]*`|-?\d[\d_.]*|true\b|false\b|True\b|False\b)/.source;

/** What the code around a read says; undefined where it is none. */
export function judge(
  code: string,
  from: number,
  to: number,
  habits: readonly Habit[],
  otherwise: Need,
): Pick<Found, "need" | "default"> | undefined {
  const before = code.slice(Math.max(0, from - BEFORE), from);
  const after = code.slice(to, to + AFTER);
  for (const habit of habits) {
    if (habit.before && !habit.before.test(before)) continue;
    const match = habit.after?.exec(after);
    if (habit.after && !match) continue;
    if (habit.need === "write") return undefined;
    return { need: habit.need, ...defaultOf(match?.groups?.value) };
  }
  return { need: otherwise };
}

/** The words of a literal as a default; nothing where it is empty or no literal. */
export function defaultOf(literal: string | undefined): Pick<Found, "default"> {
  const value = literal === undefined ? undefined : unquoted(literal.trim());
  return value === undefined || value === "" ? {} : { default: value };
}

function unquoted(literal: string): string | undefined {
  const quote = literal[0];
  if (quote === '"' || quote === "'" || quote === "`") {
    const body = literal.slice(1, -1);
    return /[$#]\{/.test(body) ? undefined : body.replace(/\\(["'\\])/g, "$1");
  }
  if (/^(?:true|false)$/i.test(literal)) return literal.toLowerCase();
  return /^-?\d/.test(literal) ? literal.replaceAll("_", "") : undefined;
}

/** More than people write between two brackets; what never closes must not be looked through again and again. */
const LONGEST = 4_000;

/** The text between an opening bracket at `open` and its end, which is not part of it; `most` characters where it does not close. */
export function insideBrackets(all: string, open: number, most = LONGEST): string {
  const code = all.slice(0, open + most);
  const pairs: Record<string, string> = { "(": ")", "[": "]", "{": "}" };
  const stack: string[] = [];
  for (let at = open; at < code.length; at += 1) {
    const char = code[at] as string;
    if (char === '"' || char === "'" || char === "`") at = stringEnd(code, at, char);
    else if (pairs[char] !== undefined) stack.push(pairs[char]);
    else if (char === stack.at(-1)) {
      stack.pop();
      if (stack.length === 0) return code.slice(open + 1, at);
    }
  }
  return code.slice(open + 1);
}

function stringEnd(code: string, from: number, quote: string): number {
  for (let at = from + 1; at < code.length; at += 1) {
    if (code[at] === "\\") at += 1;
    else if (code[at] === quote) return at;
    else if (code[at] === "\n" && quote !== "`") return at;
  }
  return code.length;
}

/** Splits arguments or entries at the commas of the outermost level, without spaces around them; offsets count from the start of the text. */
export function splitEntries(text: string): { text: string; at: number }[] {
  const entries: { text: string; at: number }[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const char = text[at];
    if (char === '"' || char === "'" || char === "`") at = stringEnd(text, at, char);
    else if (char !== undefined && "([{".includes(char)) depth += 1;
    else if (char !== undefined && ")]}".includes(char)) depth -= 1;
    else if (at >= text.length || (char === "," && depth === 0)) {
      const part = text.slice(from, at);
      if (part.trim() !== "") entries.push({ text: part.trim(), at: from + part.search(/\S/) });
      from = at + 1;
    }
  }
  return entries;
}
