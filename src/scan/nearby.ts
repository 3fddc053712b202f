import { folderOf, joinPath } from "../formats/tree.ts";
import type { Snapshot } from "./snapshot.ts";

/** The file of this name in a folder or the nearest one above it. */
export function nearestFile(snapshot: Snapshot, folder: string, name: string): string | undefined {
  const path = joinPath(folder, name) as string;
  if (snapshot.has(path)) return path;
  return folder === "." ? undefined : nearestFile(snapshot, folderOf(folder), name);
}
