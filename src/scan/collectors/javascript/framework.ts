import type { Evidence } from "../../fact.ts";
import type { FrameworkRow } from "../../tables/javascript-framework-row.ts";
import { FRAMEWORKS } from "../../tables/javascript-frameworks.ts";
import { expandLine } from "./commands/expand.ts";
import { fileOf, launchOf } from "./commands/launch.ts";
import { importOf } from "./imports.ts";
import { codeConfig } from "./literals/config.ts";
import type { Project } from "./project.ts";

export interface FoundFramework {
  row: FrameworkRow;
  confidence: number;
  at: Evidence[];
  /** Whether something besides a package shows it. */
  used: boolean;
}

/** Folders that hold the pages of a framework, where its package is there. */
const PAGES: Readonly<Record<string, RegExp>> = {
  next: /^(?:src\/)?(?:pages\/(?:_app|_document|index|api\/.+)\.[jt]sx?|app\/(?:.+\/)?(?:page|layout|route)\.[jt]sx?)$/,
  nuxt: /^(?:(?:app|src)\/)?(?:pages|layouts|app\.vue)/,
  astro: /^src\/pages\//,
  remix: /^app\/(?:root\.[jt]sx?|routes\/)/,
  "react-router": /^app\/(?:root|routes)\.[jt]sx?/,
  sveltekit: /^src\/(?:routes\/(?:.+\/)?\+(?:page|layout|server)\b|app\.html$)/,
  "tanstack-start": /^(?:src|app)\/(?:routes\/__root|routeTree)/,
  solidstart: /^src\/(?:routes\/.+\.[jt]sx$|app\.[jt]sx)/,
  qwik: /^src\/(?:routes\/(?:.+\/)?(?:index|layout)\.[jt]sx|root\.[jt]sx)/,
  gatsby: /^(?:src\/pages\/|gatsby-)/,
  docusaurus: /^(?:docs|blog|src\/pages)\//,
  angular: /^src\/app\/app\.(?:component|config|routes|html|ts)\b/,
  vitepress: /\.vitepress\//,
  vuepress: /\.vuepress\//,
  hexo: /^(?:source|scaffolds)\//,
  analog: /^src\/app\//,
  strapi: /^(?:src\/api\/|config\/(?:server|database|admin)\.|api\/.+\/(?:models|controllers)\/)/,
};

/** Frameworks of a package, the most specific first; those that its packages alone suggest come with less confidence. */
export function frameworksOf(project: Project): FoundFramework[] {
  return FRAMEWORKS.flatMap((row) => found(project, row) ?? []);
}

function found(project: Project, row: FrameworkRow): FoundFramework | undefined {
  const { manifest, view } = project;
  const mark = row.mark !== undefined && project.exists(row.mark) ? view.path(row.mark) : undefined;
  if (mark !== undefined) return { row, confidence: 1, at: [view.seen(mark, 1, "mark")], used: true };
  const own = row.packages.map((name) => manifest.dependencies.get(name)).filter((one) => one !== undefined);
  const best = own.find(({ group }) => group === "prod") ?? own.find(({ group }) => group === "dev");
  const shared = row.packages.map((name) => project.has(name)).find((one) => one !== undefined);
  if (!best && (!shared || project.isRoot)) return undefined;
  const production = best?.group === "prod";
  const dependency = best ?? shared;
  const at = dependency ? [view.seen(dependency.file, dependency.place(), "dependency")] : [];
  if (row.role === "server") {
    if (!production && (best || !shared || shared.group !== "prod")) {
      const own = best && ownServer(project, row);
      if (own) return { row, confidence: 0.8, at: [...at, own], used: true };
      if (best) view.miss("framework", `${row.id} is a development dependency only`, at);
      return undefined;
    }
    const imported = importOf(view, row.imports ?? row.packages) ?? usageOf(project, row);
    if (!imported) return production && !project.isRoot ? { row, confidence: 0.6, at, used: false } : undefined;
    return { row, confidence: production ? 1 : 0.8, at: [...at, imported], used: true };
  }
  const use = usageOf(project, row);
  if (!use) {
    if (production && !project.workspace && row.role === "site" && !row.inDevelopment)
      return { row, confidence: 0.6, at, used: false };
    view.miss("framework", `${row.id} is a dependency, but no configuration, script or page uses it`, at);
    return undefined;
  }
  const confidence = production || (best && row.inDevelopment) ? 1 : best ? 0.9 : 0.85;
  return { row, confidence, at: [...at, use], used: true };
}

/** Where the file that `start` runs imports a server that is listed among the tools by mistake. */
function ownServer(project: Project, row: FrameworkRow): Evidence | undefined {
  const { view, manifest } = project;
  const line = manifest.scripts.get("start");
  const launch =
    line === undefined ? undefined : launchOf(view.snapshot, expandLine(view.snapshot, line, view.unit.path));
  const file = launch?.role === "server" && !launch.ambiguous ? fileOf(launch.step.argv) : undefined;
  const path = file === undefined ? undefined : view.path(file);
  const entry = [path, `${path}.js`].find((one) => one !== undefined && view.snapshot.has(one));
  return entry === undefined
    ? undefined
    : importOf({ ...view, sources: [entry], files: [] }, row.imports ?? row.packages);
}

/** Where the package uses a framework: a script, its configuration, its pages. */
function usageOf(project: Project, row: FrameworkRow): Evidence | undefined {
  const script = scriptWith(project, row);
  if (script) return script;
  const { view, fileLike } = project;
  const config = row.config && fileLike(row.config);
  // A bundler's configuration serves tests too: pages show that it builds some.
  if (config !== undefined && (row.role === "site" || hasPage(project))) return view.seen(config, 1, "config");
  if (row.role === "server" && config !== undefined) return view.seen(config, 1, "config");
  const imported = pluginIn(project, row);
  if (imported) return imported;
  const pages = PAGES[row.id];
  const inside = view.unit.path === "." ? 0 : view.unit.path.length + 1;
  const page = pages && view.files.find((path) => pages.test(path.slice(inside)));
  return page === undefined ? undefined : view.seen(page, 1, "pages");
}

function scriptWith({ manifest, at }: Project, row: FrameworkRow): Evidence | undefined {
  const names = (row.programs ?? []).map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  if (names.length === 0) return undefined;
  const expression = new RegExp(`(?:^|[\\s/;&|"'(=])(?:${names.join("|")})(?=\\s|$|["';&|)]|@)`);
  const script = [...manifest.scripts].find(([, line]) => expression.test(line))?.[0];
  return script === undefined ? undefined : at(["scripts", script], "script");
}

/** The configuration of Vite or of the application that takes the framework as a plugin. */
function pluginIn({ view, fileLike }: Project, row: FrameworkRow): Evidence | undefined {
  if (row.role !== "site") return undefined;
  for (const pattern of [/^vite\.config\.[cm]?[jt]s$/, /^app\.config\.[cm]?[jt]s$/]) {
    const config = codeConfig(view.snapshot, fileLike(pattern));
    const name =
      config && row.packages.find((one) => config.contains(new RegExp(`["']${one.replace(/[/.]/g, "\\$&")}(?:["'/])`)));
    if (config && name) return view.seen(config.file, 1, "plugin");
  }
  return undefined;
}

function hasPage({ exists }: Project): boolean {
  return ["index.html", "src/index.html", "public/index.html", "app/index.html", "client/index.html"].some(exists);
}
