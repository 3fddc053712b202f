import { baseOf, joinPath } from "../../../formats/tree.ts";
import { LOCKFILE } from "../../fact.ts";
import type { ManagerRow } from "../../tables/javascript-managers.ts";
import { compileStep } from "./built.ts";
import { expandLine } from "./commands/expand.ts";
import { commandText } from "./commands/step.ts";
import type { FoundFramework } from "./framework.ts";
import type { Managed } from "./package-manager.ts";
import type { Project } from "./project.ts";
import type { Site } from "./sites/site.ts";
import { compiledPath } from "./tsconfig.ts";

const BUILD = [
  "build",
  "build:prod",
  "build:production",
  "build-prod",
  "prod:build",
  "production:build",
  "compile",
  "heroku-postbuild",
  "gcp-build",
  "generate",
  "bundle",
  "dist",
  "docs:build",
];
/** Scripts that start the application, some of which compile it before. */
const STARTS = ["start", "start:prod", "start:production", "prod", "serve"];
const TEST = ["test", "test:unit", "test:ci", "unit", "tests"];
const NO_TEST =
  /no tests? (?:specified|yet|found)|^\s*(?:true|:|exit 0)?\s*$|^\s*echo\b[^&|;]*(?:&&\s*exit\s+\d\s*)?$/i;
/** What builds a framework's files where no script does. */
const BUILDERS: Readonly<Record<string, string>> = {
  next: "next build",
  nuxt: "nuxt build",
  remix: "remix vite:build",
  "react-router": "react-router build",
  sveltekit: "vite build",
  astro: "astro build",
  angular: "ng build",
  gatsby: "gatsby build",
  redwood: "rw build",
  docusaurus: "docusaurus build",
  vitepress: "vitepress build",
  eleventy: "eleventy",
  hexo: "hexo generate",
  "tanstack-start": "vite build",
  nest: "nest build",
  "vue-cli": "vue-cli-service build",
  "create-react-app": "react-scripts build",
  vite: "vite build",
  ember: "ember build --environment=production",
};

interface Made {
  framework: FoundFramework | undefined;
  site: Site | undefined;
}

/** Claims how the package is installed, built and tested. */
export function claimTasks(project: Project, managed: Managed, made: Made): void {
  claimInstall(project, managed);
  claimBuild(project, managed, made);
  claimTest(project, managed);
}

function claimInstall({ view, at }: Project, { manager, lockfile, berry }: Managed): void {
  if (lockfile === undefined)
    return void view.claim("install", manager.install, {
      source: "convention",
      confidence: 0.7,
      at: at([], "no-lockfile"),
    });
  const frozen = berry ? "yarn install --immutable" : manager.frozen;
  view.claim("install", frozen, { source: "project", confidence: LOCKFILE, at: view.seen(lockfile, 1, "lockfile") });
}

function claimBuild(project: Project, { manager }: Managed, { framework, site }: Made): void {
  const { view, manifest, at } = project;
  const builds = BUILD.filter((one) => manifest.scripts.has(one));
  const pages = framework?.row.kind === "static" || site?.render?.value === "export";
  const name = (framework && pages ? ownBuild(project, framework, builds) : undefined) ?? builds[0];
  if (name !== undefined)
    return void view.claim("build", typed(project, manager, name), {
      source: "project",
      at: at(["scripts", name], "script"),
    });
  const before = ["prestart", "build:ts", "build:server", "tsc"].find((one) => compileStep(project, one) !== undefined);
  if (before !== undefined)
    return void view.claim("build", typed(project, manager, before), {
      source: "project",
      confidence: 0.8,
      at: at(["scripts", before], "script"),
    });
  for (const name of STARTS) {
    const first = compileStep(project, name);
    if (first?.folder === view.unit.path)
      return void view.claim("build", `${manager.exec} ${commandText(first, view.unit.path)}`, {
        source: "project",
        confidence: 0.8,
        at: at(["scripts", name], "script"),
      });
  }
  const compiled = STARTS.find((name) => startsCompiled(project, name));
  if (compiled !== undefined)
    return void view.claim("build", `${manager.exec} tsc`, {
      source: "convention",
      confidence: 0.7,
      at: at(["scripts", compiled], "script"),
    });
  const usual = framework?.used ? BUILDERS[framework.row.id] : undefined;
  if (framework && usual !== undefined)
    view.claim("build", `${manager.exec} ${usual}`, { source: "convention", confidence: 0.7, at: framework.at });
}

/** Whether a script runs what the compiler makes of a source, and no script calls the compiler. */
function startsCompiled(project: Project, script: string): boolean {
  const { view, manifest } = project;
  const config = view.path("tsconfig.json");
  if (config === undefined || !project.has("typescript")) return false;
  const steps = expandLine(view.snapshot, manifest.scripts.get(script) ?? "", view.unit.path);
  const run = steps.flatMap(({ argv, folder }) => argv.slice(1).flatMap((word) => joinPath(folder, word) ?? []));
  const missing = run.filter((path) => /\.[cm]?js$/.test(path) && !view.snapshot.has(path));
  return view.sources.some((source) => {
    const made = /\.[cm]?tsx?$/.test(source) ? compiledPath(view.snapshot, config, source) : undefined;
    return made !== undefined && missing.includes(made);
  });
}

/** Where a package builds several things, the script that runs the generator. */
function ownBuild({ view, manifest }: Project, { row }: FoundFramework, builds: readonly string[]): string | undefined {
  const runs = builds.filter((name) =>
    expandLine(view.snapshot, manifest.scripts.get(name) ?? "", view.unit.path).some(({ argv: [program = ""] }) =>
      row.programs?.includes(program),
    ),
  );
  // `nuxt build` makes no pages of a static Nuxt.
  return runs.find((name) => name === "generate") ?? runs[0];
}

function claimTest(project: Project, { manager }: Managed): void {
  const { view, manifest, at } = project;
  const name = TEST.find((one) => manifest.scripts.has(one) && !NO_TEST.test(manifest.scripts.get(one) ?? ""));
  if (name === undefined) return;
  const short = name === "test" && manager.id !== "bun" && !isNx(project);
  const command = short ? `${manager.id} test` : typed(project, manager, name);
  view.claim("test", command, { source: "project", at: at(["scripts", name], "script") });
}

/** A script as one types it; a target of Nx by way of Nx, which builds first what it needs. */
function typed(project: Project, manager: ManagerRow, script: string): string {
  return isNx(project) ? `${manager.exec} nx ${script} ${project.manifest.name}` : `${manager.run} ${script}`;
}

function isNx({ manifest: { file } }: Project): boolean {
  return baseOf(file) === "project.json";
}
