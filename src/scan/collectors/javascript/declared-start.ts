import type { Evidence } from "../../fact.ts";
import { isKnownProgram } from "../../tables/javascript-programs.ts";
import { expandLine } from "./commands/expand.ts";
import { fileOf, type Launch, launchOf } from "./commands/launch.ts";
import { nxProjects } from "./nx/projects.ts";
import type { Project } from "./project.ts";

/** A script that starts the package. */
export interface Declared extends Launch {
  script: string;
  at: Evidence[];
}

const START = [
  "start",
  "start:prod",
  "start:production",
  "start-prod",
  "start_prod",
  "startprod",
  "prod",
  "production",
  "prod:start",
  "serve:prod",
  "serve:production",
  "server:prod",
  "run:prod",
];
const SERVE = [
  "server",
  "serve",
  "start:server",
  "server:start",
  "start-server",
  "start:node",
  "start:api",
  "start:app",
  "start:web",
  "start:dist",
  "start:js",
  "start:ssr",
  "serve:ssr",
  "start:backend",
  "backend",
  "api",
  "web",
  "run",
  "launch",
];
const DEVELOP = [
  "dev",
  "start:dev",
  "develop",
  "development",
  "dev:server",
  "server:dev",
  "dev:start",
  "watch",
  "start:watch",
];

const runs = ({ role }: Launch) => role === "server" || role === "runner";

/**
 * The script that starts the package in production: `start`, another one where that is for development only, or a development script
 * without its watching. `others` allows names that clients use for servers of their own.
 */
export function declaredStart(project: Project, { others }: { others: boolean }): Declared | undefined {
  const start = START.flatMap((name) => launched(project, name));
  const [first] = start;
  if (first?.script === "start" && first.role === "server" && !first.changed && !first.ambiguous) return first;
  // A preview is a server of what was built only where it is the project's own file.
  const previewed = launched(project, "preview").filter(({ step }) => fileOf(step.argv) !== undefined);
  const served = others ? [...serveNames(project).flatMap((name) => launched(project, name)), ...previewed] : [];
  const plain = (one: Declared) => one.role === "server" && !one.changed && !one.ambiguous;
  return (
    start.find(plain) ??
    start.find((one) => one.role === "runner" && !one.changed) ??
    served.find(plain) ??
    start.find(runs) ??
    served.find(runs) ??
    start.find(({ role }) => role === "static")
  );
}

/** What a script for development runs, without its watching. */
export function developedStart(project: Project): Declared | undefined {
  return DEVELOP.flatMap((name) => launched(project, name)).find(
    // Of a program that nobody knows it cannot be said that it serves.
    (one) =>
      runs(one) && !one.ambiguous && (fileOf(one.step.argv) !== undefined || isKnownProgram(one.step.argv[0] ?? "")),
  );
}

/** Whether `start` only starts other packages of the repository; the folder, where it is one. */
export function delegates({ view, manifest }: Project): { to: string | undefined } | undefined {
  const line = manifest.scripts.get("start");
  if (line === undefined) return undefined;
  const steps = expandLine(view.snapshot, line, view.unit.path);
  const own = nxProjects(view.snapshot).get(view.unit.path);
  // A repository of Nx with one project at its root starts itself.
  if (!own && steps.some(({ argv: [program] }) => program === "turbo" || program === "lerna" || program === "nx"))
    return { to: undefined };
  const folder = launchOf(view.snapshot, steps)?.step.folder;
  if (folder === undefined || folder === view.unit.path) return undefined;
  return view.units.some(({ path }) => path === folder) ? { to: folder } : undefined;
}

function serveNames({ manifest }: Project): string[] {
  return [...SERVE, ...[...manifest.scripts.keys()].filter((name) => /^serve:ssr:/.test(name))];
}

function launched(project: Project, name: string): Declared[] {
  const { view, manifest, at } = project;
  const line = manifest.scripts.get(name);
  if (line === undefined) return [];
  const launch = launchOf(view.snapshot, expandLine(view.snapshot, line, view.unit.path));
  if (!launch || (launch.step.folder !== view.unit.path && view.units.some(({ path }) => path === launch.step.folder)))
    return [];
  const before = manifest.scripts.has(`pre${name}`) ? [at(["scripts", `pre${name}`], "before-start")] : [];
  return [{ ...launch, script: name, at: [at(["scripts", name], "script"), ...before] }];
}
