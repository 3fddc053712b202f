import { recordAt, stringAt } from "../../../formats/document.ts";
import { parseJson } from "../../../formats/json.ts";
import { joinPath, type Tree } from "../../../formats/tree.ts";
import { shellCommands } from "../../../scan/command-line.ts";
import type { PlannedService } from "../../plan.ts";
import { REBUILT, type Running } from "./running.ts";

type Service = Pick<PlannedService, "path" | "packageManager" | "port" | "start" | "internal">;

const SCRIPTS = ["dev", "start:dev", "develop", "watch"];
/** They compile, and start nothing. */
const COMPILERS =
  /^(?:tsc|swc|babel|rollup|esbuild|tsup|sass|tailwindcss|postcss|webpack(?! serve))\b(?!.*on-?success)/i;
/** Servers of tools that listen on loopback, or on a port of their own, unless they are told. */
const TOLD: readonly [program: RegExp, flags: (port: number) => string][] = [
  [/^(?:vite|astro dev|nuxt dev|nuxi dev|vinxi dev|remix vite:dev|react-router dev|ng serve)\b/, hostAndPort],
  [/^gatsby develop\b/, (port) => `-H 0.0.0.0 -p ${port}`],
  [/^next dev\b/, (port) => `-H 0.0.0.0 -p ${port}`],
];
/** Programs that are given a file and run it, and the same with an eye on what it loads. */
const RUNNERS: readonly [line: RegExp, following: string][] = [
  [/^tsx (?!watch\b)/, "tsx watch "],
  [/^ts-node(?:-dev)? /, "ts-node-dev --respawn "],
  [/^bun (?:run )?(?=\S+\.[cm]?[jt]sx?\b)/, "bun --watch "],
];
const EXECUTES: Record<string, string> = { pnpm: "pnpm exec", yarn: "yarn run", bun: "bunx" };

/** The server of a package, by the script that people work with. */
export function nodeServer(service: Service, tree: Tree): Running {
  const { port, start } = service;
  const scripts = scriptsIn(service.path, tree);
  const script = SCRIPTS.find((name) => {
    const line = scripts[name];
    return line !== undefined && !COMPILERS.test(lastCommand(line));
  });
  if (script === undefined) return start === null ? REBUILT : program(start, service, tree);
  const line = scripts[script] ?? "";
  const flags =
    port === null || /\s--?(?:host|H|p|port)\b/.test(line)
      ? undefined
      : TOLD.find(([tool]) => tool.test(lastCommand(line)));
  const manager = managerOf(service);
  const more = flags && port !== null ? ` ${manager === "npm" ? "-- " : ""}${flags[1](port)}` : "";
  return { command: `${manager} run ${script}${more}`, takes: "itself", beside: watchers(service, tree) };
}

/** A further program of a package: by a script of its own for development, or by what production runs. */
export function nodeProcess(process: { name: string; command: string }, service: Service, tree: Tree): Running {
  const scripts = scriptsIn(service.path, tree);
  const { name } = process;
  const own = [`dev:${name}`, `${name}:dev`, `start:${name}:dev`, `watch:${name}`, `${name}:watch`].find(
    (script) => scripts[script] !== undefined,
  );
  if (own !== undefined)
    return { command: `${managerOf(service)} run ${own}`, takes: "itself", beside: watchers(service, tree) };
  const script = /^(?:npm|pnpm|yarn|bun) (?:run )?([\w:.-]+)$/.exec(process.command)?.[1];
  const running = program(scripts[script ?? ""] ?? process.command, service, tree);
  return running.takes === "itself" ? { ...running, beside: watchers(service, tree) } : running;
}

/** A command with the programs of the packages, which the stage that builds does not have in its PATH. */
export function withPackages(command: string, { packageManager }: Pick<Service, "packageManager">): string {
  if (/^(?:node|npm|npx|pnpm|yarn|bunx?|sh|cd|\w+=)(?:\s|$)|^\.?\//.test(command)) return command;
  return `${EXECUTES[packageManager ?? ""] ?? "npx"} ${command}`;
}

function program(line: string, service: Service, tree: Tree): Running {
  const file = /^node ([^-\s]\S*)/.exec(line)?.[1];
  if (file !== undefined) {
    // What the build makes is made again by it alone.
    const isSource = [file, `${file}.js`].some((one) => tree.has(joinPath(service.path, one) ?? one));
    return isSource ? { command: line.replace(/^node/, "node --watch"), takes: "itself" } : REBUILT;
  }
  const runner = RUNNERS.find(([pattern]) => pattern.test(line));
  const isThere = runner?.[1].startsWith("ts-node-dev") ? hasPackage(service.path, "ts-node-dev", tree) : true;
  if (runner && isThere) return { command: withPackages(line.replace(runner[0], runner[1]), service), takes: "itself" };
  return { command: withPackages(line, service), takes: "restart" };
}

/** Packages of the workspace that build themselves again, beside the program that uses them. */
function watchers({ internal, packageManager }: Service, tree: Tree): string[] {
  return internal.flatMap((folder) => {
    const script = watcherOf(folder, tree);
    return script === undefined ? [] : [`cd /app/${folder} && ${managerOf({ packageManager })} run ${script}`];
  });
}

/** The script by which a package builds itself again for each change; undefined where it has none. */
export function watcherOf(folder: string, tree: Tree): string | undefined {
  const scripts = scriptsIn(folder, tree);
  if (scripts.build === undefined) return undefined;
  return ["dev", "watch", "build:watch"].find((name) => /(?:\bwatch\b|\s-w\b)/.test(scripts[name] ?? ""));
}

/** Whether a package of the workspace is used as its build makes it. */
export function isBuilt(folder: string, tree: Tree): boolean {
  return scriptsIn(folder, tree).build !== undefined;
}

function manifestOf(folder: string, tree: Tree): unknown {
  return parseJson(tree.text(joinPath(folder, "package.json") ?? "") ?? "{}").value;
}

function scriptsIn(folder: string, tree: Tree): Record<string, string | undefined> {
  const scripts = recordAt(manifestOf(folder, tree), ["scripts"]);
  return Object.fromEntries(Object.keys(scripts).map((name) => [name, stringAt(scripts, [name])]));
}

function hasPackage(folder: string, name: string, tree: Tree): boolean {
  return ["dependencies", "devDependencies"].some(
    (list) => recordAt(manifestOf(folder, tree), [list])[name] !== undefined,
  );
}

function lastCommand(line: string): string {
  return shellCommands(line).at(-1)?.argv.join(" ") ?? "";
}

function managerOf({ packageManager }: Pick<Service, "packageManager">): string {
  return packageManager ?? "npm";
}

function hostAndPort(port: number): string {
  return `--host 0.0.0.0 --port ${port}`;
}
