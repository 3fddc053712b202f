import { recordAt, stringAt } from "../../../formats/document.ts";
import { extensionOf, joinPath } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import { listenFlags, shellCommands } from "../../command-line.ts";
import type { Evidence } from "../../fact.ts";
import { needsServer } from "../../other-manifests.ts";
import { claimRuntime } from "../../runtime-pins.ts";
import { PYTHON_NATIVE } from "../../tables/python-native.ts";
import { findDjango } from "./django.ts";
import { findFramework } from "./framework.ts";
import { claimPackageManager } from "./package-manager.ts";
import { findClock, findProcesses } from "./processes.ts";
import { claimProgram } from "./program.ts";
import { askedAt, type PythonProject, projectOf } from "./project.ts";
import { claimDjango, claimFramework } from "./served.ts";
import { declaredTask, startTask } from "./tasks.ts";
import { claimTest } from "./tests.ts";
import { pythonVersions } from "./versions.ts";
import { claimWorkspace } from "./workspace.ts";

/** Python: what a project asks for, how it is served, and what works beside it. */
export const pythonCollector: Collector = {
  id: "python",
  reads: [
    "pyproject.toml",
    "requirements*.txt",
    "Pipfile",
    "setup.py",
    "setup.cfg",
    "environment.yml",
    "manage.py",
    "*.py",
  ],
  collect(view) {
    const project = view.unit.program === null ? projectOf(view) : undefined;
    if (!project) return;
    const django = findDjango(project);
    const use = django ? undefined : findFramework(project);
    const framework = use && use.confidence >= MENTIONED ? use : undefined;
    // Beside the manifest of another language, Python leads only where it serves and the other does not.
    const serves = framework !== undefined && framework.confidence >= SERVES && !needsServer(view);
    const isLeading = !project.isMixed || django !== undefined || serves;
    claimLanguage(project, isLeading, django?.at ?? framework?.at ?? []);
    if (!isLeading) return;
    claimRuntimeOf(project);
    claimPackageManager(project);
    claimWorkspace(project);
    claimNative(project);
    const workers = findProcesses(project, django);
    const served = django ? claimDjango(project, django) : framework && claimFramework(project, framework);
    const isServing = django !== undefined || framework !== undefined;
    const command = isServing ? served?.command : claimProgram(project, workers);
    const task = isServing && !served ? startTask(project) : undefined;
    if (task) view.claim("start", task.command, { source: "convention", confidence: 0.55, at: task.at });
    const declared = served && declaredTask(project);
    if (declared) claimTask(view, declared);
    claimWorkers(project, [...workers, ...findClock(project)], command);
    claimTest(project, django);
  },
};

function claimTask(view: View, { command, at }: { command: string; at: Evidence }): void {
  const worth = { source: "project", confidence: 0.9, at } as const;
  view.claim("start", command, worth);
  const { port, host } = listenFlags(shellCommands(command).at(-1)?.argv ?? []);
  if (port !== undefined) view.claim("port", port, worth);
  if (host !== undefined) view.claim("bind", host, worth);
}

const MENTIONED = 0.5;
const SERVES = 0.8;

function claimLanguage({ view, manifests, folder }: PythonProject, isLeading: boolean, use: readonly Evidence[]): void {
  const hasCode = view.sources.some((path) => extensionOf(path) === "py");
  const first = manifests[0] ?? view.sources.find((path) => extensionOf(path) === "py");
  if (first === undefined || (!hasCode && use.length === 0 && folder !== view.unit.path)) return;
  const at = [view.seen(first, 1, "manifest"), ...use];
  const isCertain = isLeading && hasCode && manifests.length > 0;
  view.claim(
    "language",
    "Python",
    isCertain
      ? { source: "project", at }
      : { source: "convention", confidence: !isLeading ? 0.5 : hasCode ? 0.8 : 0.6, at },
  );
  const file = joinPath(folder, "pyproject.toml") as string;
  const document = view.snapshot.toml(file);
  const path = [
    ["project", "name"],
    ["tool", "poetry", "name"],
  ].find((key) => stringAt(recordAt(document.value), key) !== undefined);
  const name = path && stringAt(document.value, path);
  if (path && name !== undefined && folder === view.unit.path && isLeading)
    view.claim("name", name, { source: "project", at: view.seenAt(file, document, path, "name") });
}

function claimRuntimeOf(project: PythonProject): void {
  const { view, manifests } = project;
  const seen = pythonVersions(project);
  const first = manifests[0] ?? view.sources.find((path) => extensionOf(path) === "py");
  if (seen.length > 0) claimRuntime(view, "python", seen);
  else if (first !== undefined)
    view.claim(
      "runtime",
      { name: "python", version: null },
      { source: "convention", at: view.seen(first, 1, "manifest") },
    );
}

function claimNative(project: PythonProject): void {
  for (const { packages, needs, isInWheel } of PYTHON_NATIVE) {
    const declared = project.needs(...packages);
    // psycopg[binary] carries the library.
    if (!declared || declared.features.includes("binary")) continue;
    for (const name of needs)
      project.view.claimEach(
        "native",
        name,
        { package: name },
        {
          source: "convention",
          confidence: isInWheel ? 0.3 : 0.8,
          at: askedAt(project, declared),
        },
      );
  }
}

function claimWorkers(
  { view }: PythonProject,
  workers: ReturnType<typeof findProcesses>,
  start: string | undefined,
): void {
  for (const { name, command, confidence, at } of workers)
    if (command !== start) view.claimEach("process", name, { name, command }, { source: "convention", confidence, at });
}
