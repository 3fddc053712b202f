import { stringAt } from "../../../../formats/document.ts";
import { joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { type CommandRole, isForeignProgram, roleOf } from "../../../tables/javascript-programs.ts";
import { equivalentOf } from "./equivalents.ts";
import { installedProgram, type Step } from "./step.ts";

/** What a script starts in the end. */
export interface Launch {
  step: Step;
  role: CommandRole;
  /** Whether the script was for development, and this is the same without watching. */
  changed: boolean;
  /** Whether several were started side by side, and this is the likeliest. */
  ambiguous: boolean;
}

/** Flags with which Node runs sources that are not built. */
const LOADER = /^(?:ts-node|tsx|@swc-node|esbuild-register|@babel|babel|sucrase|esm-module-alias)\b/;
const LOADS = new Set(["-r", "--require", "--import", "--loader", "--experimental-loader"]);
const VALUED = new Set([...LOADS, "--env-file", "--project", "-P", "-C", "--conditions", "--tsconfig"]);
const RUNS_FILE = /^(?:node|bun|deno|tsx|ts-node|ts-node-esm|babel-node|esno|vite-node|pm2-runtime|jiti|swc-node)$/;
/** Files that build the package, and serve nobody. */
const BUILDS =
  /^(?:\.\/)?(?:(?:scripts?|tools?|config|build)\/)?(?:run-)?(?:build|watch|esbuild|rollup|compile)(?:[.-][\w.-]*)?\.[cm]?[jt]s$/;
const WATCHES = /^(?:-w|--watch|watch|--dev|dev|--serve|serve)$/;
const DEVELOPMENT_SERVER = /["'](?:webpack-dev-server|react-dev-utils(?:\/[\w-]+)?|@rspack\/dev-server)["']/;
const SERVES = /server|api|backend|web|app/i;

/** The command among them that stays: the last one that does not end by itself; undefined where all do. */
export function launchOf(snapshot: Snapshot, steps: readonly Step[]): Launch | undefined {
  const found = steps
    // What reads the output of another program is no service.
    .filter((_, index) => steps[index - 1]?.next !== "|")
    .map((step) => roled(snapshot, step))
    .filter(({ role }) => role !== "step");
  const last = found.at(-1);
  if (!last) return undefined;
  const side = found.filter(({ step }, index) => step.next === "&" || found[index - 1]?.step.next === "&");
  if (side.length < 2) return last;
  const serving = side.filter(({ role }) => role === "server" || role === "runner");
  const own = serving.filter(({ step }) => !isForeignProgram(step.argv[0] ?? ""));
  const lasting = own.length > 0 ? own : serving;
  const [only = last] = lasting.length > 0 ? lasting : side;
  if (lasting.length === 1) return only;
  return { ...(lasting.find(({ step }) => SERVES.test(step.argv.join(" "))) ?? only), ambiguous: true };
}

function roled(snapshot: Snapshot, step: Step): Launch {
  const { argv, changed } = equivalentOf(configured(snapshot, step));
  const env = step.env.filter(([name, value]) => !(name === "NODE_ENV" && /^dev/.test(value)));
  const development = changed || env.length < step.env.length;
  const found = { step: { ...step, argv, env }, changed: development, ambiguous: false };
  const [program = "", ...args] = argv;
  if (BUILDS.test(fileOf(argv) ?? ""))
    return { ...found, role: step.argv.some((word) => WATCHES.test(word)) ? "development" : "step" };
  if (!["node", "bun", "deno"].includes(program)) return { ...found, role: roleOf(program, args) };
  const tool = program === "bun" ? toolOf(args) : undefined;
  if (tool) return { ...found, role: roleOf(tool[0] ?? "", tool.slice(1)) };
  const file = fileOf(argv);
  // `node --max-old-space-size=4096 node_modules/.bin/ng serve`
  const installed = file === undefined ? undefined : installedProgram(file);
  if (file !== undefined && installed !== undefined)
    return { ...found, role: roleOf(installed, argv.slice(argv.indexOf(file) + 1)) };
  const code = file === undefined ? undefined : codeOf(snapshot, step.folder, file);
  if (code !== undefined && DEVELOPMENT_SERVER.test(code)) return { ...found, role: "development" };
  const inline = args.findIndex((word) => /^-(?:v|i|e|p|pe|-version|-eval|-print|-interactive)$/.test(word));
  if (inline !== -1 && (file === undefined || inline < args.indexOf(file))) return { ...found, role: "step" };
  const loads = args.some((word, index) => LOADS.has(args[index - 1] ?? "") && LOADER.test(word));
  return { ...found, role: loads ? "runner" : "server" };
}

/** `nodemon` with what its configuration says it runs. */
function configured(snapshot: Snapshot, { argv, folder }: Step): readonly string[] {
  const [program, ...args] = argv;
  if (program !== "nodemon" || args.some((word) => /^(?:-x|--exec)(?:=|$)/.test(word))) return argv;
  const at = (base: string) => joinPath(folder, base) ?? base;
  const [exec] = [
    stringAt(snapshot.json(at("nodemon.json")).value, ["exec"]),
    stringAt(snapshot.json(at("package.json")).value, ["nodemonConfig", "exec"]),
  ].filter((line) => line !== undefined);
  return exec === undefined ? argv : ["nodemon", "--exec", exec, ...args];
}

/** A program that Bun is told to run instead of a file: `bun --bun next start`. */
function toolOf(args: readonly string[]): readonly string[] | undefined {
  const words = args.filter((word) => word !== "--bun");
  const rest = words[0] === "run" || words[0] === "x" ? words.slice(1) : words;
  return rest[0] === undefined || /[./-]/.test(rest[0]) ? undefined : rest;
}

/** The file that a command runs, as it is written; undefined where it runs none. */
export function fileOf(argv: readonly string[]): string | undefined {
  const [program = "", ...args] = argv;
  if (!RUNS_FILE.test(program)) return undefined;
  const words = args.filter((word, index) => !word.startsWith("-") && !VALUED.has(args[index - 1] ?? ""));
  const [first, second] = words;
  return /^(?:run|serve|start)$/.test(first ?? "") ? second : first;
}

function codeOf(snapshot: Snapshot, folder: string, file: string): string | undefined {
  const path = joinPath(folder, file);
  return path === undefined ? undefined : snapshot.code(path, "javascript")?.code;
}
