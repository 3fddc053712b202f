import { createHash } from "node:crypto";
import type { LogLine } from "../../../contract/requests.ts";
import { ExternalError, toKnownError } from "../../../core/errors.ts";
import type { Host } from "../../../exec/host.ts";
import type { UnitEnd } from "../../platform.ts";
import type { ContainerSpec } from "../file/spec.ts";
import { createArgs, envFileText, volumeArgs } from "./argv.ts";
import { type Docker, QUICK_MS } from "./client.ts";
import { firstEnd } from "./first-end.ts";
import { readContainers, type UnitState } from "./inspect.ts";
import { filterArgs, type UnitLabels } from "./labels.ts";
import { followLogs, tailLogs, wholeOutput } from "./logs.ts";
import { type Usage, usageOf } from "./stats.ts";

/** What a container is started with. */
export interface StartUnit {
  /** Name of the container. */
  id: string;
  spec: ContainerSpec;
  /** What it runs: a reference by digest, or an image's id. */
  image: string;
  /** Its port; null: none. */
  port: number | null;
  /** Complete and resolved; may hold secrets. */
  environment: Readonly<Record<string, string>>;
  labels: UnitLabels;
  /** The network of its environment. */
  network: string;
  /** What Compose calls the project; volumes that are made bear it. */
  project: string;
  /** Names that lead elsewhere: services behind the proxy. */
  addHosts?: Readonly<Record<string, string>>;
}

type KeepEnd = (end: UnitEnd) => Promise<void>;

