import type { Collector } from "../../collector.ts";
import { declaredStart, delegates } from "./declared-start.ts";
import { anyServes } from "./entry.ts";
import { isForeign } from "./foreign.ts";
import { type FoundFramework, frameworksOf } from "./framework.ts";
import { isPublished, publishedKind, runningKind } from "./kind.ts";
import { claimLanguage } from "./language.ts";
import { claimLoose } from "./loose.ts";
import { claimPackageManager } from "./package-manager.ts";
import { claimPorts } from "./ports.ts";
import { claimProcesses } from "./processes.ts";
import { type Project, projectOf } from "./project.ts";
import { claimRuntimeOf, runtimeOf } from "./runtime.ts";
import { readSite } from "./sites/read.ts";
import type { Site } from "./sites/site.ts";
import { type Start, startOf } from "./start.ts";
import { claimTasks } from "./tasks.ts";

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
    claimWorkspace(project);
    if (isDeno(project)) return;
    const frameworks = frameworksOf(project);
    if (isForeign(view, project.here) && !isOwn(project, frameworks)) return;
    collectPackage(project, frameworks);
  },
};

function collectPackage(project: Project, frameworks: readonly FoundFramework[]): void {
  const { view, manifest, at } = project;
  if (manifest.name !== undefined) view.claim("name", manifest.name, { source: "project", at: at(["name"], "name") });
  const managed = claimPackageManager(project);
  const runtime = runtimeOf(project, managed);
  claimRuntimeOf(project, runtime);
  const framework = chosen(project, frameworks);
  const read =
    framework && framework.row.role !== "server"
      ? readSite({ project, row: framework.row, at: framework.at[0] ?? at([], "manifest") })
      : undefined;
  const delegated = delegates(project);
  const library = isPublished(project) || read?.kind === "library";
  const start = delegated ? undefined : startOf({ project, framework, site: read, runtime: runtime.name, library });
  claimTasks(project, managed, framework);
  claimLanguage(project, start?.entry);
  const site = read?.kind === "library" ? undefined : read;
  const runs = start !== undefined && start.confidence >= 0.5;
  if (framework && (runs || !library))
    view.claim("framework", framework.row.id, {
      source: "project",
      confidence: framework.confidence,
      at: framework.at,
    });
  if (delegated || !(runs || site?.output)) {
    claimIdle(project, site, delegated !== undefined);
    return;
  }
  claimRunning(project, { framework, site, start });
}

function claimRunning(
  project: Project,
  {
    framework,
    site,
    start,
  }: { framework: FoundFramework | undefined; site: Site | undefined; start: Start | undefined },
): void {
  const { view } = project;
  if (start) view.claim("start", start.command, start);
  if (site?.render) view.claim("render", site.render.value, site.render);
  const server = start !== undefined && !start.static;
  if (site?.output && !(server && site.render?.value !== "export"))
    view.claim("output", site.output.value, site.output);
  const serves = claimPorts(project, { start, framework, site });
  const kind = runningKind(project, { framework, site, start, serves });
  if (kind) view.claim("kind", kind.kind, { source: "convention", ...kind });
  claimProcesses(project, start);
}

/** What does not start: a library, a tool, the root of a workspace, or pages that a host renders. */
function claimIdle(project: Project, site: Site | undefined, delegated: boolean): void {
  const { view } = project;
  claimProcesses(project, undefined);
  if (site?.render) view.claim("render", site.render.value, site.render);
  const hosted = site && !delegated ? { kind: site.kind, confidence: 0.7, at: project.at([], "framework") } : undefined;
  const kind =
    hosted ??
    publishedKind(project) ??
    (delegated
      ? { kind: "library" as const, confidence: 0.8, at: project.at(["scripts", "start"], "delegates") }
      : undefined);
  if (kind) view.claim("kind", kind.kind, { source: "convention", ...kind });
}

/** The framework that makes the package what it is: one that is used, and a server before what it serves, unless only pages are started. */
function chosen(project: Project, found: readonly FoundFramework[]): FoundFramework | undefined {
  const used = found.filter((one) => one.used);
  const [first = found[0]] = used;
  if (first?.row.role !== "server") return first;
  const client = used.find(({ row }) => row.role === "client");
  if (!client) return first;
  const declared = declaredStart(project, { others: true });
  if (declared && declared.role !== "static") return first;
  const started = project.manifest.scripts.has("start");
  if (!started && anyServes(project)) return first;
  return client;
}

/** Whether the package is an application beside one of another language. */
function isOwn(project: Project, frameworks: readonly FoundFramework[]): boolean {
  if (frameworks.some(({ used, row }) => used && row.role !== "client")) return true;
  const declared = declaredStart(project, { others: false });
  return (
    declared !== undefined &&
    declared.script === "start" &&
    (declared.role === "server" || declared.role === "runner") &&
    !declared.changed
  );
}

/** Deno runs it where nothing of the package starts, and `deno.json` says how. */
function isDeno({ here, manifest }: Project): boolean {
  return (
    (here.has("deno.json") || here.has("deno.jsonc")) && !manifest.scripts.has("start") && !manifest.scripts.has("dev")
  );
}

function claimWorkspace(project: Project): void {
  const { view, workspace, manifest } = project;
  if (!workspace) return;
  const document = /\.ya?ml$/.test(workspace.file)
    ? view.snapshot.yaml(workspace.file)
    : view.snapshot.json(workspace.file);
  view.claim("workspace", workspace.root, {
    source: "project",
    at: view.seenAt(workspace.file, document, workspace.path, "workspace"),
  });
  for (const dependency of manifest.dependencies.values()) {
    const folder = dependency.path ?? workspace.names.get(dependency.name);
    if (folder === undefined || folder === view.unit.path || !workspace.members.has(folder)) continue;
    view.claimEach(
      "internal",
      folder,
      { path: folder },
      { source: "project", at: view.seen(dependency.file, dependency.place(), "internal") },
    );
  }
}
