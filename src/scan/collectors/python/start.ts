import { baseOf } from "../../../formats/tree.ts";
import { CONFIDENCE } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import { quoted } from "../javascript/commands/step.ts";
import type { Application } from "./applications.ts";
import { scriptCommand } from "./command.ts";
import type { FrameworkUse } from "./framework.ts";
import { moduleOf, relative } from "./imports.ts";
import type { Listener } from "./listening.ts";
import { pageEntry } from "./pages.ts";
import type { PythonProject } from "./project.ts";
import { asgiCommand, EVERYWHERE, portVariable, type Serving, type Target, wsgiCommand } from "./serving.ts";

/** How sure a command is that a server of the project's own makes out of an object found in the code. */
const FOUND = 0.8;
const UNDECLARED = 0.6;

/** How the application of a framework is started in production, as far as its code and its packages tell. */
export function startOf(
  project: PythonProject,
  use: FrameworkUse,
  listeners: readonly Listener[],
  port: number,
): Serving | undefined {
  const { framework } = use;
  const own = OWN[framework.id]?.(project, use, port, listeners);
  if (own) return own;
  const target = targetOf(project, use, listeners);
  const listener = mainListener(project, listeners, target?.app.file);
  const script = listener && scriptServing(project, listener);
  if (framework.serve === "asgi" && target) {
    const { command, isDeclared } = asgiCommand(project, target, port);
    const confidence = isDeclared ? FOUND : UNDECLARED;
    return { ...found(command, confidence, target.app), ...(script ? { otherwise: script.command } : {}) };
  }
  const wsgi =
    target && (framework.serve === "wsgi" || project.needs("gunicorn")) && framework.serve !== "asgi"
      ? wsgiFor(project, use, target, port)
      : undefined;
  if (wsgi !== undefined && target) return found(wsgi, FOUND, target.app);
  if (script) return script;
  if (framework.id === "flask" && target) return found(flaskCommand(target, port), UNDECLARED, target.app);
  const entry = framework.serve === "script" ? (use.applications[0]?.file ?? pageEntry(project, use.files)) : undefined;
  if (entry === undefined || use.confidence < FOUND) return undefined;
  const made = use.applications[0]?.at;
  const at = [made ?? project.view.seen(entry, 1, "program")];
  return { command: scriptCommand(project, entry, made?.line), confidence: UNDECLARED, at, bind: undefined };
}

/** Flask finds `app.py` and `wsgi.py` by itself, and in a module the object and the factory of the usual names. */
function flaskCommand({ root, module, name }: Target, port: number): string {
  const isFound = ["app", "application", "create_app", "make_app"].includes(name);
  const file = root === "." ? module : `${root}/${module.replaceAll(".", "/")}`;
  const app = isFound && (file === "app" || file === "wsgi") ? "" : ` --app ${file}${isFound ? "" : `:${name}`}`;
  return `flask${app} run --host ${EVERYWHERE} --port ${portVariable(port)}`;
}

type Own = (
  project: PythonProject,
  use: FrameworkUse,
  port: number,
  listeners: readonly Listener[],
) => Serving | undefined;