/** The containers on one host. Every call rejects with an `ExternalError` that names host and step. */
export interface Units {
  /** Creates and starts it; one of that name with the same labels is taken over. Answers its port on loopback of the host. */
  start(unit: StartUnit, signal?: AbortSignal): Promise<{ port: number | null }>;
  /** Those that exist, by id. */
  inspect(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, UnitState>>;
  /**
   * Its stop signal, `graceMs` of patience, SIGKILL; then, once `keep` is done, it is removed with its logs. Answers what ended
   * it, or `gone`.
   */
  stop(
    id: string,
    graceMs: number,
    options?: { signal?: AbortSignal | undefined; keep?: KeepEnd | undefined },
  ): Promise<string>;
  /** See `Platform.logs`; undefined too where there is no such container. */
  firstEnd(id: string, lines: number, signal?: AbortSignal): Promise<UnitEnd | undefined>;
  /** Ours with these labels, whether they run or not. */
  list(labels: Partial<UnitLabels>, signal?: AbortSignal): Promise<UnitState[]>;
  tail(id: string, lines: number, signal?: AbortSignal): Promise<LogLine[]>;
  follow(id: string, options: { lines: number; onLine: (line: LogLine) => void; signal: AbortSignal }): Promise<void>;
  usage(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, Usage>>;
  /** Runs one command to its end in a container like it; one of that name that runs already is waited for. Its output is whole. */
  once(
    unit: StartUnit & { argv: readonly string[] },
    options: { deadlineMs: number; signal?: AbortSignal | undefined },
  ): Promise<{ code: number | null; output: string }>;
}

/** Below the range the kernel hands out (32768 and up). */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const PORT_TRIES = 20;
const START_MS = 120_000;
const STOP_MARGIN_MS = 30_000;
const ONCE_GRACE_MS = 10_000;
/** Of a container that goes. */
const LAST_LINES = 1_000;

/**
 * `folder` on the host is where the variables of a container lie while it is created, in a file of mode 0600. It is removed through
 * `plain`, the host without its gate: also a controller that was replaced meanwhile leaves no secret behind.
 */
export function createUnits({
  docker,
  folder,
  plain = docker.host,
}: {
  docker: Docker;
  folder: string;
  plain?: Host;
}): Units {
  const { host } = docker;

  async function inspect(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, UnitState>> {
    if (ids.length === 0) return new Map();
    const { stdout } = await docker.ask(["container", "inspect", ...ids], {
      step: `look at ${ids.join(", ")}`,
      signal,
    });
    return new Map(readContainers(stdout.trim() || "[]").map((state) => [state.id, state]));
  }

  async function look(id: string, signal?: AbortSignal): Promise<UnitState | undefined> {
    return (await inspect([id], signal)).get(id);
  }

  async function remove(id: string, signal?: AbortSignal): Promise<void> {
    const step = `remove ${id}`;
    const { code } = await docker.ask(["rm", "--force", "--volumes", id], { step, deadlineMs: START_MS, signal });
    if (code !== 0 && (await look(id, signal))) await docker.call(["rm", "--force", "--volumes", id], { step, signal });
  }

  /** A person, or another rollout, may have taken the name. */
  function requireOwn(step: string, { id, labels }: UnitState, wanted: Partial<UnitLabels>): void {
    const keys = Object.keys(wanted) as (keyof UnitLabels)[];
    if (labels && keys.every((key) => labels[key] === wanted[key])) return;
    throw new ExternalError({
      code: "SM-DOCKER-NAME",
      message: `${host.name}: ${step}: another container has that name`,
      next: `look at it with docker inspect ${id}, and remove it`,
    });
  }

  async function create(
    unit: StartUnit,
    hostPort: number | null,
    once: readonly string[] | undefined,
    signal?: AbortSignal,
  ) {
    const { id, spec, image, port, environment, labels, network, project, addHosts } = unit;
    const envFile = `${folder}/${id}.env`;
    const text = envFileText(environment, labels.service);
    const step = `create ${id}`;
    for (const volume of spec.volumes)
      if (!volume.external)
        await docker.call(volumeArgs(volume, project, labels), { step: `make the volume ${volume.name}`, signal });
    try {
      await host.write(envFile, text, { mode: 0o600, deadlineMs: QUICK_MS, signal });
      const publish = port !== null && hostPort !== null ? { port, hostPort } : undefined;
      const args = createArgs(spec, {
        id,
        image,
        labels,
        network,
        publish,
        envFile,
        once,
        addHosts,
      });
      await docker.call(args, { step, deadlineMs: START_MS, signal });
    } finally {
      await plain.run(["rm", "-f", envFile], { deadlineMs: QUICK_MS }).catch(() => {});
    }
  }

  async function join(id: string, networks: readonly string[], signal?: AbortSignal): Promise<void> {
    const joined = (await look(id, signal))?.networks ?? [];
    for (const network of networks.filter((name) => !joined.includes(name)))
      await docker.call(["network", "connect", network, id], { step: `connect ${id} to ${network}`, signal });
  }

  async function start(unit: StartUnit, signal?: AbortSignal): Promise<{ port: number | null }> {
    const { id, spec } = unit;
    for (let attempt = 0; ; attempt++) {
      const found = await look(id, signal);
      if (found) requireOwn(`start ${id}`, found, sameUnit(unit));
      if (found?.alive) return { port: found.port };
      const hostPort = unit.port === null ? null : portFor(id, attempt);
      if (!found) await create(unit, hostPort, undefined, signal);
      await join(id, spec.networks, signal);
      try {
        await docker.call(["start", id], { step: `start ${id}`, deadlineMs: START_MS, signal });
        return { port: found ? found.port : hostPort };
      } catch (error) {
        const taken = error instanceof ExternalError && error.code === "SM-DOCKER-PORT";
        const mine = hostPort !== null && !spec.ports.some(({ published }) => published !== null);
        await remove(id, signal);
        if (!taken || !mine || attempt >= PORT_TRIES) throw error;
      }
    }
  }

  const stop: Units["stop"] = async (id, graceMs, { signal, keep } = {}) => {
    const before = await look(id, signal);
    if (!before) return "gone";
    requireOwn(`stop ${id}`, before, { unit: id });
    const seconds = Math.ceil(graceMs / 1_000);
    // Also where it seems to have ended: a restart policy may be about to start it again.
    await docker.ask(["stop", "-t", String(seconds), id], {
      step: `stop ${id}`,
      deadlineMs: graceMs + STOP_MARGIN_MS,
      signal,
    });
    const after = await look(id, signal);
    const lines = keep ? await tailLogs(docker, id, LAST_LINES, signal) : [];
    // Before anybody stopped it.
    const own = keep ? await firstEnd(docker, before, 0, signal).catch(() => undefined) : undefined;
    await keep?.({ exit: own?.exit ?? null, lines: lines.map(({ text }) => text) });
    await remove(id, signal);
    if (!before.alive) return "gone";
    return after?.exit?.signal === "SIGKILL" ? "SIGKILL" : "SIGTERM";
  };

  async function list(labels: Partial<UnitLabels>, signal?: AbortSignal): Promise<UnitState[]> {
    const step = "list containers";
    const text = await docker.call(["ps", "--all", "--format", "{{.Names}}", ...filterArgs(labels)], { step, signal });
    const found = await inspect(
      text
        .split("\n")
        .filter(Boolean)
        .map((names) => names.split(",")[0] ?? ""),
      signal,
    );
    return [...found.values()].filter((state) => state.labels !== undefined);
  }

  return {
    start,
    inspect,
    stop,
    list,
    tail: (id, lines, signal) => tailLogs(docker, id, lines, signal),
    firstEnd: async (id, lines, signal) => {
      const state = await look(id, signal);
      const found = state && (await firstEnd(docker, state, lines, signal));
      return found && { exit: found.exit, lines: found.lines.map(({ text }) => text) };
    },
    follow: (id, options) => followLogs(docker, id, options),
    usage: (ids, signal) => usageOf(docker, ids, signal),
    async once({ argv, ...unit }, { deadlineMs, signal }) {
      const { id, spec } = unit;
      const found = await look(id, signal);
      if (found) requireOwn(`start ${id}`, found, sameUnit(unit));
      else await create(unit, null, argv, signal);
      if (!found?.startedAt) {
        await join(id, spec.networks, signal);
        await docker.call(["start", id], { step: `start ${id}`, deadlineMs: START_MS, signal });
      }
      const step = `run ${argv[0]} in ${id}`;
      const code = await docker.call(["wait", id], { step, deadlineMs, signal }).catch(async (error: unknown) => {
        if (isGivenUp(error, signal)) await stop(id, ONCE_GRACE_MS).catch(() => {});
        throw error;
      });
      const output = await wholeOutput(docker, id, signal).finally(() => remove(id, signal));
      return { code: Number.parseInt(code, 10), output };
    },
  };
}

/** Nobody comes back for it then; who lost the lease or the connection leaves it to the next attempt. */
function isGivenUp(error: unknown, signal: AbortSignal | undefined): boolean {
  const { code } = toKnownError(signal?.aborted ? signal.reason : error);
  return /^SM-(?:ROLLOUT-ABORTED|EXEC-DEADLINE|SSH-DEADLINE)$/.test(code);
}

/** The generation may have risen since: another controller goes on with the same rollout. */
function sameUnit({ labels: { app, env, unit, rollout, release } }: StartUnit): Partial<UnitLabels> {
  return { app, env, unit, rollout, release };
}

/** The same for a unit each time, so that after a crash it is the one that was meant. */
function portFor(id: string, attempt: number): number {
  return FIRST_PORT + (createHash("sha256").update(`${id} ${attempt}`).digest().readUInt32BE() % PORTS);
}
