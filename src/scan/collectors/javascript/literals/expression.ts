import type { Masked } from "../../../../formats/mask.ts";
import { closingBracket } from "../../../call-arguments.ts";
import type { Span } from "./properties.ts";

const OPEN = "([{";
const CLOSE = ")]}";
const CONTINUES = /^\s*(?:\|\||&&|\?|:|\.|\+|as\b)/;
const UNFINISHED = /(?:\|\||&&|\?|[:.+=(,?])\s*$/;

/** Longer ones are no settings that people write. */
const LONGEST = 4_000;
const DEEPEST = 20;

/** Without blanks and the brackets around it. */
export function trimmed({ bare }: Masked, { from, to }: Span): Span {
  let start = from;
  let end = to;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    while (start < end && /\s/.test(bare[start] as string)) start += 1;
    while (end > start && /\s/.test(bare[end - 1] as string)) end -= 1;
    if (bare[start] !== "(" || closingBracket(bare, start) !== end - 1) break;
    start += 1;
    end -= 1;
  }
  return { from: start, to: end };
}

/** The parts of an expression between operators that stand in no brackets. One part means that there is none. */
export function split({ bare }: Masked, { from, to }: Span, operators: readonly string[]): Span[] {
  const parts: Span[] = [];
  let start = from;
  for (let at = from; at < to; at += 1) {
    const char = bare[at] as string;
    if (OPEN.includes(char)) {
      at = closingBracket(bare, at);
      continue;
    }
    const operator = operators.find((candidate) => bare.startsWith(candidate, at));
    // `?.` asks for a member, `??` for a value instead.
    if (operator === undefined || (operator === "?" && /^\?[.?]|^\?\?/.test(bare.slice(at, at + 2)))) {
      if (bare.startsWith("??", at)) at += 1;
      continue;
    }
    parts.push({ from: start, to: at });
    start = at + operator.length;
    at = start - 1;
  }
  return [...parts, { from: start, to }];
}

/** The arguments of the call whose opening bracket stands at `open`. */
export function argumentsAt(masked: Masked, open: number): Span[] {
  const end = closingBracket(masked.bare, open);
  const parts = split(masked, { from: open + 1, to: end }, [","]);
  return parts.map((part) => trimmed(masked, part)).filter(({ from, to }) => to > from);
}

/** Where an expression that starts at `from` ends: before `,` or `;`, the bracket around it, or a line that is complete. */
export function expressionFrom({ bare }: Masked, from: number): Span {
  const last = Math.min(bare.length, from + LONGEST);
  for (let at = from; at < last; at += 1) {
    const char = bare[at] as string;
    if (OPEN.includes(char)) at = closingBracket(bare, at);
    else if (char === "," || char === ";" || CLOSE.includes(char)) return { from, to: at };
    else if (
      char === "\n" &&
      !CONTINUES.test(bare.slice(at, at + 80)) &&
      !UNFINISHED.test(bare.slice(from, at)) &&
      bare.slice(from, at).trim() !== ""
    )
      return { from, to: at };
  }
  return { from, to: last };
}
