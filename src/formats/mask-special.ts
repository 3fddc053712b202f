import type { Family } from "./mask-syntax.ts";

/** A stretch of text from its first to behind its last character. */
export type Span = readonly [from: number, to: number];

/** What a rule of one family found where a mark stands. */
export interface Special {
  /** Where reading goes on. */
  end: number;
  comment?: Span;
  insides?: readonly Span[];
}

/** Looks at a mark before the common rules do; undefined where it is nothing special. */
type Rule = (text: string, at: number) => Special | undefined;

export const SPECIAL: Partial<Record<Family, Rule>> = {
  javascript: (text, at) => (text[at] === "`" ? template(text, at) : text[at] === "/" ? pattern(text, at) : undefined),
  c: verbatim,
  rust: (text, at) => (text[at] === "'" ? character(text, at) : rawString(text, at)),
  python: docstring,
  elixir: elixirDoc,
};

/** A regular expression may hold quotes: `/["']/`. */
function pattern(text: string, at: number): Special | undefined {
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  if (!/(?:[(,=:[!&|?{};]|\b(?:return|typeof|case))$/.test(before) && before !== "") return undefined;
  const literal = /\/(?![*/>])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
  literal.lastIndex = at;
  return literal.test(text) ? { end: literal.lastIndex } : undefined;
}

const MOST_TEMPLATES = 50;

/** A template string: what stands in `${…}` is code and stays. */
function template(text: string, at: number): Special {
  const insides: Span[] = [];
  const end = templateEnd(text, at + 1, insides, 0);
  return { end, insides };
}

function templateEnd(text: string, from: number, insides: Span[], level: number): number {
  const stop = /[`\\]|\$\{/g;
  let start = from;
  stop.lastIndex = from;
  for (let found = stop.exec(text); found; found = stop.exec(text)) {
    if (found[0] === "\\") stop.lastIndex += 1;
    else if (found[0] === "`") {
      insides.push([start, found.index]);
      return found.index + 1;
    } else if (level < MOST_TEMPLATES) {
      insides.push([start, found.index]);
      start = expressionEnd(text, stop.lastIndex, insides, level);
      stop.lastIndex = start;
    }
  }
  insides.push([start, text.length]);
  return text.length;
}

function expressionEnd(text: string, from: number, insides: Span[], level: number): number {
  const stop = /[{}`"'\n]/g;
  stop.lastIndex = from;
  let depth = 1;
  for (let found = stop.exec(text); found; found = stop.exec(text)) {
    const [mark] = found;
    if (mark === "{") depth += 1;
    else if (mark === "}") depth -= 1;
    else if (mark === "`") stop.lastIndex = templateEnd(text, stop.lastIndex, insides, level + 1);
    else if (mark !== "\n") {
      const string = mark === '"' ? /(?:[^"\\\n]|\\.)*"/y : /(?:[^'\\\n]|\\.)*'/y;
      string.lastIndex = stop.lastIndex;
      if (string.test(text)) {
        insides.push([stop.lastIndex, string.lastIndex - 1]);
        stop.lastIndex = string.lastIndex;
      }
    }
    if (depth === 0) return stop.lastIndex;
  }
  return text.length;
}

/** C#: in `@"…"` a backslash is a backslash. */
function verbatim(text: string, at: number): Special | undefined {
  if (text[at] !== '"' || !/@\$?$/.test(text.slice(Math.max(0, at - 2), at))) return undefined;
  const close = /"(?!")|""/g;
  close.lastIndex = at + 1;
  for (let found = close.exec(text); found; found = close.exec(text))
    if (found[0] === '"') return { end: close.lastIndex, insides: [[at + 1, found.index]] };
  return undefined;
}

/** Rust: `'"'` is a character, `'a` a lifetime. */
function character(text: string, at: number): Special | undefined {
  const literal = /'(?:[^\\'\n]|\\[^\n]{1,10}?)'/y;
  literal.lastIndex = at;
  return literal.test(text) ? { end: literal.lastIndex } : undefined;
}

/** Rust: `r#"…"#`. */
function rawString(text: string, at: number): Special | undefined {
  const open = /\br(#*)$/.exec(text.slice(Math.max(0, at - 12), at));
  if (text[at] !== '"' || !open) return undefined;
  const close = `"${open[1]}`;
  const end = text.indexOf(close, at + 1);
  return end === -1 ? undefined : { end: end + close.length, insides: [[at + 1, end]] };
}

/** A string that is a statement of its own says something to people. */
function docstring(text: string, at: number): Special | undefined {
  const mark = text.slice(at, at + 3);
  if (mark !== '"""' && mark !== "'''") return undefined;
  const before = text.slice(Math.max(0, at - 200), at);
  if (!/(?:^|\n)[ \t]*[rRuUbB]?$/.test(before) || /[([{,=+%\\:|]\s*$/.test(before.replace(/:\s*$/, "")))
    return undefined;
  // A value of a mapping may stand on a line of its own: `"key":`.
  if (/["'\w\])]:\s*$/.test(before) && /["']:\s*$/.test(before)) return undefined;
  const end = text.indexOf(mark, at + 3);
  return { end: end === -1 ? text.length : end + 3, comment: [at, end === -1 ? text.length : end + 3] };
}

/** `@doc """`, and the character `?"`. */
function elixirDoc(text: string, at: number): Special | undefined {
  if (text[at - 1] === "?" && (text[at] === '"' || text[at] === "'")) return { end: at + 1 };
  if (!text.startsWith('"""', at) || !/@(?:module|type)?doc\s*(?:~[sS])?$/.test(text.slice(Math.max(0, at - 20), at)))
    return undefined;
  const end = text.indexOf('"""', at + 3);
  const to = end === -1 ? text.length : end + 3;
  return { end: to, comment: [at, to] };
}
