import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { join, sep } from "node:path";
import { systemCode } from "../core/errors.ts";
import type { FileEntry, FileProblem, Files } from "./files.ts";

/** The files below a folder of this machine. Links that leave it or lead to a folder are told and not followed. */
export function diskFiles(root: string): Files {
  const real = realpathSync(root);
  return {
    root,
    list(folder) {
      const files: FileEntry[] = [];
      const folders: string[] = [];
      const problems: FileProblem[] = [];
      const here = folder === "." ? real : join(real, folder);
      for (const item of itemsIn(here, folder, problems)) {
        const path = folder === "." ? item.name : `${folder}/${item.name}`;
        const found = item.isDirectory() ? FOLDER : look(`${here}${sep}${item.name}`, real);
        if ("problem" in found) problems.push({ path, message: found.problem });
        else if (found.folder) folders.push(path);
        else files.push({ path, size: found.size });
      }
      return { files, folders, problems };
    },
    read: (path, most) => readHead(join(real, path), most),
  };
}

type Found = { folder: boolean; size: number } | { problem: string };
const FOLDER: Found = { folder: true, size: 0 };

function itemsIn(folder: string, path: string, problems: FileProblem[]): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    problems.push({ path, message: `cannot be read: ${reason(error)}` });
    return [];
  }
}

function look(path: string, root: string): Found {
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

function kindOf(stat: { isDirectory(): boolean; isFile(): boolean; size: number }): Found {
  if (stat.isDirectory() || stat.isFile()) return { folder: stat.isDirectory(), size: stat.size };
  return { problem: "neither file nor folder" };
}

function readHead(path: string, most: number): Uint8Array | undefined {
  let file: number | undefined;
  try {
    // What has become a pipe in the meantime would hold an ordinary reader for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) return undefined;
    // From the pool: a block of memory of its own for each of ten thousand small files is a lot to collect.
    const buffer = Buffer.allocUnsafe(Math.min(stat.size, most));
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
  return systemCode(error) ?? "unknown reason";
}
