import ignore from "ignore";

/**
 * Whether a path (relative, with `/`; of a folder with `/` at its end) is ignored: true or false where a rule says so, undefined
 * where none speaks of it.
 */
export type Ignores = (path: string) => boolean | undefined;

// Each star of a rule multiplies the work of a name that almost matches; real rules have two or three.
const MOST_STARS = 4;
const MOST_RULES = 2_000;

/** The rules of a `.gitignore` or `.dockerignore`-like text that lies in `folder` (`.` is the root). Never throws. */
export function ignoreRules(text: string, folder: string): Ignores {
  // Paths of odd names, such as `...`, look like paths that leave the folder.
  const rules = ignore({ ignoreCase: false, allowRelativePaths: true });
  for (const line of text.split("\n", MOST_RULES)) if (isHarmless(line)) addRule(rules, line);
  const prefix = folder === "." ? "" : `${folder}/`;
  return (path) => {
    if (!path.startsWith(prefix) || path.length === prefix.length) return undefined;
    const { ignored, unignored } = rules.test(path.slice(prefix.length));
    return ignored ? true : unignored ? false : undefined;
  };
}

/** The word of the rules nearest to a path: those of a folder go before those of the folders above it. */
export function isIgnored(path: string, fromRoot: readonly Ignores[]): boolean {
  for (let at = fromRoot.length - 1; at >= 0; at -= 1) {
    const said = fromRoot[at]?.(path);
    if (said !== undefined) return said;
  }
  return false;
}

function isHarmless(rule: string): boolean {
  const folders = rule.match(/\*\*/g)?.length ?? 0;
  const stars = rule.replace(/\*\*\/?/g, "").match(/\*+/g)?.length ?? 0;
  return folders <= MOST_STARS && stars <= MOST_STARS && rule.length < 1_000;
}

function addRule(rules: ReturnType<typeof ignore>, line: string): void {
  try {
    rules.add(line);
  } catch {
    // A pattern that makes no expression ignores nothing.
  }
}
