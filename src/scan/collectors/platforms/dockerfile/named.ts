import type { DockerfileDocument, DockerfileStage } from "../../../../formats/dockerfile/read.ts";
import { familyOf } from "../../../../formats/mask.ts";
import { baseOf, extensionOf, isIn, joinPath } from "../../../../formats/tree.ts";
import { isAside } from "../../../application-code.ts";
import { shellCommands } from "../../../command-line.ts";
import { strengthOf } from "../../../markers.ts";
import type { Snapshot } from "../../../snapshot.ts";
import type { Unit } from "../../../units.ts";
import { manifestIn } from "../../javascript/manifest.ts";
import type { Written } from "../commands/words.ts";
import { finalImage, sourcesOf } from "./image.ts";

const PROJECT = /\.(?:[cf]s|vb)proj$/;
/** Options of build tools whose value is a part of the repository. */
const PICKS = new Set([
  "-pl",
  "--projects",
  "-p",
  "--package",
  "--bin",
  "--filter",
  "-F",
  "--scope",
  "--workspace",
  "-w",
]);

/** The unit that a program is called after: `dotnet Api.dll`, `/usr/local/bin/server`. */
export function unitOfProgram(below: readonly Unit[], written: Written): Unit | undefined {
  const words = typeof written === "string" ? (shellCommands(written).at(-1)?.argv ?? []) : written;
  const library = words[0] === "dotnet" ? words.find((word) => word.endsWith(".dll")) : undefined;
  const name = baseOf(library ?? words[0] ?? "").replace(/\.dll$/, "");
  const projects = below.filter(({ markers }) => markers.some((marker) => marker.replace(PROJECT, "") === name));
  if (projects.length > 0) return projects.length === 1 ? projects[0] : undefined;
  const folders = library === undefined ? below.filter(({ path }) => baseOf(path) === name) : [];
  return folders.length === 1 ? folders[0] : undefined;
}

/** The one unit of a workspace that the image is built from: its build names it, or there is no other. */
export function unitOfBuild(
  snapshot: Snapshot,
  document: DockerfileDocument,
  context: string,
  below: readonly Unit[],
): Unit | undefined {
  const image = finalImage(document);
  if (!image || !isOnlyAround(snapshot, context)) return undefined;
  const named = sourcesOf(image.stage, document.stages).flatMap((stage) => mentioned(stage, context, below));
  const unique = [...new Set(named)];
  if (unique.length > 0) return unique.length === 1 ? unique[0] : undefined;
  const main = below.filter(({ path }) => !isAside(path));
  return main.length === 1 ? main[0] : undefined;
}

/** Whether a folder is the root of others: units lie below it, and it has neither a manifest of a program nor code itself. */
export function isAbove(snapshot: Snapshot, units: readonly Unit[], folder: string): boolean {
  const below = units.filter(({ path }) => path !== folder && isIn(path, folder));
  if (below.length === 0 || !isOnlyAround(snapshot, folder)) return false;
  return !snapshot.paths.some((path) => {
    const family = isIn(path, folder) ? familyOf(extensionOf(path)) : undefined;
    return family !== undefined && family !== "shell" && !below.some((unit) => isIn(path, unit.path));
  });
}

/** Units that a stage works in, or whose parts it picks for the build. */
function mentioned({ instructions }: DockerfileStage, context: string, below: readonly Unit[]): Unit[] {
  const inside = ({ path }: Unit) => (context === "." ? path : path.slice(context.length + 1));
  const longest = below.toSorted((a, b) => b.path.length - a.path.length);
  return instructions.flatMap(({ keyword, expanded, argument }) => {
    if (keyword === "WORKDIR") {
      const folder = expanded.replace(/["']/g, "").replace(/\/+$/, "");
      return longest.find((unit) => `/${folder}`.endsWith(`/${inside(unit)}`)) ?? [];
    }
    if (keyword !== "RUN") return [];
    return shellCommands(argument).flatMap(({ argv }) =>
      argv.flatMap((word, at) => {
        const path = word.replace(/^\.\//, "").replace(/\/+$/, "");
        const direct = longest.find((unit) => path === inside(unit) || path.startsWith(`${inside(unit)}/`));
        if (direct) return direct;
        const task = /^:([\w:-]+):\w+$/.exec(word)?.[1]?.replaceAll(":", "/");
        const option = /^(--?[\w-]+)=(.+)$/.exec(word);
        const picked =
          option && PICKS.has(option[1] as string) ? option[2] : PICKS.has(argv[at - 1] ?? "") ? word : task;
        const name = picked?.replace(/^(?:\.\/|:|@[^/]+\/)/, "").replace(/(?:\.\.\.|\^)$/, "");
        if (name === undefined) return [];
        return longest.filter((unit) => inside(unit) === name || baseOf(unit.path) === name).slice(0, 1);
      }),
    );
  });
}

/** Whether a folder only holds others together: no manifest, or that of a workspace without a program. */
function isOnlyAround(snapshot: Snapshot, folder: string): boolean {
  const has = (base: string) => snapshot.has(joinPath(folder, base) as string);
  const text = (base: string) => snapshot.text(joinPath(folder, base) as string) ?? "";
  return snapshot.inFolder(folder).every((path) => {
    if (strengthOf(snapshot, path) !== "manifest") return true;
    switch (baseOf(path)) {
      case "package.json":
        return !manifestIn(snapshot, folder)?.scripts.has("start");
      case "pom.xml":
        return /<packaging>\s*pom\s*</.test(text("pom.xml"));
      case "Cargo.toml":
        return !/^\s*\[package\]/m.test(text("Cargo.toml"));
      case "build.gradle":
      case "build.gradle.kts":
        return (
          (has("settings.gradle") || has("settings.gradle.kts")) &&
          !snapshot.folders.includes(joinPath(folder, "src/main") as string)
        );
      default:
        return false;
    }
  });
}
