import type { Place } from "../../../formats/document.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Dependency, Ecosystem } from "../../declared/dependency.ts";
import type { Site } from "../../declared/reach.ts";
import { dependenciesOf, findDependency } from "../../dependencies.ts";

/** A way to migrate, or why there is none to be told. */
export interface Candidate {
  tool: string;
  /** As one types it in the folder of the site; undefined where nothing is to be typed. */
  command: string | undefined;
  confidence: number;
  file: string;
  place?: Place | undefined;
  /** Why there is no command. */
  why?: string;
}

/** A folder as the rules for migrations see it. */
export interface Ground {
  view: View;
  site: Site;
  /** Paths of its files, relative to it. */
  inside: readonly string[];
  /** A relative path as one from the root. */
  at(relative: string): string;
  declared: readonly Dependency[];
  needs(ecosystem: Ecosystem, ...names: string[]): Dependency | undefined;
  /** The first code of the application that has the words. */
  codeWith(pattern: RegExp, extension: RegExp): string | undefined;
}

export function groundOf(view: View, site: Site): Ground {
  const { snapshot } = view;
  const declared = dependenciesOf(snapshot, site.folder);
  return {
    view,
    site,
    inside: site.files.map((path) => (site.folder === "." ? path : path.slice(site.folder.length + 1))),
    declared,
    at: (relative) => joinPath(site.folder, relative) as string,
    needs: (ecosystem, ...names) =>
      names
        .map((name) => findDependency(declared, ecosystem, name))
        .find((found) => found !== undefined && !found.indirect),
    codeWith: (pattern, extension) =>
      site.sources.find((file) => extension.test(file) && pattern.test(snapshot.code(file)?.code ?? "")),
  };
}

/** What the application does by itself is no step of a release. */
export function runsInside(tool: string, file: string): Candidate {
  return { tool, command: undefined, confidence: 0, file, why: `${tool} ${RUNS_INSIDE}` };
}

/** The path with the fewest folders. */
export function shallowest(paths: readonly string[]): string | undefined {
  return paths.toSorted((a, b) => a.split("/").length - b.split("/").length)[0];
}

/** Why a migration is no step of its own. */
export const RUNS_INSIDE = "runs inside the application when it starts";
