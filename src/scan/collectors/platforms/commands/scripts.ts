import { recordAt, stringAt } from "../../../../formats/document.ts";
import { joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { manifestIn } from "../../javascript/manifest.ts";
import { workspaceOf } from "../../javascript/workspaces.ts";

/** A script of a manifest that a command runs. */
interface ScriptRun {
  script: string;
  args: string[];
  /** Folder and package that it says, where it says one. */
  folder: string | undefined;
  package: string | undefined;
}

const FOLDER_FLAGS = new Set(["--prefix", "--cwd", "-C", "--dir"]);
const PACKAGE_FLAGS = new Set(["-w", "--workspace", "--filter", "-F"]);
const RUN = new Set(["run", "run-script"]);
const NO_SCRIPTS = new Set(
  "install i ci add remove up update dlx exec node workspaces config cache set audit publish pack link x create init test".split(
    " ",
  ),
);

/** What a script says, and the folder where it is run; undefined where the command runs none, `text` where there is none. */
export function scriptOf(
  snapshot: Snapshot,
  folder: string,
  argv: readonly string[],
): { folder: string; text: string | undefined; name: string } | undefined {
  const run = scriptRun(argv);
  if (!run) return undefined;
  const at =
    run.package === undefined ? joinPath(folder, run.folder ?? ".") : packageFolder(snapshot, folder, run.package);
  if (at === undefined) return { folder, text: undefined, name: run.script };
  const text =
    argv[0] === "deno" ? denoTask(snapshot, at, run.script) : manifestIn(snapshot, at)?.scripts.get(run.script);
  // `bun x` and `yarn x` run a program where there is no such script.
  if (text === undefined && MAY_BE_PROGRAM.has(argv[0] ?? "") && !RUN.has(argv[1] ?? "") && run.script !== "start")
    return undefined;
  if (text === undefined && argv[0] === "bun" && /[./]/.test(run.script)) return undefined;
  return { folder: at, text: text === undefined ? undefined : [text, ...run.args].join(" "), name: run.script };
}

const MAY_BE_PROGRAM = new Set(["bun", "yarn", "pnpm"]);

/** `yarn next start` as the program that it runs. */
export function withoutManager(argv: readonly string[]): string[] {
  const [manager = "", ...rest] = argv;
  if (manager === "yarn" || manager === "pnpm") return rest[0] === "run" ? rest.slice(1) : rest;
  return [...argv];
}

function scriptRun([manager = "", ...rest]: readonly string[]): ScriptRun | undefined {
  if (manager === "node")
    return rest[0] === "--run" && rest[1]
      ? { script: rest[1], args: [], folder: undefined, package: undefined }
      : undefined;
  if (manager === "deno")
    return rest[0] === "task" && rest[1]
      ? { script: rest[1], args: rest.slice(2), folder: undefined, package: undefined }
      : undefined;
  if (!["npm", "yarn", "pnpm", "bun", "turbo"].includes(manager)) return undefined;
  const found: { folder?: string; package?: string } = {};
  const words: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] as string;
    const [, flag = word, inline] = /^(--?[\w-]+)=(.*)$/s.exec(word) ?? [];
    const behind = words.some((other) => !RUN.has(other));
    const value = inline ?? rest[at + 1];
    if (FOLDER_FLAGS.has(flag) && !(behind && manager !== "npm")) found.folder = value ?? ".";
    else if (PACKAGE_FLAGS.has(flag) && (!behind || manager === "npm" || manager === "turbo"))
      found.package = value ?? "";
    else if (word === "workspace" && manager === "yarn" && words.length === 0) {
      found.package = rest[at + 1] ?? "";
      at += 1;
      continue;
    } else {
      if (behind || !word.startsWith("-")) words.push(word);
      continue;
    }
    if (inline === undefined) at += 1;
  }
  const run = RUN.has(words[0] ?? "");
  const [script, ...args] = run ? words.slice(1) : words;
  if (script === undefined || (!run && NO_SCRIPTS.has(script))) return undefined;
  if (manager === "npm" && !run && script !== "start") return undefined;
  return { script, args: args[0] === "--" ? args.slice(1) : args, folder: found.folder, package: found.package };
}

function packageFolder(snapshot: Snapshot, folder: string, name: string): string | undefined {
  const clean = name.replace(/^\.\.\.|\.\.\.$/g, "");
  const workspace = workspaceOf(snapshot, folder);
  const direct = joinPath(workspace?.root ?? folder, clean.replace(/[{}]/g, ""));
  return workspace?.names.get(clean) ?? (direct !== undefined && manifestIn(snapshot, direct) ? direct : undefined);
}

function denoTask(snapshot: Snapshot, folder: string, name: string): string | undefined {
  const file = ["deno.json", "deno.jsonc"]
    .map((base) => joinPath(folder, base) as string)
    .find((path) => snapshot.has(path));
  if (file === undefined) return undefined;
  const tasks = recordAt(snapshot.json(file).value, ["tasks"]);
  return stringAt(tasks, [name]) ?? stringAt(tasks, [name, "command"]);
}
