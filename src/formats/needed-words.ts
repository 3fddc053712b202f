const known = new WeakMap<RegExp, readonly string[]>();

/** Words that each text has which a pattern matches: to look for them first takes a fraction of the time. Blanks are in none of them. */
export function neededWords(pattern: RegExp): readonly string[] {
  const found = known.get(pattern) ?? readWords(pattern);
  known.set(pattern, found);
  return found;
}

/** Whether a text may match: it has the words that each match has. */
export function mayMatch(text: string, pattern: RegExp): boolean {
  for (const word of neededWords(pattern)) if (!text.includes(word)) return false;
  return true;
}

/** Where a pattern (with the flag `g`) matches; quick where the text has not even its words. */
export function matchesIn(text: string, pattern: RegExp): Iterable<RegExpExecArray> {
  return mayMatch(text, pattern) ? text.matchAll(pattern) : [];
}

const SHORTEST = 2;

function readWords({ source, flags }: RegExp): string[] {
  if (/[iuv]/.test(flags)) return [];
  const words: string[] = [];
  let word = "";
  const end = () => {
    if (word.length >= SHORTEST) words.push(word);
    word = "";
  };
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] as string;
    // What stands beside it may match instead.
    if (char === "|") return [];
    if (char === "(" || char === "[") {
      end();
      at = char === "(" ? groupEnd(source, at) : classEnd(source, at);
    } else if (char === "*" || char === "?" || char === "{") {
      word = word.slice(0, -1);
      end();
      if (char === "{") at = Math.max(at, source.indexOf("}", at));
    } else if (char === "\\" && /[\w\s]/.test(source[at + 1] ?? "")) {
      end();
      at += escapeLength(source, at);
    } else if (char === "\\") {
      at += 1;
      word += source[at] ?? "";
    } else if (/[.^$+\s]/.test(char)) end();
    else word += char;
  }
  end();
  return [...new Set(words)].sort((a, b) => b.length - a.length);
}

/** Where a group ends that starts at an offset. */
function groupEnd(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === "\\") at += 1;
    else if (char === "[") at = classEnd(source, at);
    else if (char === "(") depth += 1;
    else if (char === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return source.length;
}

function classEnd(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === "]") return at;
  }
  return source.length;
}

/** How much of an escape follows its backslash: `\b`, `\x60`, `\u00A0`, `\k<name>`, `\12`. */
function escapeLength(source: string, at: number): number {
  const form = /^(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[a-zA-Z]|k<\w+>|\d+|.)/.exec(source.slice(at + 1));
  return form?.[0].length ?? 1;
}
