import { setTimeout as delay } from "node:timers/promises";
import { ExternalError, UserError } from "../../../core/errors.ts";
import type { ComposeFile } from "../file/model.ts";
import { type Docker, QUICK_MS } from "./client.ts";
import { dockerError } from "./errors.ts";
import type { Progress } from "./images.ts";
import { readContainers, type UnitState } from "./inspect.ts";
import { filterArgs } from "./labels.ts";
import { tailLogs } from "./logs.ts";

/** How Compose is called on a host. */
export type ComposeKind = "docker compose" | "docker-compose";

export interface Project {
  /** What Compose calls it. */
  name: string;
  file: ComposeFile;
  /** What `infrastructureText` made of the file. */
  text: string;
  /** Folder on the host that relative paths of the file start from. */
  directory: string;
}

const UP_MS = 30 * 60_000;
const HEALTHY_MS = 5 * 60_000;
const LOOK_EVERY_MS = 500;
const LOG_LINES = 5;

/** Which Compose a host has; undefined: none. */
export async function composeKind(docker: Docker, signal?: AbortSignal): Promise<ComposeKind | undefined> {
  const step = "look for Compose";
  if ((await docker.ask(["compose", "version", "--short"], { step, signal })).code === 0) return "docker compose";
  const { code } = await docker.host.run(composeArgv(docker, "docker-compose", ["version", "--short"]), {
    deadlineMs: QUICK_MS,
    signal,
  });
  return code === 0 ? "docker-compose" : undefined;
}

/**
 * Starts what the Compose file has besides the application's services and what does not run yet, in the order of `depends_on`,
 * and waits for its health checks. What exists is never made anew: a database is replaced by a person.
 */
export async function upInfrastructure(docker: Docker, project: Project, progress: Progress = {}): Promise<void> {
  const { signal } = progress;
  const found = await containersOf(docker, ofProject(project.name), signal);
  for (const wave of wavesOf(project.file)) {
    const missing = wave.filter(
      (service) => !(found.get(service) ?? []).some((state) => isUp(state, project.file, service)),
    );
    if (missing.length > 0) await up(docker, project, missing, progress);
    await waitFor(docker, project, wave, signal);
  }
}

async function up(
  docker: Docker,
  { name, text, directory }: Project,
  services: string[],
  { signal, onOutput }: Progress,
) {
  const { host } = docker;
  const step = `start ${services.join(", ")}`;
  const kind = await composeKind(docker, signal);
  if (!kind)
    throw new UserError({
      code: "SM-COMPOSE-MISSING",
      message: `${host.name}: ${step}: there is neither docker compose nor docker-compose`,
      next: `install the Compose plugin on ${host.name}`,
    });
  const where = ["--project-name", name, "--project-directory", directory, "--file", "-"];
  const argv = composeArgv(docker, kind, [...where, "up", "--detach", "--no-deps", "--no-recreate", ...services]);
  const options = { deadlineMs: UP_MS, stdin: text, signal, onOutput };
  const { code, stderr } = await host.run(argv, options);
  if (code === 0) return;
  const error = dockerError({ host: host.name, step, code, printed: stderr });
  if (error.code !== "SM-DOCKER-FAILED") throw error;
  const next = "correct the service in the Compose file";
  throw new ExternalError({ code: "SM-COMPOSE-UP", message: error.message, next, cause: error });
}

