import { joinPath } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import { listenFlags } from "../../command-line.ts";
import { type Evidence, LOCKFILE } from "../../fact.ts";
import { claimRuntime } from "../../runtime-pins.ts";
import { importOf, isDenoCode, scriptsOf } from "../javascript/imports.ts";
import { manifestIn, startsWithoutDeno } from "../javascript/manifest.ts";
import { claimDenoPorts } from "../javascript/ports.ts";
import { versionsOf } from "../javascript/versions.ts";
import { workspaceOf } from "../javascript/workspaces.ts";
import { type DenoConfig, denoConfig } from "./config.ts";
import { claimLume } from "./lume.ts";
import { denoStart } from "./start.ts";

const FRAMEWORKS: readonly { id: string; imports: RegExp; packages: readonly string[]; kind: "web" | "api" }[] = [
  {
    id: "fresh",
    imports: /^\$fresh\/|^fresh$|@fresh\/core|deno\.land\/x\/fresh@|npm:fresh/,
    packages: ["$fresh/server.ts", "fresh", "@fresh/core"],
    kind: "web",
  },
  { id: "hono", imports: /@hono\/hono|npm:hono|deno\.land\/x\/hono/, packages: ["hono", "@hono/hono"], kind: "api" },
  {
    id: "oak",
    imports: /@oak\/oak|deno\.land\/x\/oak|npm:@oakserver\/oak/,
    packages: ["@oak/oak", "oak"],
    kind: "api",
  },
  { id: "express", imports: /npm:\/?express/, packages: ["express"], kind: "api" },
  { id: "fastify", imports: /npm:\/?fastify/, packages: ["fastify"], kind: "api" },
];
const USUAL_PORT = 8000;

/** Programs of Deno. */
export const denoCollector: Collector = {
  id: "deno",
  reads: ["deno.json", "deno.jsonc", "deno.lock", ".dvmrc", "*.ts"],
  collect(view) {
    if (view.unit.program !== null) return;
    const config = denoConfig(view);
    const manifest = manifestIn(view.snapshot, view.unit.path);
    // A package with scripts of its own is started by Node or Bun; deno.json is for its tools then.
    if (manifest && (!config || startsWithoutDeno(manifest))) return;
    if (
      !config &&
      (view.unit.markers.some((marker) => !/\.[cm]?[jt]s$|^(?:Dockerfile|Makefile|fly\.toml)$/.test(marker)) ||
        !isDenoCode(view))
    )
      return;
    collectProgram(view, config);
  },
};

function collectProgram(view: View, config: DenoConfig | undefined): void {
  const [script] = scriptsOf(view);
  const shown = config?.at([], "manifest") ?? (script === undefined ? undefined : view.seen(script, 1, "code"));
  if (!shown) return;
  if (config?.name !== undefined)
    view.claim("name", config.name, { source: "project", at: config.at(["name"], "name") });
  const start = denoStart(view, config);
  const framework = frameworkOf(view, config);
  const { seen } = versionsOf(view, "deno");
  claimRuntime(view, "deno", seen);
  if (seen.length === 0)
    view.claim("runtime", { name: "deno", version: null }, { source: "convention", confidence: 0.9, at: shown });
  view.claim("language", typed(view) ? "TypeScript" : "JavaScript", { source: "project", confidence: 0.95, at: shown });
  claimTasks(view, config, shown);
  claimWorkspace(view, config);
  if (claimLume(view, config)) return;
  if (!start) {
    if (config?.document.value !== undefined) view.claim("kind", "library", { source: "convention", at: shown });
    return;
  }
  view.claim("start", start.command, start);
  if (framework) view.claim("framework", framework.id, { source: "project", confidence: 0.95, at: framework.at });
  const { port } = listenFlags(start.command.split(" "));
  if (port !== undefined) view.claim("port", port, { source: "project", at: start.at });
  const listens = claimDenoPorts(view);
  if (framework || listens || /^deno serve\b/.test(start.command)) {
    view.claim("kind", framework?.kind ?? "api", {
      source: "convention",
      confidence: 0.7,
      at: framework?.at ?? start.at,
    });
    view.claim("port", USUAL_PORT, {
      source: framework?.id === "fresh" || /^deno serve\b/.test(start.command) ? "convention" : "default",
      at: framework?.at ?? start.at,
    });
  }
}

function frameworkOf(
  view: View,
  config: DenoConfig | undefined,
): { id: string; kind: "web" | "api"; at: Evidence } | undefined {
  for (const { id, imports, packages, kind } of FRAMEWORKS) {
    if (config?.imports.some((target) => imports.test(target)))
      return { id, kind, at: config.at(["imports"], "imports") };
    const at = importOf(view, packages);
    if (at) return { id, kind, at };
    const file = scriptsOf(view).find((path) =>
      new RegExp(`from\\s*["'][^"']*(?:${imports.source.replaceAll("^", "")})`).test(
        view.snapshot.code(path)?.code ?? "",
      ),
    );
    if (file !== undefined) return { id, kind, at: view.seen(file, 1, "import") };
  }
  return undefined;
}

function claimTasks(view: View, config: DenoConfig | undefined, shown: Evidence): void {
  const lock = view.path("deno.lock");
  const locked = lock !== undefined && view.snapshot.has(lock);
  const source = locked
    ? { source: "project" as const, confidence: LOCKFILE, at: view.seen(lock, 1, "lockfile") }
    : { source: "convention" as const, confidence: 0.8, at: shown };
  view.claim("packageManager", "deno", source);
  view.claim("install", locked ? "deno install --frozen" : "deno install", {
    ...source,
    confidence: 0.7,
    source: "convention",
  });
  const test = config?.tasks.has("test")
    ? "deno task test"
    : view.files.some((path) => /[._]test\.[jt]sx?$/.test(path))
      ? "deno test -A"
      : undefined;
  if (test !== undefined)
    view.claim("test", test, { source: config?.tasks.has("test") ? "project" : "convention", at: shown });
  if (config?.tasks.has("build"))
    view.claim("build", "deno task build", { source: "project", at: config.at(["tasks", "build"], "task") });
}

function claimWorkspace(view: View, config: DenoConfig | undefined): void {
  const workspace = workspaceOf(view.snapshot, view.unit.path);
  if (!workspace || !config || manifestIn(view.snapshot, view.unit.path)) return;
  view.claim("workspace", workspace.root, { source: "project", at: view.seen(workspace.file, 1, "workspace") });
  for (const target of new Set(config.imports)) {
    const folder =
      workspace.names.get(target) ?? (target.startsWith(".") ? joinPath(view.unit.path, target) : undefined);
    if (folder !== undefined && folder !== view.unit.path && workspace.members.has(folder))
      view.claimEach(
        "internal",
        folder,
        { path: folder },
        { source: "project", at: config.at(["imports"], "internal") },
      );
  }
}

function typed(view: View): boolean {
  const files = scriptsOf(view);
  return files.length === 0 || files.filter((path) => /\.[cm]?tsx?$/.test(path)).length * 2 >= files.length;
}
