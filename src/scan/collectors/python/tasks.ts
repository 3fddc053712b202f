import { recordAt, stringAt } from "../../../formats/document.ts";
import { joinPath } from "../../../formats/tree.ts";
import { listenFlags, shellCommands } from "../../command-line.ts";
import type { Evidence } from "../../fact.ts";
import type { PythonProject } from "./project.ts";

interface Task {
  name: string;
  line: string;
  at: Evidence;
}

/** Names of tasks that start what the project serves, the clearest first. */
const NAMES = ["start", "prod", "production", "serve", "server", "web", "api", "run", "run-server", "runserver"];
const TABLES: readonly (readonly [file: string, ...path: string[]])[] = [
  ["pyproject.toml", "tool", "poe", "tasks"],
  ["pyproject.toml", "tool", "taskipy", "tasks"],
  ["pyproject.toml", "tool", "pdm", "scripts"],
  ["pyproject.toml", "tool", "hatch", "envs", "default", "scripts"],
  ["Pipfile", "scripts"],
];
const RUNNERS = /^(?:exec\s+)?(?:(?:poetry|uv|pipenv|pdm|rye|hatch)\s+run\s+(?:--?[\w-]+(?:=\S+)?\s+)*)?/;
const SERVES =
  /^(?:python3?\s+(?:-u\s+)?(?:-m\s+)?)?(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|uwsgi|streamlit run|chainlit run|sanic|fastapi run|flask|litestar)\b|^python3?\s+(?:-u\s+)?(?:-m\s+\w|[\w./-]+\.py)/;
const PRODUCTION =
  /^(?:\w+=\S+\s+)*(?:python\s+-m\s+)?(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|uwsgi|fastapi run)\b/;
const FOR_DEVELOPERS = /--?(?:reload|debug)\b/;
const DEVELOPMENT = /\s--?(?:reload|debug)\b/;

/** The command of a task that starts the project, where a tool or a Makefile has one; without what only developers want. */
export function startTask(project: PythonProject): { command: string; at: Evidence } | undefined {
  const tasks = [...inTables(project), ...inMakefile(project)];
  for (const name of NAMES)
    for (const task of tasks.filter((one) => one.name === name)) {
      const command = commandOf(task.line);
      if (command !== undefined) return { command, at: task.at };
    }
  return undefined;
}

/** The port that all tasks give to the server that they start, those of developers among them; undefined where two differ. */
export function taskPort(project: PythonProject): { value: number; at: Evidence } | undefined {
  const found = [...inTables(project), ...inMakefile(project)].flatMap(({ line, at }) => {
    const command = commandOf(line);
    const isServer = command !== undefined && !/(?:^|\s)python3?\s+(?!-m\s)/.test(command);
    const { port: value } = isServer ? listenFlags(shellCommands(command).at(-1)?.argv ?? []) : {};
    return value === undefined ? [] : [{ value, at }];
  });
  return new Set(found.map(({ value }) => value)).size === 1 ? found[0] : undefined;
}

/** A task of the project's own tool that starts a server made for production, as it is written. */
export function declaredTask(project: PythonProject): { command: string; at: Evidence } | undefined {
  const tasks = inTables(project).filter(({ line }) => !FOR_DEVELOPERS.test(line));
  for (const name of ["start", "prod", "production", "serve"])
    for (const task of tasks.filter((one) => one.name === name)) {
      const command = commandOf(task.line);
      if (command !== undefined && PRODUCTION.test(command)) return { command, at: task.at };
    }
  return undefined;
}

function commandOf(line: string): string | undefined {
  const found = shellCommands(line).map(({ env, argv }) => {
    const before = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const words = argv.join(" ").replace(RUNNERS, "").replace(DEVELOPMENT, "");
    return { words, text: [...before, words].join(" ") };
  });
  return found.findLast(({ words }) => SERVES.test(words))?.text.replace(/^(.*?)\bpython3\b/, "$1python");
}

function inTables({ view, folder }: PythonProject): Task[] {
  return TABLES.flatMap(([base, ...path]) => {
    const file = joinPath(folder, base) as string;
    const document = view.snapshot.toml(file);
    return Object.entries(recordAt(document.value, path)).flatMap(([name, task]): Task[] => {
      const line = stringAt(task) ?? stringAt(task, ["cmd"]) ?? stringAt(task, ["shell"]);
      return line === undefined ? [] : [{ name, line, at: view.seenAt(file, document, [...path, name], "task") }];
    });
  });
}

/** The recipes of a Makefile or a justfile, joined as one line each. */
function inMakefile({ view }: PythonProject): Task[] {
  return ["Makefile", "makefile", "justfile", "Justfile"].flatMap((base) => {
    const file = view.path(base) as string;
    const text = view.snapshot.has(file) ? (view.snapshot.text(file) ?? "") : "";
    const targets = text.matchAll(/^([\w-]+)(?:[ \t]+[^:=\n]*)?:(?!=)[^\n]*\n((?:[ \t]+[^\n]*(?:\n|$))+)/gm);
    return [...targets].map((match): Task => {
      const line = (match[2] ?? "").replace(/^[ \t]+[@-]*/gm, "").replace(/#.*$/gm, "");
      const number = text.slice(0, match.index).split("\n").length;
      return { name: match[1] as string, line, at: view.seen(file, number, "task") };
    });
  });
}
