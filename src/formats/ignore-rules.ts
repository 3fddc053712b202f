import ignore from "ignore";

/** Whether a path (relative, with `/`; of a folder with `/` at its end) is ignored. */
export type Ignores = (path: string) => boolean;

/** The rules of a `.gitignore` or `.dockerignore`-like text that lies in `folder` (`.` is the root). */
export function ignoreRules(text: string, folder: string): Ignores {
  const rules = ignore().add(text);
  const prefix = folder === "." ? "" : `${folder}/`;
  return (path) => {
    if (!path.startsWith(prefix) || path.length === prefix.length) return false;
    return rules.ignores(path.slice(prefix.length));
  };
}
