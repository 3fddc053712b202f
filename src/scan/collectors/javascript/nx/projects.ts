import { type Document, isRecord, type Path, stringAt, valueAt } from "../../../../formats/document.ts";
import { baseOf, folderOf, isIn } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { linesOf, type TargetLine } from "./targets.ts";

/** A project of Nx that its own `project.json`, or the part of its package.json for Nx, describes. */
export interface NxProject {
  file: string;
  document: Document;
  /** Path of the part for Nx in the document. */
  inside: Path;
  value: unknown;
  name: string;
  folder: string;
  /** The folder of `nx.json`. */
  root: string;
  /** Lines of a shell by name of the target. */
  lines: ReadonlyMap<string, TargetLine>;
}

const known = new WeakMap<Snapshot, ReadonlyMap<string, NxProject>>();

/** The projects of all Nx workspaces, by folder. */
export function nxProjects(snapshot: Snapshot): ReadonlyMap<string, NxProject> {
  const found = known.get(snapshot) ?? find(snapshot);
  known.set(snapshot, found);
  return found;
}

/** The line that `nx build`, `nx run api:serve` or `nx serve api` comes down to; undefined where no project says it. */
export function nxLine(
  snapshot: Snapshot,
  [program, ...args]: readonly string[],
  folder: string,
): TargetLine | undefined {
  if (program !== "nx") return undefined;
  const words = args.filter((word) => !word.startsWith("-"));
  const [verb = "", ...rest] = words[0] === "run" ? (words[1] ?? "").split(":").slice(0, 2).reverse() : words;
  const projects = [...nxProjects(snapshot).values()];
  const project =
    rest[0] === undefined ? nxProjects(snapshot).get(folder) : projects.find(({ name }) => name === rest[0]);
  return project?.lines.get(verb);
}

function find(snapshot: Snapshot): ReadonlyMap<string, NxProject> {
  const roots = snapshot.named("nx.json").map(folderOf);
  if (roots.length === 0) return new Map();
  const rootOf = (folder: string) =>
    roots.filter((root) => isIn(folder, root)).toSorted((a, b) => b.length - a.length)[0];
  const files = ["package.json", "project.json"].flatMap((base) => snapshot.named(base));
  return new Map(
    files.flatMap((file): [string, NxProject][] => {
      const folder = folderOf(file);
      const root = rootOf(folder);
      const document = snapshot.json(file);
      const inside = baseOf(file) === "package.json" ? ["nx"] : [];
      const value = valueAt(document.value, inside);
      if (root === undefined || !isRecord(value) || (inside.length > 0 && !isRecord(value.targets))) return [];
      const name = stringAt(value, ["name"]) ?? stringAt(document.value, ["name"]) ?? baseOf(folder);
      return [[folder, { file, document, inside, value, name, folder, root, lines: linesOf({ value, folder, root }) }]];
    }),
  );
}
