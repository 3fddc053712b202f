import { extensionOf, folderOf, isIn, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Snapshot } from "../../snapshot.ts";

/** An `import` of a file: `from .models import User` has the level 1 and the module `models`. */
interface PythonImport {
  module: string;
  level: number;
  /** What is taken from the module; empty for a plain `import`. */
  names: readonly { name: string; as: string }[];
  offset: number;
}

const IMPORT = /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]+)|import[ \t]+([\w., \t]+))/gm;

const known = new WeakMap<Snapshot, Map<string, readonly PythonImport[]>>();

/** What a file imports; read once for each snapshot. */
export function importsOf(snapshot: Snapshot, file: string): readonly PythonImport[] {
  const files = known.get(snapshot) ?? new Map<string, readonly PythonImport[]>();
  known.set(snapshot, files);
  const found = files.get(file) ?? readImports(snapshot.text(file) ?? "");
  files.set(file, found);
  return found;
}

function readImports(text: string): PythonImport[] {
  return [...text.matchAll(IMPORT)].flatMap(({ 1: dots = "", 2: module = "", 3: list = "", 4: plain, index }) => {
    if (plain !== undefined)
      return plain
        .split(",")
        .map((part) => ({ module: part.trim().split(/\s/)[0] ?? "", level: 0, names: [], offset: index }));
    const names = list
      .replace(/#.*$|[()\\]/gm, "")
      .split(",")
      .flatMap((part) => {
        const [name = "", , as = name] = part.trim().split(/\s+/);
        return /^\w+$/.test(name) && /^\w+$/.test(as) ? [{ name, as }] : [];
      });
    return [{ module, level: dots.length, names, offset: index }];
  });
}

/** The Python files of the application that import one of these modules or a part of it. */
export function importers({ snapshot, sources }: View, modules: readonly string[]): string[] {
  return sources.filter(
    (file) =>
      extensionOf(file) === "py" &&
      importsOf(snapshot, file).some(
        ({ module, level }) => level === 0 && modules.some((name) => module === name || module.startsWith(`${name}.`)),
      ),
  );
}

/** Where Python finds a file: the folder on its path (relative to the unit), and the name below it. */
export interface ModuleName {
  root: string;
  module: string;
  /** Whether the file itself shows it, by what it imports. */
  isShown: boolean;
}

/**
 * How a file is imported. The folder is told by what it imports itself: `from app.db import x` beside `app/db.py`. An installed project
 * with a `src` folder needs none.
 */
export function moduleOf(view: View, file: string, installed: boolean): ModuleName {
  const { snapshot, unit } = view;
  const folders = foldersUpTo(folderOf(file), unit.path);
  const imports = importsOf(snapshot, file);
  const depth = Math.max(0, ...imports.map(({ level }) => level));
  const votes = folders.map((folder, index) => ({
    folder,
    count:
      index < depth
        ? -1
        : imports.filter((one) => one.level === 0 && isModule(snapshot, folder, one.module, file)).length,
  }));
  const best = Math.max(...votes.map(({ count }) => count));
  const src = joinPath(unit.path, "src") as string;
  const isLaidOut = installed && isIn(file, src) && !snapshot.has(`${src}/__init__.py`);
  const outermost = folders.at(-1) as string;
  const chosen =
    best > 0 ? (votes.findLast(({ count }) => count === best)?.folder ?? outermost) : isLaidOut ? src : outermost;
  const root = isLaidOut && chosen === src ? unit.path : chosen;
  return { root: relative(root, unit.path), module: dotted(relative(file, chosen)), isShown: best > 0 || depth > 0 };
}

/** How a file is imported where the folder on Python's path (relative to the unit) is known. */
export function moduleIn({ unit }: View, file: string, root: string): ModuleName {
  const folder = joinPath(unit.path, root) as string;
  return { root, module: dotted(relative(file, folder)), isShown: true };
}

function dotted(path: string): string {
  return path
    .replace(/\.py$/, "")
    .replace(/(?:^|\/)__init__$/, "")
    .replaceAll("/", ".");
}

/** Whether a folder holds the first part of a module's name, other than as the file that asks. */
function isModule(snapshot: Snapshot, folder: string, module: string, asking: string): boolean {
  const [first = "", second] = module.split(".");
  if (first === "") return false;
  const path = joinPath(folder, first) as string;
  if (snapshot.has(`${path}.py`)) return `${path}.py` !== asking;
  if (snapshot.has(`${path}/__init__.py`)) return true;
  return second === undefined
    ? snapshot.inFolder(path).some((inside) => extensionOf(inside) === "py")
    : snapshot.has(`${path}/${second}.py`) || snapshot.inFolder(`${path}/${second}`).length > 0;
}

function foldersUpTo(folder: string, end: string): string[] {
  return folder === end || folder === "." ? [folder] : [folder, ...foldersUpTo(folderOf(folder), end)];
}

/** A path of the repository as one from a folder above it; `.` for the folder itself. */
export function relative(path: string, folder: string): string {
  if (path === folder) return ".";
  return folder === "." ? path : path.slice(folder.length + 1);
}
