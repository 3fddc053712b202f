import type { DockerfileDocument } from "../../../../formats/dockerfile/read.ts";
import { baseOf, folderOf, isIn, joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import type { Unit } from "../../../units.ts";
import { manifestIn } from "../../javascript/manifest.ts";
import { readStart } from "../commands/start.ts";
import { composeServices } from "../compose/model.ts";
import { holdsProgram, unitNamed } from "../unit-at.ts";
import { commandOf } from "./command.ts";
import { finalImage, sourcesOf } from "./image.ts";
import { isAbove, unitOfBuild, unitOfProgram } from "./named.ts";

/** What a Dockerfile builds. */
export interface Built {
  /** Folder that it is built from; undefined where none holds what it copies. */
  context: string;
  /** Folder of the unit. */
  folder: string;
  /** What it, or the service that is built with it, is called. */
  names: readonly string[];
}

/** Finds what a Dockerfile is about: it may lie beside the program, above it, or in a folder of Dockerfiles. */
export function builtBy(
  site: { snapshot: Snapshot; units: readonly Unit[] },
  file: string,
  document: DockerfileDocument,
): Built {
  const { snapshot, units } = site;
  const beside = folderOf(file);
  const services = composeServices(snapshot).filter(({ dockerfile }) => dockerfile === file);
  const extra = baseOf(file).replace(/^(?:Dockerfile|Containerfile)[._-]?|[._-]?(?:Dockerfile|Containerfile)$/gi, "");
  const inFolder = holdsProgram(snapshot, units, beside);
  const sources = copied(document);
  const context = services[0]?.context ?? contextOf(snapshot, units, beside, sources);
  const names = [extra, ...services.map(({ name }) => name), ...(inFolder ? [] : [baseOf(beside)])].filter(
    (name) => name !== "",
  );
  if (inFolder && beside !== "." && !isAbove(snapshot, units, beside)) return { context, folder: beside, names };
  const below = units.filter(
    ({ path }) => path !== context && isIn(path, context) && holdsProgram(snapshot, units, path),
  );
  const byUse = below.length > 0 ? folderOfProgram(site, document, context, below) : undefined;
  const named = names.map((name) => unitNamed(below, name)).find((unit) => unit !== undefined);
  const only = (copies: readonly string[]) => {
    const owners = new Set(copies.map((source) => ownerOf(below, joinPath(context, source))));
    return owners.size === 1 ? [...owners][0] : undefined;
  };
  const built =
    byUse ??
    named?.path ??
    only(sources) ??
    only(copied(document, { isLast: true })) ??
    (below.length > 0 ? unitOfBuild(snapshot, document, context, below)?.path : undefined);
  return { context, folder: built ?? context, names };
}

/** The unit whose folder the image works in, or whose files it starts. */
function folderOfProgram(
  { snapshot }: { snapshot: Snapshot },
  document: DockerfileDocument,
  context: string,
  below: readonly Unit[],
): string | undefined {
  const image = finalImage(document);
  if (!image) return undefined;
  const inside = ({ path }: Unit) => (context === "." ? path : path.slice(context.length + 1));
  const longest = below.toSorted((a, b) => b.path.length - a.path.length);
  const working = longest.find((unit) => `${image.folder}/`.endsWith(`/${inside(unit)}/`));
  if (working) return working.path;
  const command = commandOf(snapshot, image, context);
  if (!command) return undefined;
  const reading = readStart(snapshot, context, command.written);
  if (reading.folder !== context) return longest.find(({ path }) => path === reading.folder)?.path;
  // What the root starts by its own manifest is the root's.
  if (manifestIn(snapshot, context)?.scripts.has("start")) return undefined;
  const started = longest.find((unit) =>
    reading.argv.some((word) => word.replace(/^\.\//, "").startsWith(`${inside(unit)}/`)),
  );
  return (started ?? unitOfProgram(below, command.written))?.path;
}

/** What the image takes from its context; `isLast`: without what the stages take that it has files from. */
function copied(document: DockerfileDocument, { isLast = false } = {}): string[] {
  const image = finalImage(document);
  if (!image) return [];
  const instructions = isLast
    ? image.all
    : sourcesOf(image.stage, document.stages).flatMap((stage) => stage.instructions);
  return instructions.flatMap(({ keyword, flags, words, heredocs }) => {
    if ((keyword !== "COPY" && keyword !== "ADD") || heredocs.length > 0 || flags.some(({ name }) => name === "from"))
      return [];
    return words.slice(0, -1).filter((word) => !/^\w+:\/\/|^git@|[$]/.test(word));
  });
}

/** The nearest folder that holds what is copied; a folder with nothing but Dockerfiles is built from above. */
function contextOf(snapshot: Snapshot, units: readonly Unit[], beside: string, sources: readonly string[]): string {
  const named = sources
    .map((source) => source.replace(/^\.?\//, ""))
    .filter((source) => source !== "" && source !== "." && !/[*?[]/.test(source));
  for (let folder = beside; ; folder = folderOf(folder)) {
    const missing = named.filter((source) => !exists(snapshot, joinPath(folder, source)));
    const complete =
      named.length > 0
        ? missing.length * 2 <= named.length - 1 || missing.length === 0
        : holdsProgram(snapshot, units, folder);
    if (complete) return folder;
    if (folder === ".") return beside;
  }
}

function exists(snapshot: Snapshot, path: string | undefined): boolean {
  if (path === undefined) return false;
  const clean = path.replace(/\/$/, "");
  return snapshot.has(clean) || snapshot.folders.includes(clean);
}

function ownerOf(below: readonly Unit[], path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  return below.filter((unit) => isIn(path, unit.path)).toSorted((a, b) => b.path.length - a.path.length)[0]?.path;
}
