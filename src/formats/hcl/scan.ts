/** Offset behind the expression that begins at `from`: at a line end or closing brace outside of all brackets and strings. */
export function expressionEnd(text: string, from: number): number {
  const open: string[] = [];
  let at = from;
  while (at < text.length) {
    if (open.at(-1) === '"') {
      at = inString(text, at, open);
      continue;
    }
    const char = text[at] as string;
    if (open.length === 0 && (char === "\n" || char === "}")) return at;
    const comment = commentEnd(text, at);
    if (comment !== undefined) {
      if (open.length === 0 && !text.startsWith("/*", at)) return at;
      at = comment;
    } else if (char === "<" && text[at + 1] === "<") at = heredocEnd(text, at) ?? at + 2;
    else {
      if (char === '"') open.push('"');
      else if (char === "(") open.push(")");
      else if (char === "[") open.push("]");
      else if (char === "{") open.push("}");
      else if (char === open.at(-1)) open.pop();
      at += 1;
    }
  }
  return text.length;
}

/** Offset behind a comment (before its line end), or undefined where none begins. */
export function commentEnd(text: string, at: number): number | undefined {
  if (text[at] === "#" || text.startsWith("//", at)) {
    const end = text.indexOf("\n", at);
    return end === -1 ? text.length : end;
  }
  if (!text.startsWith("/*", at)) return undefined;
  const end = text.indexOf("*/", at + 2);
  return end === -1 ? text.length : end + 2;
}

const HEREDOC = /<<-?([\w-]+)[^\S\n]*\n/y;

/** Offset behind the last word of a here-document, or undefined where none begins. */
function heredocEnd(text: string, at: number): number | undefined {
  HEREDOC.lastIndex = at;
  const start = HEREDOC.exec(text);
  if (!start) return undefined;
  const end = new RegExp(`^[^\\S\\n]*${start[1]}[^\\S\\n]*$`, "gm");
  end.lastIndex = at + start[0].length;
  const found = end.exec(text);
  return found ? found.index + found[0].length : text.length;
}

/** The next offset inside a quoted string; a placeholder opens code, an unfinished string ends at its line. */
function inString(text: string, at: number, open: string[]): number {
  if (text[at] === "\\") return at + 2;
  if (text.startsWith("$${", at) || text.startsWith("%%{", at)) return at + 3;
  if (text.startsWith("${", at) || text.startsWith("%{", at)) {
    open.push("}");
    return at + 2;
  }
  if (text[at] === '"' || text[at] === "\n") open.pop();
  return text[at] === "\n" ? at : at + 1;
}
