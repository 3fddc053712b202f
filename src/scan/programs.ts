import { familyOf } from "../formats/mask.ts";
import { extensionOf } from "../formats/tree.ts";
import { isApplicationCode } from "./application-code.ts";
import { closureOf } from "./collectors/go/code.ts";
import { goPrograms } from "./collectors/go/programs.ts";
import { rustPrograms } from "./collectors/rust/programs.ts";
import type { Snapshot } from "./snapshot.ts";

/** A folder whose programs are asked for, and the folders of all units: what lies in one of those is not its program. */
export interface ProgramSite {
  folder: string;
  units: ReadonlySet<string>;
}

/** An ecosystem that builds several programs from one manifest. */
interface Splitter {
  programs(snapshot: Snapshot, site: ProgramSite): { name: string }[];
  /** Of its code. */
  extension: string;
  /** The code that a program is made of, with what it imports of the repository. */
  codeOf(snapshot: Snapshot, site: ProgramSite, name: string): readonly string[];
}

/** By the manifest that says so. */
const SPLITTERS: Record<string, Splitter> = {
  "go.mod": {
    programs: goPrograms,
    extension: "go",
    codeOf(snapshot, site, name) {
      const found = goPrograms(snapshot, site).find((program) => program.name === name);
      return found ? closureOf(snapshot, found.package.folder).flatMap(({ files }) => files) : [];
    },
  },
  "Cargo.toml": {
    programs: rustPrograms,
    extension: "rs",
    codeOf: (snapshot, site, name) =>
      rustPrograms(snapshot, site).find((program) => program.name === name)?.code.files ?? [],
  },
};

/** Names of the programs that one folder holds; fewer than two mean that the folder is one unit. */
export function programsOf(snapshot: Snapshot, site: ProgramSite, markers: readonly string[]): string[] {
  return markers.flatMap((marker) =>
    Object.hasOwn(SPLITTERS, marker) ? (SPLITTERS[marker]?.programs(snapshot, site) ?? []).map(({ name }) => name) : [],
  );
}

/** The code of a unit that runs in production, of its files; of one of several programs of a folder without the code of the others. */
export function sourcesOf(
  snapshot: Snapshot,
  { path: folder, program, markers }: { path: string; program: string | null; markers: readonly string[] },
  { files, units }: { files: readonly string[]; units: ReadonlySet<string> },
): readonly string[] {
  let left = files.filter((file) => isApplicationCode(file, folder) && !snapshot.foreign(file));
  // A project that is called `demo` may have its package in a folder of that name.
  if (!left.some((file) => familyOf(extensionOf(file)) !== undefined))
    left = files.filter((file) => isApplicationCode(file, folder, { models: true }) && !snapshot.foreign(file));
  if (program === null) return left;
  for (const marker of markers) {
    const splitter = Object.hasOwn(SPLITTERS, marker) ? SPLITTERS[marker] : undefined;
    const code = new Set(splitter?.codeOf(snapshot, { folder, units }, program));
    if (splitter && code.size > 0)
      left = left.filter((file) => extensionOf(file) !== splitter.extension || code.has(file));
  }
  return left;
}
