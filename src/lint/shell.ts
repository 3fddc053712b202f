/** A word as the shell hands it to the program, and where it stands. */
export interface ShellWord {
  /** Without quotes; variables and commands inside stay as they are written. */
  text: string;
  start: number;
  end: number;
  /** Whether nothing in it is replaced: no variable, no command, no pattern. */
  literal: boolean;
}

/** A command of a script with its place: what rules about scripts ask for. */
export interface ShellStep {
  /** Assignments in front of the program. */
  env: Record<string, string>;
  /** The program and its arguments. */
  words: ShellWord[];
  argv: string[];
  redirects: { mark: string; target: string }[];
  /** What stands behind it: `&&`, `||`, `;`, `|`, `&`, a line end, or nothing. */
  next: string;
  /** 0 for the script itself; more inside `( )`, `$( )` and back quotes. */
  depth: number;
  start: number;
  end: number;
}

const OPERATORS = ["&&", "||", ";;", "|&", ";", "|", "&", "\n"];
/** Words before a command that are none. */
const KEYWORDS = new Set(["if", "then", "else", "elif", "while", "until", "do", "!", "{", "time"]);
const CLOSERS = new Set(["fi", "done", "}", "esac"]);
const ASSIGNMENT = /^([A-Za-z_]\w*)\+?=(.*)$/s;
const REDIRECT = /^\d?(?:>>|>\||&>>?|>&|<<<|<<-?|<&|<>|>|<)/;
const MOST_DEPTH = 20;

/** Reads a script of a POSIX shell. Never throws: an open quote ends with the text. */
export function shellSteps(text: string): ShellStep[] {
  const steps: ShellStep[] = [];
  read(text, { at: 0, depth: 0, until: "", steps });
  return steps.sort((a, b) => a.start - b.start);
}

interface Part {
  at: number;
  depth: number;
  /** What ends it: `)`, a back quote, or nothing. */
  until: string;
  steps: ShellStep[];
}

/** Reads to the end of a part; answers the offset behind it. */
function read(text: string, { at: from, depth, until, steps }: Part): number {
  let at = from;
  let words: ShellWord[] = [];
  let redirects: ShellStep["redirects"] = [];
  let bodies: string[] = [];
  const end = (next: string) => {
    const step = stepOf(words, redirects, { next, depth });
    if (step) steps.push(step);
    words = [];
    redirects = [];
  };
  while (at < text.length) {
    const char = text[at] as string;
    if (until !== "" && char === until) {
      end("");
      return at + 1;
    }
    const redirect = /[\d<>&]/.test(char) ? REDIRECT.exec(text.slice(at, at + 4))?.[0] : undefined;
    const operator = redirect ? undefined : OPERATORS.find((mark) => text.startsWith(mark, at));
    if (redirect) {
      const word = wordAt(text, skipSpace(text, at + redirect.length), { depth, until, steps });
      redirects.push({ mark: redirect.replace(/^\d/, ""), target: word.text });
      if (/<<-?$/.test(redirect)) bodies.push(word.text);
      at = word.end;
    } else if (operator) {
      end(operator === ";;" ? ";" : operator);
      at += operator.length;
      if (operator === "\n") {
        for (const name of bodies) at = behindBody(text, at, name);
        bodies = [];
      }
    } else if (/\s/.test(char)) at += 1;
    else if (text.startsWith("\\\n", at)) at += 2;
    else if (char === "#") at = lineEnd(text, at);
    else if (char === "(" && depth < MOST_DEPTH) {
      // `name() {` begins a function.
      words = [];
      at = read(text, { at: at + 1, depth: depth + 1, until: ")", steps });
    } else if (char === ")") {
      // The pattern of a `case`, and its alternatives.
      words = [];
      while (steps.at(-1)?.next === "|" && steps.at(-1)?.words.length === 1) steps.pop();
      at += 1;
    } else {
      const word = wordAt(text, at, { depth, until, steps });
      words.push(word);
      at = Math.max(word.end, at + 1);
    }
  }
  end("");
  return at;
}

function stepOf(
  given: readonly ShellWord[],
  redirects: ShellStep["redirects"],
  { next, depth }: Pick<ShellStep, "next" | "depth">,
): ShellStep | undefined {
  let words = [...given];
  while (words[0] && KEYWORDS.has(words[0].text)) words = words.slice(1);
  const first = words[0];
  if (!first || first.text === "for" || first.text === "case" || CLOSERS.has(first.text)) return undefined;
  const count = words.findIndex(({ text }) => !ASSIGNMENT.test(text));
  const assigned = count === -1 ? words : words.slice(0, count);
  const own = words.slice(assigned.length);
  return {
    env: Object.fromEntries(
      assigned.map(({ text }) => {
        const [, name = "", value = ""] = ASSIGNMENT.exec(text) ?? [];
        return [name, value];
      }),
    ),
    words: own,
    argv: own.map(({ text }) => text),
    redirects,
    next,
    depth,
    start: first.start,
    end: words.at(-1)?.end ?? first.end,
  };
}

/** The word that begins at an offset. */
function wordAt(text: string, from: number, part: Omit<Part, "at">): ShellWord {
  let word = "";
  let literal = true;
  let at = from;
  const substitution = (): boolean => {
    const open = text[at] === "`" ? "`" : text.startsWith("$(", at) ? "$(" : "";
    if (open === "" || part.depth >= MOST_DEPTH || (open === "`" && part.until === "`")) return false;
    const behind = read(text, {
      at: at + open.length,
      depth: part.depth + 1,
      until: open === "`" ? "`" : ")",
      steps: part.steps,
    });
    word += text.slice(at, behind);
    literal = false;
    at = behind;
    return true;
  };
  while (at < text.length) {
    const char = text[at] as string;
    if (/[\s;|&()<>]/.test(char) || (part.until !== "" && char === part.until)) break;
    if (char === "'") {
      const close = text.indexOf("'", at + 1);
      word += text.slice(at + 1, close === -1 ? undefined : close);
      at = close === -1 ? text.length : close + 1;
    } else if (char === '"') {
      at += 1;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === "\\" && /["\\$`\n]/.test(text[at + 1] ?? "")) {
          word += text[at + 1];
          at += 2;
        } else if (!substitution()) {
          if (text[at] === "$") literal = false;
          word += text[at];
          at += 1;
        }
      }
      at += 1;
    } else if (char === "\\") {
      if (text[at + 1] !== "\n") word += text[at + 1] ?? "";
      at += 2;
    } else if (text.startsWith("${", at)) {
      const close = text.indexOf("}", at);
      word += text.slice(at, close === -1 ? undefined : close + 1);
      literal = false;
      at = close === -1 ? text.length : close + 1;
    } else if (!substitution()) {
      if (/[$*?[]/.test(char)) literal = false;
      word += char;
      at += 1;
    }
  }
  return { text: word, start: from, end: Math.min(at, text.length), literal };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at += 1;
  return at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

/** Behind the lines of a here-document. */
function behindBody(text: string, from: number, name: string): number {
  let at = from;
  while (at < text.length) {
    const end = lineEnd(text, at);
    if (text.slice(at, end).trim() === name) return Math.min(end + 1, text.length);
    at = end + 1;
  }
  return text.length;
}
