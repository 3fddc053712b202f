import { join, sep } from "node:path";
import { dataFolder } from "../store/folders.ts";
import type { Place } from "./place.ts";

/**
 * The folders that hold what a state directory keeps. As root the databases run as another account; where that cannot reach
 * the state directory they have a system folder of their own.
 */
export async function dataFolders({ stateDir }: Place): Promise<string[]> {
  const found = await Promise.all(["db", "stores"].map((name) => dataFolder({ dir: join(stateDir, name) })));
  const elsewhere = found.filter((folder) => folder !== undefined && !folder.startsWith(`${stateDir}${sep}`));
  return [stateDir, ...elsewhere.filter((folder) => folder !== undefined)];
}
