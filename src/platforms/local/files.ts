import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readdir, readFile, readlink, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { systemCode, UserError } from "../../core/errors.ts";

/** Never part of a release: history, caches, our own state. */
const LEFT_OUT = new Set([".git", ".hg", ".svn", ".stationmaster", "__pycache__", ".pytest_cache", ".DS_Store"]);
/** Installed dependencies: linked, not copied, unless the service builds in its copy. */
const DEPENDENCIES = new Set(["node_modules", ".venv", "venv"]);
const MOST_BYTES = 2_000_000_000;
const MOST_FILES = 200_000;

interface Entry {
  path: string;
  kind: "file" | "link" | "dependencies";
  size: number;
}

export interface TreeOptions {
  root: string;
  /** Absolute paths that are left out (the state directory, `exclude`, `data`). */
  without: readonly string[];
}

/** Every file below `folder` that belongs to a release, sorted by path. */
async function list(folder: string, { without }: TreeOptions): Promise<Entry[]> {
  const found: Entry[] = [];
  let bytes = 0;
  const walk = async (current: string): Promise<void> => {
    for (const item of await readFolder(current)) {
      const path = join(current, item.name);
      if (LEFT_OUT.has(item.name) || without.includes(path)) continue;
      if (DEPENDENCIES.has(item.name)) found.push({ path, kind: "dependencies", size: 0 });
      else if (item.isDirectory()) await walk(path);
      else if (item.isSymbolicLink()) found.push({ path, kind: "link", size: 0 });
      else if (item.isFile()) {
        const { size } = await stat(path);
        bytes += size;
        found.push({ path, kind: "file", size });
      }
      if (found.length > MOST_FILES || bytes > MOST_BYTES)
        throw new UserError({
          code: "SM-RELEASE-SIZE",
          message: `${folder} has more than ${MOST_FILES.toLocaleString("en")} files or 2 GB`,
          next: "leave folders out with `exclude` of the service",
        });
    }
  };
  await walk(folder);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readFolder(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new UserError({
        code: "SM-START-FOLDER",
        message: `the folder ${folder} does not exist`,
        next: "correct `path` of the service",
        cause,
      });
    throw new UserError({
      code: "SM-RELEASE-READ",
      message: `cannot read ${folder} (${code})`,
      next: "check its permissions, or leave it out with `exclude`",
      cause,
    });
  }
}

/** SHA-256 over the paths and contents below `folder`, `skip` folders left out. Dependencies count by name only: their lock file is in the tree. */
export async function fingerprint(folder: string, options: TreeOptions): Promise<string> {
  const hash = createHash("sha256");
  for (const entry of await list(folder, options)) {
    hash.update(`${entry.kind}\0${relative(folder, entry.path)}\0`);
    if (entry.kind === "file") hash.update(await readEntry(entry.path));
    if (entry.kind === "link") hash.update(await readlink(entry.path));
    hash.update("\0");
  }
  return hash.digest("hex");
}

async function readEntry(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UserError({
      code: "SM-RELEASE-READ",
      message: `cannot read ${path} (${systemCode(cause)})`,
      next: "check its permissions, or leave it out with `exclude`",
      cause,
    });
  }
}

/**
 * Copies the tree at `root` to `to` (all or nothing, by rename), sharing blocks where the file system can. Dependency
 * folders are linked to the originals; those below a folder in `ownDependencies` are copied, because a build changes them.
 */
export async function copyTree(
  to: string,
  options: TreeOptions & { ownDependencies: readonly string[] },
): Promise<void> {
  const partial = `${to}.partial`;
  await rm(partial, { recursive: true, force: true });
  for (const entry of await list(options.root, options)) {
    const target = join(partial, relative(options.root, entry.path));
    await mkdir(dirname(target), { recursive: true });
    if (entry.kind === "file") await copy(entry.path, target);
    else if (entry.kind === "link") await symlink(await linkTarget(entry.path, options.root), target);
    else if (options.ownDependencies.some((folder) => within(entry.path, folder)))
      await copyTreeWhole(entry.path, target);
    else await symlink(entry.path, target);
  }
  await mkdir(partial, { recursive: true });
  await rename(partial, to);
}

async function copy(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (cause) {
    const code = systemCode(cause);
    const next =
      code === "ENOSPC" ? "free disk space; old releases are below the state directory" : "check permissions";
    throw new UserError({
      code: "SM-RELEASE-COPY",
      message: `cannot copy ${from} into the release (${code})`,
      next,
      cause,
    });
  }
}

async function copyTreeWhole(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const item of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, item.name), join(to, item.name)];
    if (item.isDirectory()) await copyTreeWhole(source, target);
    else if (item.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (item.isFile()) await copy(source, target);
  }
}

/** A relative link inside the tree stays relative; one that leads out of it becomes absolute so that it still points there. */
async function linkTarget(path: string, root: string): Promise<string> {
  const target = await readlink(path);
  const absolute = resolve(dirname(path), target);
  return within(absolute, root) ? target : absolute;
}

export function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The nearest `node_modules` above `folder`, so that a copy elsewhere resolves the same packages. */
export async function dependenciesAbove(folder: string): Promise<string | undefined> {
  for (let current = dirname(folder); ; current = dirname(current)) {
    const candidate = join(current, "node_modules");
    if (
      await lstat(candidate).then(
        (found) => found.isDirectory(),
        () => false,
      )
    )
      return candidate;
    if (current === dirname(current)) return undefined;
  }
}
