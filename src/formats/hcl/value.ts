import { commentEnd } from "./scan.ts";

/** Functions whose result is their first argument, as far as rules about values are concerned. */
const THROUGH = new Set([
  "jsonencode",
  "tolist",
  "toset",
  "tostring",
  "tonumber",
  "tobool",
  "sensitive",
  "nonsensitive",
]);
const MOST_DEPTH = 60;
const VALUE_ENDS = /^(?:$|[,\n\])}])/;
const KEY_ENDS = /^(?:=(?!=)|:)/;

/** What is only known when the configuration runs: a reference, a calculation. */
const UNKNOWN = undefined;

/**
 * The plain value of an expression of HCL. `undefined` is what only a run can know; a string may hold `${…}`.
 * `jsonencode(x)` is the value of x.
 */
export function hclValue(text: string): unknown {
  const reader = new Reader(text);
  const value = reader.value(0);
  return reader.atEnd() ? value : UNKNOWN;
}

class Reader {
  #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#skip();
    return this.#at >= this.#text.length;
  }

  value(depth: number, ends = VALUE_ENDS): unknown {
    this.#skip();
    const start = this.#at;
    const value = depth > MOST_DEPTH ? UNKNOWN : this.#primary(depth);
    this.#skip(false);
    // Whatever follows (an operator, an index, an attribute) makes it a calculation.
    if (ends.test(this.#text.slice(this.#at, this.#at + 2)) && this.#at > start) return value;
    this.#skipRest();
    return UNKNOWN;
  }

  #primary(depth: number): unknown {
    const rest = this.#text.slice(this.#at, this.#at + 64);
    if (rest.startsWith('"')) return this.#string();
    if (rest.startsWith("<<")) return this.#heredoc();
    if (rest.startsWith("[")) return this.#list(depth);
    if (rest.startsWith("{")) return this.#object(depth);
    const number = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/.exec(rest)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      return Number(number);
    }
    const name = /^[A-Za-z_][\w-]*/.exec(rest)?.[0];
    if (name === undefined) return UNKNOWN;
    this.#at += name.length;
    if (this.#text[this.#at] === "(") return this.#call(name, depth);
    if (name === "true" || name === "false") return name === "true";
    return name === "null" ? null : UNKNOWN;
  }

  #call(name: string, depth: number): unknown {
    const args = this.#items(")", () => this.value(depth + 1));
    return THROUGH.has(name) ? args[0] : UNKNOWN;
  }

  #list(depth: number): unknown {
    if (/^\[\s*for\b/.test(this.#text.slice(this.#at, this.#at + 200))) return this.#skipRest();
    return this.#items("]", () => this.value(depth + 1));
  }

  #object(depth: number): unknown {
    if (/^\{\s*for\b/.test(this.#text.slice(this.#at, this.#at + 200))) return this.#skipRest();
    const entries = this.#items("}", () => this.#entry(depth));
    return Object.fromEntries(entries.filter((entry) => entry !== undefined));
  }

  #entry(depth: number): [string, unknown] | undefined {
    const bare = /^[A-Za-z_][\w-]*(?=\s*[=:])/.exec(this.#text.slice(this.#at, this.#at + 128))?.[0];
    const key = bare ?? this.value(depth + 1, KEY_ENDS);
    if (bare !== undefined) this.#at += bare.length;
    this.#skip();
    if (!/[=:]/.test(this.#text[this.#at] ?? "")) return undefined;
    this.#at += 1;
    const value = this.value(depth + 1);
    return typeof key === "string" && key !== "__proto__" ? [key, value] : undefined;
  }

  /** What stands between the bracket here and its end. */
  #items<T>(close: string, item: () => T): T[] {
    const found: T[] = [];
    this.#at += 1;
    for (;;) {
      this.#skip();
      if (this.#at >= this.#text.length) return found;
      if (this.#text[this.#at] === close) {
        this.#at += 1;
        return found;
      }
      const before = this.#at;
      if (this.#text[this.#at] === ",") this.#at += 1;
      else found.push(item());
      if (this.#at === before) this.#at += 1;
    }
  }

  #string(): unknown {
    const start = this.#at + 1;
    let depth = 0;
    for (this.#at = start; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text[this.#at];
      if (char === "\\") this.#at += 1;
      else if (depth === 0 && char === '"') {
        const raw = this.#text.slice(start, this.#at);
        this.#at += 1;
        return unescaped(raw);
      } else if (char === "{" && (depth > 0 || /[$%]/.test(this.#text[this.#at - 1] ?? ""))) depth += 1;
      else if (char === "}" && depth > 0) depth -= 1;
    }
    return UNKNOWN;
  }

  #heredoc(): unknown {
    const start = /^<<(-?)([\w-]+)[^\S\n]*\n/.exec(this.#text.slice(this.#at));
    if (!start) return this.#skipRest();
    const from = this.#at + start[0].length;
    const end = new RegExp(`^[^\\S\\n]*${start[2]}[^\\S\\n]*$`, "m").exec(this.#text.slice(from));
    this.#at = end ? from + end.index + end[0].length : this.#text.length;
    return this.#text.slice(from, end ? from + end.index : undefined);
  }

  /** To the end of this value: the next comma, line end or closing bracket that is not inside of brackets or strings. */
  #skipRest(): undefined {
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text[this.#at] as string;
      if (char === '"') {
        this.#string();
        this.#at -= 1;
      } else if (/[([{]/.test(char)) depth += 1;
      else if (/[)\]}]/.test(char)) {
        if (depth === 0) return;
        depth -= 1;
      } else if (depth === 0 && (char === "," || char === "\n")) return;
    }
  }

  #skip(lines = true): void {
    for (; this.#at < this.#text.length; ) {
      const comment = commentEnd(this.#text, this.#at);
      if (comment !== undefined) this.#at = comment;
      else if ((lines ? /\s/ : /[^\S\n]/).test(this.#text[this.#at] as string)) this.#at += 1;
      else return;
    }
  }
}

function unescaped(raw: string): string {
  return raw.replace(/\\(.)/g, (_, char: string) => ({ n: "\n", t: "\t", r: "\r" })[char] ?? char);
}
