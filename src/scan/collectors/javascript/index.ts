import { isIn, joinPath } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import { isForeignProgram } from "../../tables/javascript-programs.ts";
import type { Step } from "./commands/step.ts";
import { declaredStart } from "./declared-start.ts";
import { isAsset, isForeign } from "./foreign.ts";
import { type FoundFramework, frameworksOf } from "./framework.ts";
import { claimLoose } from "./loose.ts";
import { startsWithoutDeno } from "./manifest.ts";
import { claimPackage } from "./package.ts";
import { type Project, projectOf } from "./project.ts";
import { claimWorkspace } from "./workspaces.ts";

/** Packages of JavaScript and TypeScript that Node or Bun run. */
export const javascriptCollector: Collector = {
  id: "javascript",
  reads: [
    "package.json",
    "package.json5",
    "package.yaml",
    "lockfiles",
    ".nvmrc",
    "tsconfig.json",
    "*.config.js",
    "*.ts",
    "*.js",
  ],
  collect(view) {
    if (view.unit.program !== null) return;
    const project = projectOf(view);
    if (!project) return claimLoose(view);
    claimWorkspace(view, project);
    if (isDeno(project)) return;
    const frameworks = frameworksOf(project);
    if ((isForeign(view, project.here) || isAsset(view)) && !isOwn(project, frameworks)) return;
    claimPackage(project, frameworks);
  },
};

/** Whether the package is an application beside one of another language. */
function isOwn(project: Project, frameworks: readonly FoundFramework[]): boolean {
  // Pages for browsers are built into the other application as a rule.
  if (frameworks.some(({ used, row }) => used && row.kind !== "spa")) return true;
  const declared = declaredStart(project, { others: false });
  return (
    declared?.script === "start" &&
    (declared.role === "server" || declared.role === "runner") &&
    !declared.changed &&
    !isForeignProgram(declared.step.argv[0] ?? "") &&
    !startsOther(project.view, declared.step)
  );
}

/** Whether a command runs a file of another unit below: a server beside the application, with a manifest of its own. */
function startsOther({ unit, units }: View, { argv, folder }: Step): boolean {
  const files = argv.slice(1).flatMap((word) => (/^-/.test(word) ? [] : (joinPath(folder, word) ?? [])));
  const below = units.filter(({ path }) => path !== unit.path && isIn(path, unit.path));
  return folder !== unit.path || files.some((file) => below.some(({ path }) => isIn(file, path)));
}

/** Deno runs it where nothing of the package starts, and `deno.json` says how. */
function isDeno({ here, manifest }: Project): boolean {
  return (here.has("deno.json") || here.has("deno.jsonc")) && !startsWithoutDeno(manifest);
}
