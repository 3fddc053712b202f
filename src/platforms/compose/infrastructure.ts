import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { LogLine } from "../../contract/requests.ts";
import type { Infrastructure } from "../platform.ts";
import type { Context } from "../target.ts";
import { infrastructureOf, runsOnce } from "./docker/infrastructure.ts";
import type { UnitState } from "./docker/inspect.ts";
import { dockerLabels } from "./docker/labels.ts";
import { followLogs, tailLogs } from "./docker/logs.ts";
import { definitionsIn, infrastructureText, neededBy } from "./file/infrastructure.ts";
import type { ComposeFile } from "./file/model.ts";
import type { Places } from "./places.ts";
import type { ComposeProject } from "./project-file.ts";

const SEEN_MS = 1_000;

interface Owner {
  app: string;
  environment: string;
}

/** What Compose started for an environment. */
export function createInfrastructure(places: Places, { app, environment }: Owner): Infrastructure {
  const seen = new Map<string, { at: number; states: ReturnType<typeof infrastructureOf> }>();

  async function containerOf(name: string, host: string, signal?: AbortSignal) {
    const { docker } = await places.at(host, signal);
    const [state] = (await infrastructureOf(docker, { app, env: environment, signal })).get(name) ?? [];
    return { docker, state };
  }
  /** Checks of the parts of a host come close together: one look answers all of them. */
  async function seenOn(host: string, signal: AbortSignal) {
    const known = seen.get(host);
    if (known && performance.now() - known.at < SEEN_MS) return await known.states;
    const states = places
      .at(host, signal)
      .then(({ docker }) => infrastructureOf(docker, { app, env: environment, signal }));
    seen.set(host, { at: performance.now(), states });
    states.catch(() => seen.delete(host));
    return await states;
  }
  const on = (host: string) => (line: LogLine) => ({ ...line, host });

  return {
    look: async (name, host, { signal }) => judge((await seenOn(host, signal)).get(name)?.[0]),
    tail: async (name, host, lines) => {
      const { docker, state } = await containerOf(name, host);
      return state ? (await tailLogs(docker, state.id, lines)).map(on(host)) : [];
    },
    follow: async (name, host, { onLine, ...options }) => {
      const { docker, state } = await containerOf(name, host, options.signal);
      if (state) await followLogs(docker, state.id, { ...options, onLine: (line) => onLine(on(host)(line)) });
    },
  };
}

/** Whether it does its work, and what is wrong where it does not. A check that is still starting says nothing yet. */
export function judge(state: Pick<UnitState, "alive" | "exit" | "health" | "status"> | undefined): {
  alive: boolean;
  detail: string | null;
} {
  if (!state) return { alive: false, detail: "there is no such container" };
  if (!state.alive) return { alive: false, detail: endOf(state) };
  if (state.health === "unhealthy") return { alive: false, detail: "its own health check fails" };
  return { alive: true, detail: null };
}

function endOf({ exit, status }: Pick<UnitState, "exit" | "status">): string {
  return exit ? `ended (${exit.signal ?? `exit ${exit.code}`})` : `it is ${status}`;
}

/** What is watched of a file: the parts that stay up, and which services need each. */
export function watchedParts(file: ComposeFile, { services }: Pick<ComposeProject, "services">) {
  const texts = Object.fromEntries(Object.entries(services).map(([name, { env }]) => [name, Object.values(env)]));
  return Object.fromEntries(Object.entries(neededBy(file, texts)).filter(([name]) => !runsOnce(file, name)));
}

/** The text that Compose is given; it may hold secrets. */
export async function composeText(
  file: ComposeFile,
  { variable }: Pick<ComposeProject, "variable">,
  { app, environment }: Owner,
): Promise<string> {
  const readFileThere = (path: string) => readFile(resolve(file.dir, path), "utf8").catch(() => undefined);
  return await infrastructureText(file, { variable, readFile: readFileThere }, dockerLabels({ app, env: environment }));
}

/** For who reads the plan: what runs as the file no longer has it. Hosts that cannot say are left out: the pre-flight tells of them. */
export async function changedParts(
  file: ComposeFile,
  { project, places, app, environment }: Owner & { project: ComposeProject; places: Places },
  { signal }: Context,
): Promise<string[]> {
  if (Object.keys(file.infrastructure).length === 0) return [];
  const wanted = definitionsIn(await composeText(file, project, { app, environment }));
  const looks = places.names().map(async (name) => {
    const { docker } = await places.at(name, signal);
    return [name, await infrastructureOf(docker, { app, env: environment, signal })] as const;
  });
  const found = (await Promise.allSettled(looks)).flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  return Object.entries(wanted).flatMap(([part, definition]) => {
    const others = found.flatMap(([host, states]) =>
      (states.get(part) ?? [])
        .filter((state) => state.definition !== null && state.definition !== definition)
        .map(({ id }) => ({ host, id })),
    );
    const [first] = others;
    return first
      ? [
          changed(
            part,
            first.id,
            others.map(({ host }) => host),
          ),
        ]
      : [];
  });
}

function changed(part: string, container: string, hosts: readonly string[]): string {
  return (
    `${part} runs on ${hosts.join(", ")} as the Compose file had it before, and a deployment leaves it so; to have it made anew, ` +
    `run docker rm -f ${container} there and deploy: named volumes stay, what is in the container itself is lost`
  );
}
