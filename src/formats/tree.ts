/** The files of a folder, as rules see them. Paths are relative with `/`, without `./`, sorted. */
export interface Tree {
  readonly paths: readonly string[];
  has(path: string): boolean;
  /** The text with `\n` at the end of lines; undefined for what is absent, binary or unreadable. */
  text(path: string): string | undefined;
}

/** A tree of texts in memory. */
export function memoryTree(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files).sort();
  return {
    paths,
    has: (path) => Object.hasOwn(files, path),
    text: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
  };
}

/** `a/b` and `../c` as one path; `.` is the root. Undefined where it would leave the root. */
export function joinPath(folder: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of [...(path.startsWith("/") ? [] : folder.split("/")), ...path.split("/")]) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/") || ".";
}

/** The folder a path lies in; `.` for the root. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at === -1 ? "." : path.slice(0, at);
}

/** The last part of a path. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The extension of a path without its dot, in lower case; empty where there is none. */
export function extensionOf(path: string): string {
  const at = path.lastIndexOf(".");
  return at <= path.lastIndexOf("/") + 1 ? "" : path.slice(at + 1).toLowerCase();
}

/** Whether a path is the folder itself or lies in it. */
export function isIn(path: string, folder: string): boolean {
  return folder === "." || path === folder || path.startsWith(`${folder}/`);
}
