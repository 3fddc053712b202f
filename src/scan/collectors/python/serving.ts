import { joinPath } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import type { Snapshot } from "../../snapshot.ts";
import type { ModuleName } from "./imports.ts";
import type { PythonProject } from "./project.ts";

/** How something is started, and where it then listens. */
export interface Serving {
  command: string;
  confidence: number;
  at: Evidence[];
  /** Host that the command or the code names. */
  bind: string | undefined;
  /** A way that works as well, and is less likely. */
  otherwise?: string;
}

/** What a server loads: `shop.main:app`, found from a folder. */
export interface Target extends ModuleName {
  name: string;
  isFactory: boolean;
}

export const EVERYWHERE = "0.0.0.0";
const GUNICORN_FILES = [
  "gunicorn.conf.py",
  "gunicorn_conf.py",
  "gunicorn_config.py",
  "gunicorn.config.py",
  "conf/gunicorn.py",
];

/** A port as a command takes it: what the platform gives, else this one. */
export function portVariable(port: number): string {
  return `\${PORT:-${port}}`;
}

/** The command of the server that the project has for an ASGI application; uvicorn where it has none. */
export function asgiCommand(
  project: PythonProject,
  target: Target,
  port: number,
): { command: string; isDeclared: boolean } {
  const { needs } = project;
  const at = `${target.module}:${target.name}`;
  const address = `${EVERYWHERE}:${portVariable(port)}`;
  const uvicorn = needs("uvicorn", "uvicorn-worker") ?? standard(project);
  if (needs("gunicorn") && (uvicorn || !needs("hypercorn", "daphne", "granian"))) {
    const worker = needs("uvicorn-worker") ? "uvicorn_worker.UvicornWorker" : "uvicorn.workers.UvicornWorker";
    return { command: gunicornCommand(project, target, port, worker), isDeclared: true };
  }
  if (!uvicorn && needs("hypercorn")) {
    const app = target.isFactory ? `'${at}()'` : at;
    return { command: inFolder(target, `hypercorn ${app} --bind ${address}`), isDeclared: true };
  }
  if (!uvicorn && needs("granian")) {
    const options = `${target.isFactory ? "--factory " : ""}--interface asgi`;
    const flags = `--host ${EVERYWHERE} --port ${portVariable(port)}`;
    return { command: inFolder(target, `granian ${options} ${at} ${flags}`), isDeclared: true };
  }
  if (!uvicorn && needs("daphne"))
    return { command: inFolder(target, `daphne -b ${EVERYWHERE} -p ${portVariable(port)} ${at}`), isDeclared: true };
  const folder = target.root === "." ? "" : `--app-dir ${target.root} `;
  const factory = target.isFactory ? "--factory " : "";
  const flags = `--host ${EVERYWHERE} --port ${portVariable(port)}`;
  return { command: `uvicorn ${folder}${factory}${at} ${flags}`, isDeclared: uvicorn !== undefined };
}

/** The command of the server that the project has for a WSGI application; undefined where it has none. */
export function wsgiCommand(project: PythonProject, target: Target, port: number): string | undefined {
  const { needs } = project;
  const at = `${target.module}:${target.name}`;
  if (needs("gunicorn")) return gunicornCommand(project, target, port);
  if (needs("uwsgi", "pyuwsgi")) {
    const ini = ["uwsgi.ini", "conf/uwsgi.ini", "config/uwsgi.ini"].find((path) => inUnit(project, path));
    if (ini !== undefined) return `uwsgi --ini ${ini}`;
    const folder = target.root === "." ? "" : `--chdir ${target.root} `;
    return `uwsgi ${folder}--http ${EVERYWHERE}:${portVariable(port)} --module ${at} --master`;
  }
  if (needs("waitress")) {
    const call = target.isFactory ? "--call " : "";
    return inFolder(target, `waitress-serve --listen=${EVERYWHERE}:${portVariable(port)} ${call}${at}`);
  }
  if (needs("granian"))
    return inFolder(target, `granian --interface wsgi ${at} --host ${EVERYWHERE} --port ${portVariable(port)}`);
  return undefined;
}

function gunicornCommand(project: PythonProject, target: Target, port: number, worker?: string): string {
  const file = gunicornFile(project);
  const settings = file === undefined ? "" : (project.view.snapshot.code(file)?.code ?? "");
  const says = (name: string) => new RegExp(`^${name}[ \\t]*=`, "m").test(settings);
  const app = target.isFactory ? `'${target.module}:${target.name}()'` : `${target.module}:${target.name}`;
  return [
    "gunicorn",
    ...(file === undefined
      ? []
      : [`-c ${project.view.unit.path === "." ? file : file.slice(project.view.unit.path.length + 1)}`]),
    ...(target.root === "." ? [] : [`--chdir ${target.root}`]),
    app,
    ...(worker === undefined || says("worker_class") ? [] : [`-k ${worker}`]),
    ...(says("bind") ? [] : [`--bind ${EVERYWHERE}:${portVariable(port)}`]),
  ].join(" ");
}

/** The settings of gunicorn, where the project has some. */
export function gunicornFile({ view }: PythonProject): string | undefined {
  return GUNICORN_FILES.map((name) => view.path(name) as string).find((path) => view.snapshot.has(path));
}

/** `fastapi[standard]` and `litestar[standard]` bring uvicorn. */
function standard({ needs }: PythonProject) {
  return [needs("fastapi"), needs("litestar")].find((found) =>
    found?.features.some((extra) => ["standard", "all", "standard-no-fastapi-cloud-cli"].includes(extra)),
  );
}

function inFolder({ root }: Target, command: string): string {
  return root === "." ? command : `PYTHONPATH=${root} ${command}`;
}

function inUnit({ view }: { view: { snapshot: Snapshot; unit: { path: string } } }, path: string): boolean {
  return view.snapshot.has(joinPath(view.unit.path, path) as string);
}
