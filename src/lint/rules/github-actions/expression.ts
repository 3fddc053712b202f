/** An expression of GitHub Actions: what stands in `${{ }}` or, bare, behind `if:`. */
export type Expression =
  | { kind: "literal"; value: string | number | boolean | null }
  /** `github.event.issue.title`; `*` for `.*` and for an index that is only known in a run. Lower case. */
  | { kind: "context"; path: string[]; indices: Expression[] }
  | { kind: "call"; name: string; args: Expression[] }
  | { kind: "not"; of: Expression }
  | { kind: "binary"; operator: string; left: Expression; right: Expression };

/** A `${{ }}` in a text: as it is written, and its expression where it can be read. */
export interface Embedded {
  raw: string;
  start: number;
  end: number;
  expression: Expression | undefined;
}

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|(-?0x[\da-fA-F]+|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_][\w-]*)|(&&|\|\||[=!<>]=|[!<>()[\].,*]))/y;
const LEVELS: readonly (readonly string[])[] = [["||"], ["&&"], ["==", "!="], ["<", "<=", ">", ">="]];
const MOST_DEPTH = 50;

/** The `${{ }}` of a text, in order. */
export function embeddedIn(text: string): Embedded[] {
  const found: Embedded[] = [];
  for (let start = text.indexOf("${{"); start !== -1; ) {
    let end = start + 3;
    let quoted = false;
    while (end < text.length && (quoted || !text.startsWith("}}", end))) {
      if (text[end] === "'") quoted = !quoted;
      end += 1;
    }
    if (end >= text.length) return found;
    const inside = text.slice(start + 3, end);
    found.push({ raw: text.slice(start, end + 2), start, end: end + 2, expression: parseExpression(inside) });
    start = text.indexOf("${{", end + 2);
  }
  return found;
}

/** Reads an expression; undefined for what is none. */
export function parseExpression(text: string): Expression | undefined {
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  let at = 0;
  const peek = () => tokens[at] ?? "";
  const take = (token: string) => {
    if (peek() !== token) throw new SyntaxError(token);
    at += 1;
  };
  const level = (index: number, depth: number): Expression => {
    if (depth > MOST_DEPTH) throw new SyntaxError("depth");
    const operators = LEVELS[index];
    if (!operators) return unary(depth);
    let left = level(index + 1, depth);
    while (operators.includes(peek())) {
      const operator = peek();
      at += 1;
      left = { kind: "binary", operator, left, right: level(index + 1, depth) };
    }
    return left;
  };
  const unary = (depth: number): Expression => {
    if (peek() !== "!") return postfix(primary(depth), depth);
    at += 1;
    if (depth > MOST_DEPTH) throw new SyntaxError("depth");
    return { kind: "not", of: unary(depth + 1) };
  };
  const primary = (depth: number): Expression => {
    const token = peek();
    at += 1;
    if (token === "(") {
      const inner = level(0, depth + 1);
      take(")");
      return inner;
    }
    if (token.startsWith("'")) return { kind: "literal", value: token.slice(1, -1).replaceAll("''", "'") };
    if (/^-?\d/.test(token)) return { kind: "literal", value: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) throw new SyntaxError(token);
    const name = token.toLowerCase();
    if (peek() === "(") return call(name, depth);
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
    return name === "null" ? { kind: "literal", value: null } : { kind: "context", path: [name], indices: [] };
  };
  const call = (name: string, depth: number): Expression => {
    const args: Expression[] = [];
    take("(");
    while (peek() !== ")") {
      args.push(level(0, depth + 1));
      if (peek() !== ")") take(",");
    }
    take(")");
    return { kind: "call", name, args };
  };
  const postfix = (of: Expression, depth: number): Expression => {
    const path: string[] = [];
    const indices: Expression[] = [];
    for (;;) {
      if (peek() === ".") {
        at += 1;
        if (!/^[A-Za-z_*]/.test(peek())) throw new SyntaxError(peek());
        path.push(peek().toLowerCase());
        at += 1;
      } else if (peek() === "[") {
        at += 1;
        if (peek() === "*") at += 1;
        else indices.push(level(0, depth + 1));
        take("]");
        const key = indices.at(-1);
        path.push(key?.kind === "literal" && typeof key.value === "string" ? key.value.toLowerCase() : "*");
      } else break;
    }
    if (path.length === 0 || of.kind !== "context") return of;
    return { ...of, path: [...of.path, ...path], indices };
  };
  try {
    const expression = level(0, 0);
    return at === tokens.length ? expression : undefined;
  } catch {
    return undefined;
  }
}

function tokensOf(text: string): string[] | undefined {
  const source = text.trim();
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (!match) return undefined;
    tokens.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? "");
  }
  return tokens.length > 0 ? tokens : undefined;
}
