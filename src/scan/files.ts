import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";

/** A file below the root; `path` is relative with `/`. */
export interface FileEntry {
  path: string;
  size: number;
}

export interface FileProblem {
  path: string;
  message: string;
}

/** A folder with files: on disk, in memory, or of a commit. */
export interface Files {
  /** Name for people: the folder. */
  readonly root: string;
  /** The files and folders directly in a folder (`.` is the root), sorted; problems are what could not be looked at. */
  list(folder: string): { files: FileEntry[]; folders: string[]; problems: FileProblem[] };
  /** The first `most` bytes of a file; undefined where it cannot be read. */
  read(path: string, most: number): Uint8Array | undefined;
}

/** The files below a folder of this machine. Links that leave it or lead to a folder above are told and not followed. */
export function diskFiles(root: string): Files {
  const real = realpathSync(root);
  return {
    root,
    list(folder) {
      const files: FileEntry[] = [];
      const folders: string[] = [];
      const problems: FileProblem[] = [];
      const here = folder === "." ? real : join(real, folder);
      for (const name of namesIn(here, folder, problems)) {
        const path = folder === "." ? name : `${folder}/${name}`;
        const found = look(join(here, name), real);
        if ("problem" in found) problems.push({ path, message: found.problem });
        else if (found.folder) folders.push(path);
        else files.push({ path, size: found.size });
      }
      return { files, folders, problems };
    },
    read: (path, most) => readHead(join(real, path), most),
  };
}

/** Files in memory, by path. */
export function memoryFiles(files: Readonly<Record<string, string | Uint8Array>>, root = "memory"): Files {
  const bytes = new Map(
    Object.entries(files).map(([path, body]) => [
      path,
      typeof body === "string" ? new TextEncoder().encode(body) : body,
    ]),
  );
  return {
    root,
    list(folder) {
      const prefix = folder === "." ? "" : `${folder}/`;
      const inside = [...bytes.keys()].filter((path) => path.startsWith(prefix)).sort();
      const parts = inside.map((path) => ({ path, rest: path.slice(prefix.length).split("/") }));
      return {
        files: parts.flatMap(({ path, rest }) =>
          rest.length === 1 ? [{ path, size: bytes.get(path)?.byteLength ?? 0 }] : [],
        ),
        folders: [...new Set(parts.flatMap(({ rest }) => (rest.length > 1 ? [`${prefix}${rest[0]}`] : [])))],
        problems: [],
      };
    },
    read: (path, most) => bytes.get(path)?.subarray(0, most),
  };
}

function namesIn(folder: string, path: string, problems: FileProblem[]): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    problems.push({ path, message: `cannot be read: ${reason(error)}` });
    return [];
  }
}

function look(path: string, root: string): { folder: boolean; size: number } | { problem: string } {
  try {
    const own = lstatSync(path);
    if (!own.isSymbolicLink()) return kindOf(own);
    const target = realpathSync(path);
    if (target !== root && !target.startsWith(root + sep)) return { problem: "a link out of the repository" };
    const found = statSync(path);
    // What a linked folder holds is counted where it lies.
    return found.isDirectory() ? { problem: "a link to a folder" } : kindOf(found);
  } catch (error) {
    return { problem: `cannot be looked at: ${reason(error)}` };
  }
}

function kindOf(stat: { isDirectory(): boolean; isFile(): boolean; size: number }) {
  if (stat.isDirectory() || stat.isFile()) return { folder: stat.isDirectory(), size: stat.size };
  return { problem: "neither file nor folder" };
}

function readHead(path: string, most: number): Uint8Array | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const { size } = fstatSync(file);
    const buffer = new Uint8Array(Math.min(size, most));
    let length = 0;
    while (length < buffer.byteLength) {
      const count = readSync(file, buffer, length, buffer.byteLength - length, length);
      if (count === 0) break;
      length += count;
    }
    return buffer.subarray(0, length);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function reason(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}
