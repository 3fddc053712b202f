import { goPrograms } from "./collectors/go/programs.ts";
import { rustPrograms } from "./collectors/rust/programs.ts";
import type { Snapshot } from "./snapshot.ts";

/** A folder whose programs are asked for, and the folders of all units: what lies in one of those is not its program. */
export interface ProgramSite {
  folder: string;
  units: ReadonlySet<string>;
}

/** Lists the programs of a folder, where its ecosystem builds several from one manifest. */
type Splitter = (snapshot: Snapshot, site: ProgramSite) => { name: string }[];

/** By the manifest that says so. */
const SPLITTERS: Record<string, Splitter> = { "go.mod": goPrograms, "Cargo.toml": rustPrograms };

/** Names of the programs that one folder holds; fewer than two mean that the folder is one unit. */
export function programsOf(snapshot: Snapshot, site: ProgramSite, markers: readonly string[]): string[] {
  return markers.flatMap((marker) =>
    Object.hasOwn(SPLITTERS, marker) ? (SPLITTERS[marker]?.(snapshot, site) ?? []).map(({ name }) => name) : [],
  );
}
