import { assetBuild } from "../../asset-build.ts";
import type { Evidence } from "../../fact.ts";
import { hitsIn } from "../../search.ts";
import { configPort } from "../compiled/config-port.ts";
import { type DjangoProject, djangoStart, mentions } from "./django.ts";
import { type FrameworkUse, rendersPages } from "./framework.ts";
import { relative } from "./imports.ts";
import { type Listener, listenersIn } from "./listening.ts";
import { literal } from "./literals.ts";
import type { PythonProject } from "./project.ts";
import { gunicornFile, type Serving } from "./serving.ts";
import { mainListener, startOf } from "./start.ts";
import { taskPort } from "./tasks.ts";

interface PortSeen {
  value: number;
  at: Evidence[];
  isCode: boolean;
  confidence?: number;
}

const DJANGO_PORT = 8000;

/** Claims what is known of a unit that Django serves. */
export function claimDjango(project: PythonProject, django: DjangoProject): Serving | undefined {
  const { view } = project;
  const { at } = django;
  view.claim("framework", "django", { source: "project", confidence: django.confidence, at });
  view.claim("kind", "web", { source: "convention", confidence: 0.9, at });
  const port = gunicornPort(project) ?? { value: DJANGO_PORT, at, isCode: false };
  const serving = djangoStart(project, django, port.value);
  if (serving) claimStart(project, serving, port);
  claimStatic(project, django);
  return serving;
}

/** Claims what is known of a unit that another framework serves. */
export function claimFramework(project: PythonProject, use: FrameworkUse): Serving | undefined {
  const { view } = project;
  const { framework, at } = use;
  const source = use.declared ? "project" : "code";
  view.claim("framework", framework.id, { source, confidence: use.confidence, at });
  if (use.applications.length === 0 && use.files.length === 0) return undefined;
  const kind = framework.kind === "api" && rendersPages(project, use.files) ? "web" : framework.kind;
  view.claim("kind", kind, { source: "convention", confidence: 0.75, at });
  const listeners = serverCalls(project);
  const port = portOf(project, use, listeners);
  const serving = startOf(project, use, listeners, port.value);
  if (serving) claimStart(project, serving, port);
  return serving;
}

/** Claims a program that serves by itself: `http.server`, gRPC, sockets. */
export function claimStart(project: PythonProject, serving: Serving, port: PortSeen | undefined): void {
  const { view } = project;
  const { command, confidence, at, bind, otherwise } = serving;
  view.claim("start", command, { source: "convention", confidence, at });
  if (otherwise !== undefined && otherwise !== command) view.claim("start", otherwise, { source: "default", at });
  if (port) {
    // What a command is given is where it listens; what the code says is where it would have.
    const isTaken = command.includes(`:-${port.value}}`) || port.isCode;
    const confidence = port.confidence ?? (port.isCode ? undefined : isTaken ? 0.7 : 0.55);
    view.claim("port", port.value, {
      source: port.isCode ? "code" : "convention",
      at: port.at,
      ...(confidence === undefined ? {} : { confidence }),
    });
  }
  if (bind !== undefined)
    view.claim("bind", bind, {
      source: command.includes(bind) ? "convention" : "code",
      at,
    });
}

/** Calls that start servers, without those of files that are for other tasks. */
export function serverCalls({ view }: PythonProject): Listener[] {
  const files = view.sources.filter(
    (file) => !/(?:^|\/)(?:scripts?|tools?|mocks?|stubs?|migrations|notebooks?)\//.test(relative(file, view.unit.path)),
  );
  return listenersIn(view, files);
}

function portOf(project: PythonProject, use: FrameworkUse, listeners: readonly Listener[]): PortSeen {
  const { view } = project;
  const bound = use.framework.serve === "script" ? undefined : gunicornPort(project);
  if (bound) return bound;
  const config = use.framework.id === "streamlit" ? streamlitPort(project) : undefined;
  if (config) return config;
  const main = mainListener(
    project,
    listeners.filter(({ port }) => port !== undefined),
    use.applications[0]?.file,
  );
  if (main?.port) return { value: main.port.value, at: [main.port.at, main.at], isCode: true };
  // A call that takes its port from elsewhere: a file of settings; else what the tasks of the project give to the server.
  const elsewhere = (listeners.length > 0 ? configPort(view) : undefined) ?? taskPort(project);
  if (elsewhere) return { confidence: 0.6, ...elsewhere, at: [elsewhere.at], isCode: true };
  const isServed = use.framework.serve === "wsgi" && project.needs("gunicorn", "uwsgi", "waitress") !== undefined;
  return {
    value: isServed ? 8000 : use.framework.port,
    at: [use.at[0] ?? view.seen(use.files[0] ?? view.files[0] ?? "", 1, "port")],
    isCode: false,
  };
}

/** `bind = "0.0.0.0:8000"` of gunicorn's settings. */
function gunicornPort(project: PythonProject): PortSeen | undefined {
  const file = project.needs("gunicorn") ? gunicornFile(project) : undefined;
  if (file === undefined) return undefined;
  const { view } = project;
  const [hit] = hitsIn(view.snapshot.code(file)?.code ?? "", /^bind[ \t]*=[ \t]*([^\n]+)/gm, file);
  if (!hit) return undefined;
  const text = hit.match[1] as string;
  const variable = /:\{(\w+)\}/.exec(text)?.[1];
  const digits =
    /:(\d{2,5})["']/.exec(text)?.[1] ??
    /["']PORT["']\s*,\s*["']?(\d{2,5})/.exec(text)?.[1] ??
    (variable === undefined ? undefined : literal(view, file, variable, hit.match.index)?.text);
  const value = Number(digits);
  return value > 0 ? { value, at: [view.seen(file, hit.place, "gunicorn-bind")], isCode: true } : undefined;
}

function streamlitPort({ view }: PythonProject): PortSeen | undefined {
  const file = view.path(".streamlit/config.toml") as string;
  if (!view.snapshot.has(file)) return undefined;
  const document = view.snapshot.toml(file);
  const value = (document.value as { server?: { port?: unknown } } | undefined)?.server?.port;
  if (typeof value !== "number") return undefined;
  return { value, at: [view.seenAt(file, document, ["server", "port"], "streamlit-port")], isCode: true };
}

/** Static files are gathered where the settings say where to. */
function claimStatic(project: PythonProject, django: DjangoProject): void {
  const { view } = project;
  const assets = assetBuild(view, ["build", "build:prod", "production"]);
  const isGathered =
    django.manage !== undefined &&
    mentions(project, django, "STATIC_ROOT") &&
    mentions(project, django, "django.contrib.staticfiles");
  const collect = isGathered
    ? `python ${relative(django.manage as string, view.unit.path)} collectstatic --noinput`
    : undefined;
  const commands = [assets?.command, collect].filter((command) => command !== undefined);
  if (commands.length === 0) return;
  const at = [...(assets ? [assets.at] : []), ...django.at];
  view.claim("build", commands.join(" && "), {
    source: assets ? "project" : "convention",
    confidence: assets ? 1 : 0.8,
    at,
  });
}
