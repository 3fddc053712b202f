import type { Collector } from "../../collector.ts";
import { isForeignProgram } from "../../tables/javascript-programs.ts";
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
    !isForeignProgram(declared.step.argv[0] ?? "")
  );
}

/** Deno runs it where nothing of the package starts, and `deno.json` says how. */
function isDeno({ here, manifest }: Project): boolean {
  return (here.has("deno.json") || here.has("deno.jsonc")) && !startsWithoutDeno(manifest);
}
