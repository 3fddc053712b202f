import { recordAt, stringAt } from "../../../formats/document.ts";
import { extensionOf, joinPath } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import { COMMAND_TABLES, scriptCommand } from "./command.ts";
import { importers } from "./imports.ts";
import type { Process } from "./processes.ts";
import type { PythonProject } from "./project.ts";
import { findScript, type Script } from "./scripts.ts";
import { claimStart, serverCalls } from "./served.ts";
import { mainListener, scriptServing } from "./start.ts";
import { startTask } from "./tasks.ts";

/** Libraries of windows and games: what imports one is run on a desk. */
const WINDOWS =
  "tkinter customtkinter PyQt5 PyQt6 PySide2 PySide6 kivy kivymd wx pygame pyglet arcade turtle dearpygui ursina".split(
    " ",
  );

/** Claims what a unit without a web framework is: a server of its own, a worker, a command or a library. Returns how it starts. */
export function claimProgram(project: PythonProject, workers: readonly Process[]): string | undefined {
  const { view } = project;
  const main = mainListener(project, serverCalls(project), undefined);
  if (main) {
    const serving = scriptServing(project, main);
    view.claim("kind", "api", { source: "code", confidence: 0.7, at: main.at });
    claimStart(project, serving, main.port && { value: main.port.value, at: [main.port.at, main.at], isCode: true });
    return serving.command;
  }
  const script = findScript(project);
  const commands = namedCommands(project);
  const [window] = importers(view, WINDOWS);
  if (window !== undefined && !script?.loop?.isSure && workers.length === 0) {
    view.claim("kind", "cli", { source: "code", confidence: 0.75, at: view.seen(window, 1, "window") });
    return undefined;
  }
  if (script?.loop && !(commands && !script.loop.isSure)) {
    const at = [script.loop.at, script.at];
    return claimWorker(project, scriptCommand(project, script.file), "code", at);
  }
  const spider = onlySpider(project);
  if (spider) {
    view.claim("kind", "job", { source: "code", confidence: 0.7, at: spider.at });
    view.claim("start", `scrapy crawl ${spider.name}`, { source: "convention", confidence: 0.6, at: spider.at });
    return `scrapy crawl ${spider.name}`;
  }
  const [worker] = workers;
  if (worker) return claimWorker(project, worker.command, "convention", worker.at);
  if (commands) view.claim("kind", "cli", { source: "project", confidence: 0.8, at: commands });
  else if (script) return claimScript(project, script);
  else claimLibrary(project);
  return undefined;
}

/** Of a project of Scrapy the spider, where it has one alone. */
function onlySpider({ view }: PythonProject): { name: string; at: Evidence } | undefined {
  if (!view.snapshot.has(view.path("scrapy.cfg") as string)) return undefined;
  const files = importers(view, ["scrapy"]).filter((file) => /(?:^|\/)spiders\//.test(file));
  const hits = searchCode(view, /^[ \t]+name[ \t]*=[ \t]*["']([\w.-]+)["']/gm, { files });
  const [hit] = hits;
  return hit && hits.length === 1
    ? { name: hit.match[1] as string, at: view.seen(hit.file, hit.place, "spider") }
    : undefined;
}

function claimWorker({ view }: PythonProject, command: string, source: "code" | "convention", at: Evidence[]): string {
  view.claim("kind", "worker", { source, confidence: 0.7, at });
  view.claim("start", command, { source: "convention", confidence: 0.65, at });
  return command;
}

/** It may be a task of an hour or the whole program: where its name or a task of the project does not tell, people do. */
function claimScript(project: PythonProject, script: Script): string | undefined {
  const { view } = project;
  const task = startTask(project);
  const command = task?.command ?? scriptCommand(project, script.file);
  const at = task?.at ?? script.at;
  const isSole = script.isEntry && (project.manifests.length > 0 || view.unit.path === "." || view.units.length === 1);
  if (!task && !isSole) {
    view.claim("start", command, { source: "default", at });
    return undefined;
  }
  if (!task) view.claim("kind", "job", { source: "convention", confidence: 0.5, at });
  view.claim("start", command, { source: "convention", confidence: 0.55, at });
  return command;
}

function namedCommands({ view, folder }: PythonProject) {
  const file = joinPath(folder, "pyproject.toml") as string;
  const document = view.snapshot.toml(file);
  const path = COMMAND_TABLES.find((at) => Object.keys(recordAt(document.value, at)).length > 0);
  if (path !== undefined && folder === view.unit.path) return view.seenAt(file, document, path, "scripts");
  const setup = ["setup.py", "setup.cfg"]
    .map((base) => joinPath(view.unit.path, base) as string)
    .find((at) => /\bconsole_scripts\b/.test(view.snapshot.text(at) ?? ""));
  return setup === undefined ? undefined : view.seen(setup, 1, "scripts");
}

/** Packaging metadata, and nothing that runs. */
function claimLibrary({ view, folder }: PythonProject): void {
  if (folder !== view.unit.path || !view.sources.some((path) => extensionOf(path) === "py")) return;
  const file = joinPath(folder, "pyproject.toml") as string;
  const document = view.snapshot.toml(file);
  const name = [
    ["project", "name"],
    ["tool", "poetry", "name"],
  ].find((path) => stringAt(document.value, path) !== undefined);
  const setup = ["setup.py", "setup.cfg"]
    .map((base) => joinPath(folder, base) as string)
    .find((path) => view.snapshot.has(path));
  if (name === undefined && setup === undefined) return;
  const at =
    name === undefined ? view.seen(setup as string, 1, "packaging") : view.seenAt(file, document, name, "packaging");
  view.claim("kind", "library", { source: "convention", confidence: 0.7, at });
}
