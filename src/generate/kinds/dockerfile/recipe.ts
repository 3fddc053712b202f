import type { Instruction, Stage } from "../../../formats/dockerfile/print.ts";
import { joinPath } from "../../../formats/tree.ts";
import { imageOf, lineOf } from "../../pins.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { contextOf } from "./context.ts";

/** What a service's image is built from. */
export interface Recipe {
  stages: Stage[];
  notes: string[];
}

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
  /** The image of a line of a runtime: the application's version, or the table's default. Undefined where the table has none. */
  image(name: string, wanted?: string | null): string | undefined;
  /** A path of the service as the context sees it. */
  inService(path: string): string;
}

export type MakeRecipe = (site: Site) => Stage[] | undefined;

/** The surroundings of a service for its recipe. */
export function siteOf(service: PlannedService, plan: Plan): Site {
  const context = contextOf(service);
  const folder = relative(context, service.path);
  const notes: string[] = [];
  const at = (path: string) => joinPath(context, path) ?? path;
  return {
    plan,
    service,
    context,
    folder,
    notes,
    has: (path) => plan.tree.has(at(path)),
    text: (path) => plan.tree.text(at(path)),
    image(name, wanted = null) {
      const found = lineOf(plan.pins, name, wanted);
      if (!found) return undefined;
      if (!found.exact)
        notes.push(`${service.name} asks for ${name} ${wanted}; the nearest known image is of ${found.line}`);
      return imageOf(plan.pins, name, found.line);
    },
    inService: (path) => (folder === "." ? path : `${folder}/${path}`),
  };
}

/** Files of a list that the context has. */
export function present(site: Site, files: readonly string[]): string[] {
  return files.filter((file) => site.has(file));
}

/** Copies files to the same places, one line for each folder. */
export function copyFiles(paths: readonly string[]): Instruction[] {
  const groups = Map.groupBy(paths, (path) => path.slice(0, path.lastIndexOf("/") + 1));
  return [...groups].map(([folder, files]) => ({ keyword: "COPY", value: `${files.join(" ")} ./${folder}` }));
}

function relative(from: string, to: string): string {
  if (from === to) return ".";
  return from === "." ? to : to.startsWith(`${from}/`) ? to.slice(from.length + 1) : to;
}
