// Each star multiplies the work of a name that almost matches; real rules have two or three.
const MOST_STARS = 5;

/** The rules of a `.dockerignore`, for paths relative to the build context. Other than in a `.gitignore`, a pattern begins at the root and an exception brings back what lies in an ignored folder. */
export function dockerIgnoreRules(text: string): (path: string) => boolean {
  const rules = text.split("\n").flatMap((line) => {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) return [];
    const except = trimmed.startsWith("!");
    const pattern = cleaned(except ? trimmed.slice(1).trim() : trimmed);
    const stars = pattern.replace(/\*+/g, "*").split("*").length - 1;
    return pattern === "" || stars > MOST_STARS ? [] : [{ except, matches: matcher(pattern) }];
  });
  return (path) => {
    const clean = path.replace(/\/$/, "");
    const last = rules.findLast(({ matches }) => matches.test(clean));
    return last !== undefined && !last.except;
  };
}

/** `./a//b/` and `/a/b` as `a/b`; the root itself as nothing. */
function cleaned(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** Matches a path or anything below it. */
function matcher(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] as string;
    if (pattern.startsWith("**/", at)) {
      source += "(?:.*/)?";
      at += 2;
    } else if (pattern.startsWith("**", at)) {
      source += ".*";
      at += 1;
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "[" && pattern.indexOf("]", at + 2) > at) {
      const end = pattern.indexOf("]", at + 2);
      source += `[${pattern.slice(at + 1, end).replace(/\\|\[/g, "\\$&")}]`;
      at = end;
    } else if (char === "\\" && at + 1 < pattern.length) {
      at += 1;
      source += escaped(pattern[at] as string);
    } else source += escaped(char);
  }
  try {
    return new RegExp(`^${source}(?:/.*)?$`, "s");
  } catch {
    // A class that is none: Docker refuses the file, so that nothing is ignored.
    return /(?!)/;
  }
}

function escaped(char: string): string {
  return /[\w/]/.test(char) ? char : `\\${char}`;
}
