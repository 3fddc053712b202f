import { relative } from "node:path/posix";
import { listAt, type Path, recordAt, stringAt, valueAt } from "../../../../formats/document.ts";
import { baseOf, isIn } from "../../../../formats/tree.ts";
import { quoted } from "../commands/step.ts";

/** A target as a line of a shell, and the folder it runs in. */
export interface TargetLine {
  line: string;
  folder: string;
}

/** Where the targets of a project stand. */
export interface Targets {
  /** `project.json`, or the part of a package.json that Nx reads. */
  value: unknown;
  /** The folder of the project, and that of `nx.json`, from the root of the repository. */
  folder: string;
  root: string;
}

/** What an executor of Nx runs, by its name without the scope. `{out}` is the folder that it writes to. */
const LINES: readonly (readonly [executor: RegExp, line: string])[] = [
  [/\/vite:build$/, "vite build {--outDir out}"],
  [/\/vite:dev-server$/, "vite"],
  [/\/vite:preview-server$/, "vite preview"],
  [/\/vite:test$/, "vitest run"],
  [/\/next:build$/, "next build"],
  [/\/next:(?:server|dev-server)$/, "next dev"],
  [/\/remix:build$/, "remix build"],
  [/\/jest:jest$/, "jest"],
  [
    /^@(?:nx|nrwl)\/angular:(?:module-federation-)?dev-server$|^@angular(?:-devkit)?\/build(?:-angular)?:dev-server$/,
    "ng serve",
  ],
  [/^@(?:nx|nrwl)\/angular:(?:application|webpack-browser|browser-esbuild)$/, "ng build"],
  [/^@angular(?:-devkit)?\/build(?:-angular)?:(?:application|browser|browser-esbuild)$/, "ng build"],
  [/\/(?:webpack|web|rspack):(?:webpack|rspack|build)$/, "webpack {-o out}"],
  [/\/node:(?:webpack|build)$/, "webpack --target node {-o out}"],
  [/\/(?:webpack|rspack|web):(?:ssr-)?dev-server$/, "webpack serve"],
];
const RUNS_NODE = /\/(?:js|node):(?:node|execute)$/;
/** Executors that keep the place of a source below its project. */
const KEEPS_PLACES = /\/js:(?:tsc|swc|babel)$/;
const MAKES_PROGRAM = /\/(?:webpack|rspack|esbuild|node|js):(?:webpack|rspack|esbuild|build|tsc|swc|babel)$/;

/** The lines of a project's targets, by name; `start` is that of the program that its build makes. */
export function linesOf(targets: Targets): Map<string, TargetLine> {
  const found = new Map<string, TargetLine>();
  for (const name of Object.keys(recordAt(targets.value, ["targets"]))) {
    const line = lineOf(targets, name);
    if (line) found.set(name, line);
  }
  const start = found.has("start") ? undefined : programOf(targets);
  if (start !== undefined) found.set("start", { line: `node ${quoted(start)}`, folder: targets.folder });
  return found;
}

function lineOf(targets: Targets, name: string): TargetLine | undefined {
  const { value, folder, root } = targets;
  const target: Path = ["targets", name];
  const executor = executorOf(targets, name);
  if (executor === undefined) return undefined;
  if (executor === "nx:run-commands" || executor.endsWith(":run-commands")) {
    const commands = listAt(value, [...target, "options", "commands"]).flatMap(
      (one) => stringAt(one) ?? stringAt(one, ["command"]) ?? [],
    );
    const joint = valueAt(value, [...target, "options", "parallel"]) === false ? " && " : " & ";
    const line =
      stringAt(value, [...target, "options", "command"]) ??
      stringAt(value, [...target, "command"]) ??
      commands.join(joint);
    const cwd = stringAt(value, [...target, "options", "cwd"])?.replace("{projectRoot}", folder);
    return line === "" ? undefined : { line, folder: under(root, cwd ?? ".") };
  }
  const row = LINES.find(([expression]) => expression.test(executor));
  if (!row) return undefined;
  const out = outputOf(targets, name);
  const node = isForNode(targets, name) && !row[1].includes("--target") ? " --target node" : "";
  const line = row[1].replace(/\{(\S+) out\}/, (_, flag: string) =>
    out === undefined ? "" : `${flag} ${quoted(out)}`,
  );
  return { line: `${line.trim()}${row[1].startsWith("webpack {") ? node : ""}`, folder };
}

/** The program that is built, relative to the project; undefined where none is. */
function programOf(targets: Targets): string | undefined {
  const { value, folder, root } = targets;
  if (stringAt(value, ["projectType"]) === "library") return undefined;
  const names = Object.keys(recordAt(value, ["targets"]));
  const build = ["build", ...names].find((name) => MAKES_PROGRAM.test(executorOf(targets, name) ?? ""));
  if (build === undefined) return undefined;
  const runs = names.some((name) => RUNS_NODE.test(executorOf(targets, name) ?? ""));
  const out = outputOf(targets, build);
  if (out === undefined || !(runs || isForNode(targets, build))) return undefined;
  const options: Path = ["targets", build, "options"];
  const named = stringAt(value, [...options, "outputFileName"]);
  if (named !== undefined) return `${out}/${named}`;
  const main = under(root, stringAt(value, [...options, "main"]) ?? "");
  const keeps = KEEPS_PLACES.test(executorOf(targets, build) ?? "") && isIn(main, folder);
  const place = keeps ? relative(folder === "." ? "" : folder, main) : baseOf(main);
  return `${out}/${place === "." || place === "" ? "main.js" : place.replace(/\.[cm]?tsx?$/, ".js")}`;
}

function isForNode({ value }: Targets, name: string): boolean {
  const path: Path = ["targets", name];
  return (
    stringAt(value, [...path, "options", "target"]) === "node" ||
    stringAt(value, [...path, "options", "platform"]) === "node" ||
    /\/node:/.test(stringAt(value, [...path, "executor"]) ?? "")
  );
}

/** The folder that a target writes to, relative to the project. */
function outputOf({ value, folder, root }: Targets, name: string): string | undefined {
  const options: Path = ["targets", name, "options", "outputPath"];
  const path = stringAt(value, options) ?? stringAt(value, [...options, "base"]);
  if (path === undefined) return undefined;
  const full = under(root, path.replace("{projectRoot}", folder).replace("{workspaceRoot}/", ""));
  return relative(folder === "." ? "" : folder, full === "." ? "" : full) || ".";
}

function executorOf({ value }: Targets, name: string): string | undefined {
  const path: Path = ["targets", name];
  const named = stringAt(value, [...path, "executor"]) ?? stringAt(value, [...path, "builder"]);
  return named ?? (stringAt(value, [...path, "command"]) === undefined ? undefined : "nx:run-commands");
}

function under(root: string, path: string): string {
  const plain = path.replace(/^\.?\//, "").replace(/\/+$/, "");
  if (root === ".") return plain === "" ? "." : plain;
  return plain === "" || plain === "." ? root : `${root}/${plain}`;
}
