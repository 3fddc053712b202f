import { familyOf } from "../../../formats/mask.ts";
import { baseOf, extensionOf, folderOf, isIn, joinPath } from "../../../formats/tree.ts";
import { isAside } from "../../application-code.ts";
import { strengthOf } from "../../markers.ts";
import type { Snapshot } from "../../snapshot.ts";
import type { Unit } from "../../units.ts";

interface Target {
  /** The file that speaks. */
  file: string;
  folder: string;
  /** What it calls the service, its image, its program. */
  names: readonly string[];
}

/** The units in the folder that a configuration speaks about; see `Site.about`. */
export function unitsAt(units: readonly Unit[], { file, folder, names }: Target): readonly Unit[] {
  const here = units.filter(({ path }) => path === folder);
  const from = folderOf(file);
  if (isAside(from) && !isPipeline(from) && !isIn(folder, from)) return [];
  const named = here.filter(({ program }) => program !== null && names.includes(program));
  return named.length > 0 ? named : here;
}

/** Pipelines lie aside, and speak about the repository. */
function isPipeline(folder: string): boolean {
  return /^\.(?:github|gitlab|circleci)(?:\/|$)/.test(folder);
}

/** The one unit that has this name: that of its folder or program, without what is in front of it in names of images. */
export function unitNamed(units: readonly Unit[], name: string): Unit | undefined {
  const wanted = name.toLowerCase();
  const namesOf = ({ path, program }: Unit) => (program ?? (path === "." ? "" : baseOf(path))).toLowerCase();
  const exact = units.filter((unit) => namesOf(unit) === wanted);
  if (exact.length > 0) return exact.length === 1 ? exact[0] : undefined;
  const ending = units.filter((unit) => namesOf(unit) !== "" && wanted.endsWith(`-${namesOf(unit)}`));
  const longest = Math.max(...ending.map((unit) => namesOf(unit).length));
  const best = ending.filter((unit) => namesOf(unit).length === longest);
  return best.length === 1 ? best[0] : undefined;
}

const known = new WeakMap<Snapshot, Map<string, boolean>>();

/** Whether a folder holds a program, and not only a Dockerfile that builds what lies elsewhere. */
export function holdsProgram(snapshot: Snapshot, units: readonly Unit[], folder: string): boolean {
  const folders = known.get(snapshot) ?? new Map<string, boolean>();
  known.set(snapshot, folders);
  const found = folders.get(folder) ?? holds(snapshot, units, folder);
  folders.set(folder, found);
  return found;
}

function holds(snapshot: Snapshot, units: readonly Unit[], folder: string): boolean {
  const here = units.filter(({ path }) => path === folder);
  const marks = here.flatMap(({ markers }) => markers);
  const strong = (marker: string) => {
    const strength = strengthOf(snapshot, joinPath(folder, marker) as string);
    return strength !== "deployment" && strength !== "weak";
  };
  if (here.some(({ program }) => program !== null) || marks.some(strong)) return true;
  if (here.length === 0 || folder === ".") return false;
  return snapshot.paths.some((path) => {
    const family = path.startsWith(`${folder}/`) ? familyOf(extensionOf(path)) : undefined;
    return family !== undefined && family !== "shell";
  });
}