/** Frameworks with a command of their own. */
const OWN: Record<string, Own> = {
  streamlit: (project, use, port) =>
    page(
      project,
      use,
      (file) => `streamlit run ${file} --server.port ${portVariable(port)} --server.address ${EVERYWHERE}`,
    ),
  chainlit: (project, use, port) =>
    page(project, use, (file) => `chainlit run ${file} --host ${EVERYWHERE} --port ${portVariable(port)}`),
  panel: (project, use, port) =>
    page(
      project,
      use,
      (file) => `panel serve ${file} --address ${EVERYWHERE} --port ${portVariable(port)} --allow-websocket-origin '*'`,
    ),
  shiny: (project, use, port) =>
    page(project, use, (file) => `shiny run --host ${EVERYWHERE} --port ${portVariable(port)} ${file}`),
  marimo: (project, use, port) =>
    page(project, use, (file) => `marimo run ${file} --headless --host ${EVERYWHERE} --port ${portVariable(port)}`),
  solara: (project, use, port) =>
    page(project, use, (file) => `solara run ${file} --production --host ${EVERYWHERE} --port ${portVariable(port)}`),
  reflex: (project, use) => page(project, use, () => "reflex run --env prod"),
  fastapi(project, use, port, listeners) {
    const { needs } = project;
    const isOnlyCli = needs("fastapi-cli") ?? needs("fastapi")?.features.includes("standard");
    if (!isOnlyCli || needs("uvicorn", "gunicorn", "hypercorn", "granian", "uvicorn-worker")) return undefined;
    const target = targetOf(project, use, listeners);
    if (!target || target.isFactory || listeners.some(({ call }) => call === "uvicorn.run")) return undefined;
    const file = relative(target.app.file, project.view.unit.path);
    return found(`fastapi run ${file} --host ${EVERYWHERE} --port ${portVariable(port)}`, 0.7, target.app);
  },
  sanic(project, use, port, listeners) {
    const target = targetOf(project, use, listeners);
    if (!target) return undefined;
    const factory = target.isFactory ? " --factory" : "";
    const folder = target.root === "." ? "" : `PYTHONPATH=${target.root} `;
    const address = `--host ${EVERYWHERE} --port ${portVariable(port)}`;
    return found(`${folder}sanic ${target.module}:${target.name}${factory} ${address}`, 0.7, target.app);
  },
  "functions-framework"(project) {
    const { view } = project;
    const [hit] = searchCode(
      view,
      /^@functions_framework\.\w+[^\n]*\n(?:@[^\n]*\n)*(?:async[ \t]+)?def[ \t]+(\w+)|^def[ \t]+(\w+)\([ \t]*request\b/gm,
      { extensions: ["py"], of: "bare" },
    );
    if (!hit) return undefined;
    const file = relative(hit.file, view.unit.path);
    const source = file === "main.py" ? "" : ` --source=${quoted(file)}`;
    const command = `functions-framework --target=${hit.match[1] ?? hit.match[2]}${source}`;
    return { command, confidence: FOUND, at: [view.seen(hit.file, hit.place, "function")], bind: EVERYWHERE };
  },
  pyramid({ view }) {
    const file = ["production.ini", "conf/production.ini"].find((name) => view.snapshot.has(view.path(name) as string));
    if (file === undefined) return undefined;
    const at = [view.seen(view.path(file) as string, 1, "settings")];
    return { command: `pserve ${file}`, confidence: FOUND, at, bind: undefined };
  },
};

function page(project: PythonProject, use: FrameworkUse, command: (file: string) => string): Serving | undefined {
  const entry = pageEntry(project, use.files);
  if (!entry) return undefined;
  const at = [project.view.seen(entry, 1, "page")];
  const file = relative(entry, project.view.unit.path);
  return { command: command(quoted(file)), confidence: FOUND, at, bind: EVERYWHERE };
}

/** Gunicorn and its like load what is a variable; Dash keeps the Flask application in `server`. */
function wsgiFor(
  project: PythonProject,
  { framework }: FrameworkUse,
  target: Target & { app: Application },
  port: number,
): string | undefined {
  if (framework.id === "dash") {
    const code = project.view.snapshot.code(target.app.file)?.bare ?? "";
    const server = new RegExp(`^(\\w+)[ \\t]*=[ \\t]*${target.name}\\.server\\b`, "m").exec(code)?.[1];
    const name = server ?? `${target.name}.server`;
    return wsgiCommand(project, { ...target, name }, port);
  }
  if (framework.id === "aiohttp") {
    const command = wsgiCommand(project, target, port);
    return command?.startsWith("gunicorn ") ? `${command} --worker-class aiohttp.GunicornWebWorker` : undefined;
  }
  const command =
    framework.serve === "wsgi" || framework.id === "bottle" ? wsgiCommand(project, target, port) : undefined;
  if (!command?.startsWith("gunicorn ") || !project.needs("flask-socketio")) return command;
  // Sockets need one process: gunicorn's load balancing would take their session away.
  const worker = project.needs("eventlet")
    ? "eventlet"
    : project.needs("gevent-websocket")
      ? "geventwebsocket.gunicorn.workers.GeventWebSocketWorker"
      : project.needs("gevent") && "gevent";
  return worker ? `${command} --worker-class ${worker} -w 1` : `${command} --threads 100`;
}

/** What a server has to load: the object that the code itself hands to a server, else the likeliest. */
function targetOf(
  project: PythonProject,
  { applications }: FrameworkUse,
  listeners: readonly Listener[],
): (Target & { app: Application }) | undefined {
  const { view, isInstalled } = project;
  const candidates = applications.map((app) => ({
    app,
    ...moduleOf(view, app.file, isInstalled),
    name: app.name,
    isFactory: app.isFactory,
  }));
  const named = new Set([...listeners.flatMap(({ target }) => target ?? []), ...namedTargets(project)]);
  const isNamed = ({ module, name }: { module: string; name: string }) => named.has(`${module}:${name}`);
  return candidates.find(isNamed) ?? candidates.find(({ app }) => !app.isLocal);
}

/** Applications that files of the project name for servers: scripts, tasks, settings. */
function namedTargets({ view }: PythonProject): string[] {
  const { snapshot } = view;
  const names = [
    "pyproject.toml",
    "Makefile",
    "makefile",
    "justfile",
    "Justfile",
    "Taskfile.yml",
    "tasks.py",
    ".flaskenv",
  ];
  const scripts = view.files.filter(
    (path) => /\.sh$/.test(path) && relative(path, view.unit.path).split("/").length <= 2,
  );
  return [...names.map((name) => view.path(name) as string), ...scripts].flatMap((path) => {
    const text = snapshot.has(path) ? (snapshot.text(path) ?? "") : "";
    const served = [
      ...text.matchAll(/\b(?:uvicorn|gunicorn|hypercorn|granian|daphne)\b[^\n#]*?[\s"']([\w.]+:\w+)(?=[\s"'(]|$)/gm),
    ];
    const entry = /^entrypoint\s*=\s*"([\w.]+:\w+)"/m.exec(text)?.[1];
    const flask = /\bFLASK_APP\s*=\s*["']?([\w./]+?)(?:\.py)?(?::(\w+))?["']?\s*$/m.exec(text);
    return [
      ...served.map(([, target]) => target as string),
      ...(entry === undefined ? [] : [entry]),
      ...(flask?.[1] === undefined ? [] : [`${flask[1].replaceAll("/", ".")}:${flask[2] ?? "app"}`]),
    ];
  });
}

/** The call that starts the server of the application: in its own file, else in the file nearest to the root. */
export function mainListener(
  { view }: PythonProject,
  listeners: readonly Listener[],
  file: string | undefined,
): Listener | undefined {
  const own = listeners.filter((one) => one.file === file);
  const rest = listeners.toSorted((a, b) => weight(a) - weight(b));
  return own[0] ?? rest[0];

  function weight(one: Listener): number {
    const inside = relative(one.file, view.unit.path);
    const entry = ["main.py", "app.py", "server.py", "run.py", "wsgi.py", "__main__.py"].indexOf(baseOf(inside));
    return (inside.split("/").length - 1) * 10 + (entry === -1 ? 9 : entry);
  }
}

/** The file itself as the program. */
export function scriptServing(project: PythonProject, listener: Listener): Serving {
  const command = scriptCommand(project, listener.file, listener.at.line);
  return {
    command,
    confidence: UNDECLARED + 0.05,
    at: [listener.at],
    bind: listener.host,
  };
}

function found(command: string, confidence: number, app: Application): Serving {
  return {
    command,
    confidence: Math.min(confidence, CONFIDENCE.code),
    at: [app.at],
    bind: EVERYWHERE,
  };
}
