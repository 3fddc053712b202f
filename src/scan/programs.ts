import type { Snapshot } from "./snapshot.ts";

/** Lists the programs of a folder, where its ecosystem builds several from one manifest. */
type Splitter = (snapshot: Snapshot, folder: string) => string[];

/** By the manifest that says so. */
const SPLITTERS: Record<string, Splitter> = {};

/** Names of the programs that one folder holds; fewer than two mean that the folder is one unit. */
export function programsOf(snapshot: Snapshot, folder: string, markers: readonly string[]): string[] {
  return markers.flatMap((marker) => SPLITTERS[marker]?.(snapshot, folder) ?? []);
}
