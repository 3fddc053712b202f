import type { Instruction, Stage } from "../../../formats/dockerfile/print.ts";
import { recordAt } from "../../../formats/document.ts";
import { parseJson } from "../../../formats/json.ts";
import { joinPath } from "../../../formats/tree.ts";
import { insideContext } from "../../image-folders.ts";
import { imageOf, lineOf } from "../../pins.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { contextOf } from "./context.ts";

/** Where an image is built: all paths of its COPY lines are relative to the context. */
export interface Site {
  plan: Plan;
  service: PlannedService;
  /** Folder from the root. */
  context: string;
  /** The service's folder from the context; `.` where they are the same. */
  folder: string;
  notes: string[];
  /** Whether the context has a file. */
  has(path: string): boolean;
  text(path: string): string | undefined;
  /** The files of the context, relative to it. */
  paths(): string[];
  /** The image of a line of a runtime: the application's version, or the table's default. Undefined where the table has none. */
  image(name: string, wanted?: string | null): string | undefined;
  /** A path of the service as the context sees it. */
  inService(path: string): string;
}

/** The stages of a service's image; undefined where there is no sound way to build one. */
export type MakeRecipe = (site: Site) => Stage[] | undefined;

/** The surroundings of a service for its recipe. */
export function siteOf(service: PlannedService, plan: Plan): Site {
  const context = contextOf(service);
  const folder = insideContext(context, service.path);
  const notes: string[] = [];
  const at = (path: string) => joinPath(context, path) ?? path;
  const prefix = context === "." ? "" : `${context}/`;
  return {
    plan,
    // What is generated has places of its own, also beside a Dockerfile that people wrote.
    service: { ...service, dockerfile: { path: service.dockerfile.path, foreign: service.dockerfile.foreign } },
    context,
    folder,
    notes,
    has: (path) => plan.tree.has(at(path)),
    text: (path) => plan.tree.text(at(path)),
    paths: () => plan.tree.paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)),
    image(name, wanted = null) {
      const found = lineOf(plan.pins, name, wanted);
      if (!found) return undefined;
      if (!found.exact)
        notes.push(`${service.name} asks for ${name} ${wanted}; the nearest known image is of ${found.line}`);
      return imageOf(plan.pins, name, found.line);
    },
    inService: (path) => (folder === "." ? path : path === "." ? folder : `${folder}/${path}`),
  };
}

/** Files of a list that the context has. */
export function present(site: Site, files: readonly string[]): string[] {
  return [...new Set(files)].filter((file) => site.has(file));
}

/** Whether the context has anything in a folder. */
export function hasFolder(site: Site, folder: string): boolean {
  return site.paths().some((path) => path.startsWith(`${folder}/`));
}

/** Copies files to the same places, one line for each folder. */
export function copyFiles(paths: readonly string[]): Instruction[] {
  const groups = Map.groupBy(paths, (path) => path.slice(0, path.lastIndexOf("/") + 1));
  return [...groups].map(([folder, files]) => ({ keyword: "COPY", value: `${files.join(" ")} ./${folder}` }));
}

/** A manifest in JSON of the context; empty where there is none. */
export function jsonFile(site: Site, path: string): Record<string, unknown> {
  return recordAt(parseJson(site.text(path) ?? "{}").value);
}