/** Until each runs, is healthy where it can tell, and has ended well where others wait for its end. */
async function waitFor(docker: Docker, project: Project, wave: string[], signal?: AbortSignal): Promise<void> {
  const end = performance.now() + HEALTHY_MS;
  for (;;) {
    const found = await containersOf(docker, ofProject(project.name), signal);
    const waiting = wave.flatMap((service) => {
      const states = found.get(service) ?? [];
      return states.some((state) => isReady(state, project.file, service)) ? [] : [{ service, state: states[0] }];
    });
    const [first] = waiting;
    if (!first) return;
    const { service, state } = first;
    const ended = state?.exit && !isUp(state, project.file, service);
    if (ended || state?.health === "unhealthy" || performance.now() > end) {
      const how = ended ? `ended with code ${state.exit?.code}` : `is ${state?.health ?? state?.status ?? "not there"}`;
      const log = state ? await tailLogs(docker, state.id, LOG_LINES, signal) : [];
      throw new ExternalError({
        code: "SM-COMPOSE-UNHEALTHY",
        message: `${docker.host.name}: start ${service}: it ${how}: ${log.map(({ text }) => text).join(" | ") || "its log is empty"}`,
        next: `see docker logs ${state?.id ?? service} on ${docker.host.name}`,
      });
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** Services in the order they can start: each after those it depends on. What depends on itself in a circle comes last. */
export function wavesOf({ infrastructure }: Pick<ComposeFile, "infrastructure">): string[][] {
  const waves: string[][] = [];
  const left = new Set(Object.keys(infrastructure));
  while (left.size > 0) {
    const wave = [...left].filter(
      (name) => !Object.keys(infrastructure[name]?.depends_on ?? {}).some((other) => left.has(other) && other !== name),
    );
    const next = wave.length > 0 ? wave : [...left];
    for (const name of next) left.delete(name);
    waves.push(next);
  }
  return waves;
}

function isUp(state: UnitState, file: ComposeFile, service: string): boolean {
  return state.alive || (state.exit?.code === 0 && runsOnce(file, service));
}

function isReady(state: UnitState, file: ComposeFile, service: string): boolean {
  if (runsOnce(file, service)) return state.exit?.code === 0;
  return state.alive && (state.health === null || state.health === "healthy");
}

/** Such as one that prepares a volume: others wait until it has ended. */
export function runsOnce(
  { services, infrastructure }: Pick<ComposeFile, "services" | "infrastructure">,
  service: string,
): boolean {
  return Object.values({ ...services, ...infrastructure }).some(
    ({ depends_on = {} }) => depends_on[service]?.condition === "service_completed_successfully",
  );
}

/** The containers that Compose made for an environment of ours, by the name of their service. */
export async function infrastructureOf(
  docker: Docker,
  { app, env, signal }: { app: string; env: string; signal?: AbortSignal | undefined },
): Promise<Map<string, UnitState[]>> {
  return await containersOf(docker, filterArgs({ app, env }), signal);
}

function ofProject(name: string): string[] {
  return ["--filter", `label=com.docker.compose.project=${name}`];
}

/** The address that a running container of a service has in its first network, as its host reaches it; undefined: there is none. */
export async function containerAddress(
  docker: Docker,
  { project, service }: { project: string; service: string },
  signal?: AbortSignal,
): Promise<string | undefined> {
  const states = (await containersOf(docker, ofProject(project), signal)).get(service) ?? [];
  const running = states.find(({ alive }) => alive);
  if (!running) return undefined;
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
  const argv = ["container", "inspect", "--format", format, running.id];
  return (await docker.call(argv, { step: `look at ${running.id}`, signal })).trim().split(/\s+/)[0] || undefined;
}

async function containersOf(
  docker: Docker,
  which: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, UnitState[]>> {
  const step = "look at what Compose started";
  const filters = [...which, "--filter", "label=com.docker.compose.oneoff=False"];
  const format = '{{.Names}}\t{{.Label "com.docker.compose.service"}}';
  const listed = (await docker.call(["ps", "--all", ...filters, "--format", format], { step, signal }))
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split("\t"));
  if (listed.length === 0) return new Map();
  const ids = listed.map(([name = ""]) => name);
  const { stdout } = await docker.ask(["container", "inspect", ...ids], { step, signal });
  const states = new Map(readContainers(stdout.trim() || "[]").map((state) => [state.id, state]));
  const result = new Map<string, UnitState[]>();
  for (const [name = "", service = ""] of listed) {
    const state = states.get(name);
    if (state) result.set(service, [...(result.get(service) ?? []), state]);
  }
  return result;
}

/** The plugin is a command of docker; the older program takes docker's place. */
function composeArgv(docker: Docker, kind: ComposeKind, args: readonly string[]): string[] {
  if (kind === "docker compose") return docker.argv(["compose", ...args]);
  return [...docker.argv([]).map((word) => (word === "docker" ? "docker-compose" : word)), ...args];
}
