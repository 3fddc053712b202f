import { isDeepStrictEqual } from "node:util";
import { splitCommand } from "../config/command.ts";
import type { ManifestConfig } from "../config/schema.ts";
import type { ScannedService } from "../contract/scan.ts";
import type { Tree } from "../formats/tree.ts";
import { localCommand } from "./init/local-command.ts";

/** Files that are on one machine and not on another: installed packages, environments of Python. */
const INSTALLED: readonly ((path: string, tree: Tree) => boolean)[] = [
  (path, tree) => tree.has(path),
  (path, tree) => tree.has(path) || /(?:^|\/)node_modules\/\.bin\//.test(path),
  (path, tree) => tree.has(path) || /(?:^|\/)\.venv\/bin\//.test(path),
  (path, tree) => tree.has(path) || /(?:^|\/)venv\/bin\//.test(path),
];

/**
 * The manifest without the start command that `init` wrote to run the service on this machine: it decides nothing about
 * production, where the facts say how it starts. One that people wrote or changed stays.
 */
export function withDecidedStart(
  manifest: ManifestConfig,
  name: string,
  scanned: ScannedService | undefined,
  tree: Tree,
): ManifestConfig {
  const config = manifest.services[name];
  if (!config?.start || !scanned) return manifest;
  const isLocal = localStarts(scanned, tree).some((start) => {
    const split = splitCommand(start);
    return "argv" in split && isDeepStrictEqual(split.argv, config.start);
  });
  if (!isLocal) return manifest;
  const { start: _, ...rest } = config;
  return { ...manifest, services: { ...manifest.services, [name]: rest } };
}

/** The start commands that `init` may have written for a service, on whatever machine it ran. */
export function localStarts(scanned: ScannedService, tree: Tree): string[] {
  return INSTALLED.flatMap((isThere) => localCommand(scanned, tree, (path) => isThere(path, tree))?.start ?? []);
}
