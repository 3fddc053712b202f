import { valueAt } from "../../../formats/document.ts";
import { chooseFramework } from "./choose.ts";
import { delegates } from "./declared-start.ts";
import { anyServes, works } from "./entry.ts";
import type { FoundFramework } from "./framework.ts";
import { isImported } from "./imported.ts";
import { isDeployed, isDesktop, isPublished, publishedKind, runningKind } from "./kind.ts";
import { claimLanguage } from "./language.ts";
import { claimPackageManager } from "./package-manager.ts";
import { claimPorts } from "./ports.ts";
import { claimProcesses } from "./processes.ts";
import type { Project } from "./project.ts";
import { claimRuntimeOf, runtimeOf } from "./runtime.ts";
import { bundleSite } from "./sites/bundle.ts";
import { readSite } from "./sites/read.ts";
import type { Site } from "./sites/site.ts";
import { startOf } from "./start.ts";
import type { Start } from "./started.ts";
import { claimTasks } from "./tasks.ts";

interface Seen {
  framework: FoundFramework | undefined;
  site: Site | undefined;
  start: Start | undefined;
}

/** Claims all facts of a package that Node or Bun run. */
export function claimPackage(project: Project, frameworks: readonly FoundFramework[]): void {
  const { view, manifest, at } = project;
  if (manifest.name !== undefined) view.claim("name", manifest.name, { source: "project", at: at(["name"], "name") });
  const managed = claimPackageManager(project);
  const runtime = runtimeOf(project, managed);
  claimRuntimeOf(project, runtime);
  const framework = chooseFramework(project, frameworks);
  const site = siteOf(project, framework);
  const delegated = delegates(project) !== undefined;
  const library = isPublished(project) || site?.kind === "library";
  const start = delegated ? undefined : startOf({ project, framework, site, runtime: runtime.name, library });
  claimLanguage(project, start?.entry);
  const runs = start !== undefined && start.confidence >= LIKELY;
  const made = runs || !library ? framework : undefined;
  claimTasks(project, managed, { framework: made, site });
  if (framework && made)
    view.claim("framework", framework.row.id, {
      source: "project",
      confidence: framework.confidence,
      at: framework.at,
    });
  const idle = isTool(project, framework, start) || isTriedOut(project, framework, start, library);
  if (!delegated && !idle && (runs || (site?.output && !library))) claimRunning(project, { framework, site, start });
  else claimIdle(project, { framework, site, start }, { delegated, library });
}

/** A command for people, which `start` only tries out. */
function isTool(project: Project, framework: FoundFramework | undefined, start: Start | undefined): boolean {
  if (framework || !start?.entry || valueAt(project.manifest.data, ["bin"]) === undefined) return false;
  return !anyServes(project) && !works(project, start.entry);
}

/** What `start` of a published package runs where it serves nobody: its own module, its sources, a server for its examples. */
function isTriedOut(
  project: Project,
  framework: FoundFramework | undefined,
  start: Start | undefined,
  library: boolean,
): boolean {
  const { data } = project.manifest;
  const plugs = valueAt(data, ["peerDependencies"]) !== undefined && valueAt(data, ["private"]) !== true;
  if (framework || !start || isDeployed(project) || !(library || plugs)) return false;
  if (start.static) return library;
  return start.entry !== undefined && !anyServes(project) && isImported(project, start.entry, true);
}

/** What a start is worth that makes a package more than a library. */
const LIKELY = 0.5;

function siteOf(project: Project, framework: FoundFramework | undefined): Site | undefined {
  if (framework?.row.role !== "server" && isDesktop(project)) return { kind: "library" };
  if (!framework) return bundleSite(project);
  if (framework.row.role === "server") return undefined;
  return readSite({ project, row: framework.row, at: framework.at[0] ?? project.at([], "manifest") });
}

function claimRunning(project: Project, { framework, site, start }: Seen): void {
  const { view } = project;
  if (start) view.claim("start", start.command, start);
  if (site?.render) view.claim("render", site.render.value, site.render);
  const server = start !== undefined && !start.static;
  if (site?.output && !(server && site.render?.value !== "export"))
    view.claim("output", site.output.value, site.output);
  else if (start?.static && start.folder !== undefined)
    view.claim("output", start.folder, { source: "project", confidence: 0.9, at: start.at });
  const serves = claimPorts(project, { start, framework, site });
  const kind = runningKind(project, { framework, site, start, serves });
  if (kind) view.claim("kind", kind.kind, { source: "convention", ...kind });
  claimProcesses(project, start);
}

/** What does not start: a library, a tool, the root of a workspace, or what a host renders and calls. */
function claimIdle(
  project: Project,
  { framework, site, start }: Seen,
  { delegated, library }: { delegated: boolean; library: boolean },
): void {
  const { view, at } = project;
  claimProcesses(project, undefined);
  if (site?.render) view.claim("render", site.render.value, site.render);
  const hosted = site ? { kind: site.kind, confidence: 0.7, at: at([], "framework") } : undefined;
  const called =
    framework?.used && framework.row.role === "server"
      ? { kind: framework.row.kind, confidence: 0.6, at: at([], "framework") }
      : undefined;
  const passed =
    delegated && !isDeployed(project)
      ? { kind: "library" as const, confidence: 0.8, at: at(["scripts", "start"], "delegates") }
      : undefined;
  const published = publishedKind(project);
  const kind = passed ?? (library ? published : undefined) ?? hosted ?? published ?? called;
  if (kind) view.claim("kind", kind.kind, { source: "convention", ...kind });
  // Too unsure to be used, and yet what people are asked about.
  if (start && kind?.kind !== "library" && kind?.kind !== "cli") view.claim("start", start.command, start);
}
