import { existsSync, readFileSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { systemCode, UserError } from "../core/errors.ts";
import { decodeText, isBinary } from "../formats/text.ts";
import { isIn, type Tree } from "../formats/tree.ts";
import { parseYaml } from "../formats/yaml.ts";
import { ownSnapshot } from "../generate/own-files.ts";
import { isFile } from "../generate/write.ts";
import type { Finding } from "../lint/finding.ts";
import { suppressionsOf } from "../lint/manifest-suppressions.ts";
import type { Suppression } from "../lint/suppressions.ts";
import { openFolder } from "../scan/open.ts";
import { type Snapshot, takeSnapshot } from "../scan/snapshot.ts";

const MANIFEST = "stationmaster.yaml";

/** What a check is about. */
export interface CheckScope {
  /** Folder that paths are relative to. */
  root: string;
  snapshot: Snapshot;
  /** The path of that folder in its repository, with `/` at the end; empty where it is the repository. */
  prefix: string;
  /** What people wrote themselves: what rules compare files with. */
  own: Snapshot;
  tree: Tree;
  /** The files that are judged. */
  only: readonly string[];
  suppressions: Suppression[];
  /** What is wrong with the suppressions themselves. */
  findings: Finding[];
}

/** Finds the folder of a check: that of the manifest above the path, else the folder itself; of a file, its repository. `UserError` for a path that is none. */
export function checkScope(path: string, { config }: { config?: string | undefined } = {}): CheckScope {
  const target = resolve(path);
  const found = lookAt(target);
  if (!found || !(found.isFile() || found.isDirectory()))
    throw new UserError({
      code: "SM-CHECK-PATH",
      message: found ? `${target} is neither file nor folder` : `there is no file or folder ${target}`,
      next: "name a file or folder of a repository",
    });
  const folder = found.isDirectory() ? target : dirname(target);
  const manifest = config === undefined ? manifestAbove(folder) : resolve(config);
  const home = manifest === undefined ? undefined : dirname(manifest);
  const root = home !== undefined && isBelow(folder, home) ? home : found.isDirectory() ? target : repositoryOf(folder);
  const files = openFolder(root);
  const snapshot = takeSnapshot(files);
  const inside = relative(root, target).split(sep).join("/") || ".";
  const tree = found.isDirectory() ? snapshot : withFile(snapshot, inside, target);
  return {
    root,
    prefix: prefixOf(root),
    snapshot,
    own: ownSnapshot(files, snapshot),
    tree,
    only: inside === "." ? tree.paths : tree.paths.filter((file) => isIn(file, inside)),
    ...readSuppressions(manifest, root),
  };
}

function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The manifest of the folder or of one above it, up to the root of its repository. */
function manifestAbove(folder: string): string | undefined {
  const file = join(folder, MANIFEST);
  if (isFile(file)) return file;
  return existsSync(join(folder, ".git")) || dirname(folder) === folder ? undefined : manifestAbove(dirname(folder));
}

/** The folder with the history above a file; without one its own, since nothing tells how far the application goes. */
function repositoryOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return folder;
  }
}

function prefixOf(root: string): string {
  const path = relative(repositoryOf(root), root).split(sep).join("/");
  return path === "" ? "" : `${path}/`;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/** A file that somebody names is judged, also where git ignores it. */
function withFile(tree: Tree, path: string, file: string): Tree {
  if (tree.has(path)) return tree;
  const bytes = readNamed(file);
  const text = isBinary(bytes) ? undefined : decodeText(bytes).text;
  return {
    paths: [...tree.paths, path].sort(),
    has: (other) => other === path || tree.has(other),
    text: (other) => (other === path ? text : tree.text(other)),
  };
}

/** A file that was named and so must be readable. */
function readNamed(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UserError({
      code: "SM-CHECK-PATH",
      message: `cannot read ${file} (${systemCode(cause) ?? "unknown reason"})`,
      next: "check the path and its permissions",
      cause,
    });
  }
}

function readSuppressions(manifest: string | undefined, root: string): Pick<CheckScope, "suppressions" | "findings"> {
  if (manifest === undefined) return { suppressions: [], findings: [] };
  const { suppressions, complaints } = suppressionsOf(parseYaml(decodeText(readNamed(manifest)).text));
  const file = isBelow(manifest, root) ? relative(root, manifest).split(sep).join("/") : basename(manifest);
  return {
    suppressions,
    findings: complaints.map((complaint) => ({ ...complaint, rule: "suppression", severity: "warning", file })),
  };
}
