import { stringAt } from "../../../formats/document.ts";
import { isIn } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import { builtPath, inside } from "./built.ts";
import { scriptsOf } from "./imports.ts";
import { LISTENS, listenCalls } from "./listen/calls.ts";
import { moduleOf } from "./listen/module.ts";
import type { Project } from "./project.ts";

export interface Entry {
  /** From the root. */
  file: string;
  /** Whether it waits for requests. */
  serves: boolean;
  at: Evidence;
}

const NAMES = ["server", "index", "app", "main"];
const ENDINGS = ["js", "ts", "mjs", "mts", "cjs", "cts"];
const FOLDERS = ["", "src/", "server/", "src/server/", "api/", "lib/", "bin/", "dist/", "app/"];
const RUNNERS = ["tsx", "ts-node", "@swc-node/register", "esno"] as const;
const WAITS =
  /\b(?:process\.on|setInterval|createServer|new Worker|\.connect\(|\.login\(|\.launch\(|\.consume\(|\.subscribe\(|\.start\(|\.run\(|while\s*\(true\)|cron|bot\b)/i;

/** The file that a package without a script is started with: `main`, or one of the usual names; a server goes before others. */
export function entryOf(project: Project): Entry | undefined {
  const { view, manifest, at, exists } = project;
  const main = stringAt(manifest.data, ["main"]);
  const paths = main === undefined ? [] : [main, `${main}.js`, `${main}/index.js`, `${main.replace(/\/$/, "")}.ts`];
  const own = paths
    .map((path) => view.path(path))
    .find((path) => path !== undefined && view.snapshot.has(path) && /\.[cm]?[jt]s$/.test(path));
  const named = FOLDERS.flatMap((folder) =>
    NAMES.flatMap((name) => ENDINGS.map((ending) => `${folder}${name}.${ending}`)),
  );
  const nested = view.units.flatMap(({ path }) =>
    path !== view.unit.path && isIn(path, view.unit.path) ? [path] : [],
  );
  const found = named
    .filter(exists)
    .map((path) => view.path(path) as string)
    .filter((path) => !nested.some((folder) => isIn(path, folder)));
  const candidates = own === undefined ? found : [own, ...found.filter((path) => path !== own)];
  const file = candidates.find((path) => serves(project, path)) ?? candidates[0];
  if (file === undefined) return undefined;
  const seen = file === own ? at(["main"], "main") : view.seen(file, 1, "entry");
  return { file, serves: serves(project, file), at: seen };
}

/** Whether a file looks as if it worked until it is stopped. */
export function works({ view }: Project, file: string): boolean {
  return WAITS.test(view.snapshot.code(file, "javascript")?.code ?? "");
}

/** Whether any code of the package waits for requests. */
export function anyServes(project: Project): boolean {
  return scriptsOf(project.view).some((file) => serves(project, file));
}

function serves({ view }: Project, file: string): boolean {
  if (!LISTENS.test(view.snapshot.text(file) ?? "")) return false;
  const module = moduleOf(view.snapshot, file, view.unit.path);
  return module !== undefined && listenCalls(module).length > 0;
}

/** How production runs a source file: what is built of it, or the program that takes it as it is; undefined where nothing can. */
export function runLine(
  project: Project,
  file: string,
  runtime: "node" | "bun",
): { command: string; sure: boolean } | undefined {
  const path = inside(project, file);
  if (runtime === "bun") return { command: `bun run ${path}`, sure: true };
  const typed = /\.[cm]?ts$/.test(file);
  const source = typed || /^src\//.test(path);
  const built = source ? builtPath(project, file) : undefined;
  if (built !== undefined) return { command: `node ${built}`, sure: true };
  if (!typed) return { command: `node ${path}`, sure: true };
  const runner = RUNNERS.find((name) => project.has(name));
  if (runner === "@swc-node/register") return { command: `node -r @swc-node/register ${path}`, sure: true };
  // Node itself takes types away since its version 22.18.
  return runner === undefined ? { command: `node ${path}`, sure: false } : { command: `${runner} ${path}`, sure: true };
}
