import { baseOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { shellCommands } from "../../command-line.ts";
import type { Evidence, Source } from "../../fact.ts";
import { equivalentOf } from "../javascript/commands/equivalents.ts";
import { commandText, type Step } from "../javascript/commands/step.ts";
import { LISTENS } from "../javascript/listen/calls.ts";
import type { DenoConfig } from "./config.ts";

interface DenoStart {
  command: string;
  source: Source;
  confidence: number;
  at: Evidence[];
}

const START = ["start", "preview", "serve", "prod", "production", "start:prod", "server", "run", "web", "api"];
const DEVELOP = ["dev", "develop", "watch"];
const ENTRIES = ["main", "server", "mod", "index", "app"].flatMap((name) => [
  `${name}.ts`,
  `${name}.tsx`,
  `${name}.js`,
  `src/${name}.ts`,
  `src/${name}.tsx`,
]);
const DEEPEST = 6;

/** How a program of Deno is started: a task, or its usual file. */
export function denoStart(view: View, config: DenoConfig | undefined): DenoStart | undefined {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => (config ? (fromTask(view, config, name) ?? []) : []));
  const tasks = named(START);
  return tasks.find(({ confidence }) => confidence === 1) ?? tasks[0] ?? named(DEVELOP)[0] ?? fromFile(view);
}

function fromTask(view: View, config: DenoConfig, name: string): DenoStart | undefined {
  const line = config.tasks.get(name);
  if (line === undefined) return undefined;
  const step = lastRun(view.unit.path, config, line, 0);
  if (!step) return undefined;
  const { argv, changed } = equivalentOf(step.argv);
  // `dev.ts` is the server for development of Fresh.
  if (argv.some((word) => /(?:^|\/)dev\.tsx?$/.test(word))) return undefined;
  return {
    command: commandText({ ...step, argv }, view.unit.path),
    source: "project",
    confidence: changed ? 0.8 : 1,
    at: [config.at(["tasks", name], "task")],
  };
}

/** The last program of a line that stays, through other tasks. */
function lastRun(folder: string, config: DenoConfig, line: string, depth: number): Step | undefined {
  if (depth > DEEPEST) return undefined;
  const steps = shellCommands(line).map(
    ({ env, argv, separator }): Step => ({ env: Object.entries(env), argv, folder, next: separator }),
  );
  const last = steps.findLast(({ argv: [program] }) => program !== undefined && program !== "cd");
  const [program, verb = "", name = ""] = last?.argv ?? [];
  if (!last || program === undefined) return undefined;
  if (program !== "deno") return undefined;
  if (verb === "task") return lastRun(folder, config, config.tasks.get(name) ?? "", depth + 1);
  // A program that is piped in is a tool.
  if (last.argv.at(-1) === "-" || verb.startsWith("-")) return undefined;
  return verb === "run" || verb === "serve" || /\.[jt]sx?$/.test(verb) ? last : undefined;
}

function fromFile(view: View): DenoStart | undefined {
  const file = ENTRIES.map((base) => view.path(base)).find((path) => path !== undefined && view.snapshot.has(path));
  if (file === undefined) return undefined;
  const code = view.snapshot.code(file)?.code ?? "";
  const path = view.unit.path === "." ? file : file.slice(view.unit.path.length + 1);
  const serves = LISTENS.test(code) || /\bserve\b|\.listen\(|\bstart\(/.test(code);
  const exported = /\bexport\s+default\s*\{[^}]*\bfetch\b/.test(code) && !/\bDeno\.serve\b/.test(code);
  if (baseOf(file).startsWith("mod.") && !serves) return undefined;
  return {
    command: `deno ${exported ? "serve" : "run"} -A ${path}`,
    source: "convention",
    confidence: serves || exported ? 0.8 : 0.6,
    at: [view.seen(file, 1, "entry")],
  };
}
