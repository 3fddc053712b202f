import { folderOf } from "../formats/tree.ts";
import type { Snapshot } from "./snapshot.ts";

/** The files of each unit's folder without those of units inside it, by folder. */
export function ownFiles(snapshot: Snapshot, folders: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string | undefined>();
  const ownerOf = (folder: string): string | undefined => {
    if (!owners.has(folder))
      owners.set(folder, folders.has(folder) ? folder : folder === "." ? undefined : ownerOf(folderOf(folder)));
    return owners.get(folder);
  };
  const files = new Map<string, string[]>();
  for (const path of snapshot.paths) {
    const owner = ownerOf(folderOf(path));
    if (owner === undefined) continue;
    const list = files.get(owner);
    if (list) list.push(path);
    else files.set(owner, [path]);
  }
  return files;
}
