import { joinPath } from "../../../../formats/tree.ts";
import type { Evidence, Kind, Source } from "../../../fact.ts";
import type { FrameworkRow } from "../../../tables/javascript-framework-row.ts";
import { expandLine } from "../commands/expand.ts";
import type { Step } from "../commands/step.ts";
import { type CodeConfig, codeConfig, type Setting } from "../literals/config.ts";
import type { Project } from "../project.ts";

/** A value with what it is worth and where it was seen. */
export interface Told<T> {
  value: T;
  source: Source;
  confidence: number;
  at: Evidence;
}

/** What a framework makes of a package. */
export interface Site {
  render?: Told<"server" | "export">;
  /** Folder of built files, where there are any that are served as they are. */
  output?: Told<string>;
  /** What starts its server, where nothing declares it. */
  start?: Told<string>;
  port?: Told<number>;
  kind: Kind;
}

/** The package, the framework it uses, and where that was seen. */
export interface Framed {
  project: Project;
  row: FrameworkRow;
  at: Evidence;
}

/** Reads what the configuration of a framework says. */
export type SiteReader = (framed: Framed) => Site;

/** How sure a documented habit of a framework is that is known to be used. */
const DOCUMENTED = 0.8;

/** What the framework does by its documentation. */
export function usual<T>({ at }: Pick<Framed, "at">, value: T, confidence = DOCUMENTED): Told<T> {
  return { value, source: "convention", confidence, at };
}

/** What a file of the project says in words. */
export function said<T>(at: Evidence, value: T, confidence = 0.95): Told<T> {
  return { value, source: "project", confidence, at };
}

/** The configuration of the framework, with how to point at its settings. */
export function configOf({ project, row }: Framed, pattern = row.config) {
  const file = pattern && project.fileLike(pattern);
  const config = codeConfig(project.view.snapshot, file);
  return (
    config && { config, seen: (setting: Setting, rule: string) => project.view.seen(config.file, setting.place, rule) }
  );
}

/** A setting that is a literal of the type; what has to be computed is told as a near miss. */
export function literal<T extends "string" | "boolean">(
  { project }: Framed,
  config: CodeConfig | undefined,
  type: T,
  fact: "output" | "render",
  ...path: string[]
): { value: T extends "string" ? string : boolean; at: ReturnType<Project["at"]> } | undefined {
  const setting = config?.setting(...path);
  if (!config || !setting) return undefined;
  const at = project.view.seen(config.file, setting.place, "config");
  if ("computed" in setting) {
    project.view.miss(fact, `${path.join(".")} is computed, not written`, at);
    return undefined;
  }
  return typeof setting.value === type ? { value: setting.value as never, at } : undefined;
}

const RESOLVED =
  /^(?:path\s*\.\s*)?(?:resolve|join)\s*\(\s*(?:__dirname|import\.meta\.dirname|process\.cwd\(\))\s*,\s*((?:["'`][^"'`$]+["'`]\s*,?\s*)+)\)$/;
const BY_URL = /^fileURLToPath\(\s*new URL\(\s*["']([^"']+)["']\s*,\s*import\.meta\.url\s*\)\s*\)$/;

/**
 * The folder that a setting names, as a literal or resolved from the folder of the file; `null` where it
 * has to be computed. A literal is relative to what the tool says, a resolved one to the file.
 */
export function folderSetting(
  { project: { view } }: Pick<Framed, "project">,
  config: CodeConfig | undefined,
  ...path: string[]
): (Told<string> & { resolved: boolean }) | null | undefined {
  const setting = config?.setting(...path);
  if (!config || !setting) return undefined;
  const at = view.seen(config.file, setting.place, "config");
  if ("value" in setting)
    return typeof setting.value === "string" ? { ...said(at, setting.value), resolved: false } : undefined;
  const parts = [...(RESOLVED.exec(setting.computed)?.[1] ?? "").matchAll(/["'`]([^"'`]+)["'`]/g)].map(
    ([, part]) => part ?? "",
  );
  const folder = parts.length > 0 ? parts.join("/") : BY_URL.exec(setting.computed)?.[1];
  if (folder !== undefined) return { ...said(at, folder), resolved: true };
  view.miss("output", `${path.join(".")} is computed, not written`, at);
  return null;
}

/** A folder relative to the package, without `./`. */
export function plainFolder(folder: string): string {
  return joinPath(".", folder) ?? folder;
}

/** The steps of the first of these scripts that the package has, and where it stands. */
export function scriptSteps(
  { view, manifest, at }: Project,
  names: readonly string[],
): { steps: Step[]; at: ReturnType<Project["at"]> } | undefined {
  const name = names.find((one) => manifest.scripts.has(one));
  if (name === undefined) return undefined;
  return {
    steps: expandLine(view.snapshot, manifest.scripts.get(name) ?? "", view.unit.path),
    at: at(["scripts", name], "script"),
  };
}

export const BUILD_SCRIPTS = [
  "build",
  "build:prod",
  "build:production",
  "build-prod",
  "prod:build",
  "compile",
  "generate",
  "export",
];
