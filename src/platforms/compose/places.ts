import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { ComposeConfig } from "../../config/environments.ts";
import { ExternalError } from "../../core/errors.ts";
import type { Host, HostProcess } from "../../exec/host.ts";
import { openHost } from "../../exec/open-host.ts";
import { addressOf } from "../../exec/ssh-address.ts";
import type { Context } from "../target.ts";
import { createDocker, type Docker } from "./docker/client.ts";
import { createUnits, type Units } from "./docker/units.ts";
import { createGate, type HostGate } from "./gate.ts";
import { gatedHost } from "./gated.ts";
import { createProxyMemory } from "./haproxy/memory.ts";
import { createProxy, type Proxy as HostProxy } from "./haproxy/proxy.ts";
import type { ProxyRoutes } from "./haproxy/route.ts";
import { loadRoutes } from "./haproxy/store.ts";
import { exclusively } from "./host-lock.ts";

const ASK_MS = 30_000;
/** Where a host has no HAProxy of its own. */
const PROXY_IMAGE = "haproxy:3.2";

/** What is used of one host, as a look or as the controller of one generation. */
export interface Tools {
  host: Host;
  docker: Docker;
  units: Units;
  proxy: HostProxy;
}

/** One host of an environment. */
export interface Place extends Tools {
  name: string;
  gate: HostGate;
  /** Absolute folder there for routes, locks and sources. */
  folder: string;
  /** Where people reach the host: its address as ssh knows it. */
  address: string;
  /** Routes as they lie on its disk, also while the proxy does not run. */
  storedRoutes(signal: AbortSignal): Promise<ProxyRoutes>;
  /**
   * Works on the proxy while no other environment does, see `exclusively`; no other generation comes into force meanwhile
   * either. Refused (`SM-GATE-REFUSED`) when one is; without a generation nobody is refused.
   */
  alone<T>(context: Context, work: (proxy: HostProxy, context: Context) => Promise<T>): Promise<T>;
  /** The tools under the gate: what they do is refused once another generation is in force. Without one those of the place. */
  acting(generation: number | undefined): Omit<Tools, "proxy">;
}

export interface Places {
  /** Those of the manifest, sorted, so that all controllers take them in one order. */
  names(): string[];
  /** The one that is asked for, else the first. */
  home(host: string | undefined): string;
  /** Also one that the manifest no longer names, as long as units of ours are there. `signal` ends the waiting. */
  at(name: string, signal?: AbortSignal): Promise<Place>;
  all(signal?: AbortSignal): Promise<Place[]>;
  /** Where people reach a host, as `Place.address`; the host is not asked. */
  address(name: string): Promise<string>;
  close(): Promise<void>;
}

/** The hosts of an environment, connected when they are first used. `key` names the environment at their gates. */
export function createPlaces({
  settings,
  key,
  stateDir,
}: {
  settings(): Pick<ComposeConfig, "hosts" | "path" | "sudo">;
  key: string;
  stateDir: string;
}): Places {
  const known = new Map<string, Promise<Place>>();
  const addresses = new Map<string, Promise<string>>();

  function address(name: string): Promise<string> {
    const found = addresses.get(name) ?? addressOf(name, process.env.STATIONMASTER_SSH_CONFIG);
    addresses.set(name, found);
    found.catch(() => addresses.delete(name));
    return found;
  }
  /** Kept when opening a place fails: a host remembers that nobody answered. */
  const hosts = new Map<string, Host>();

  function hostOf(name: string, configFile: string | undefined): Host {
    const found = hosts.get(name);
    if (found) return found;
    const host = openHost(name, { controlDir: controlFolder(stateDir), ...(configFile ? { configFile } : {}) });
    hosts.set(name, host);
    return host;
  }

  async function open(name: string): Promise<Place> {
    const configFile = process.env.STATIONMASTER_SSH_CONFIG;
    const host = hostOf(name, configFile);
    const { path, sudo } = settings();
    const folder = path ?? `${await homeOf(host)}/.stationmaster`;
    const prefix = sudo ? ["sudo", "-n"] : [];
    const container = { image: PROXY_IMAGE, docker: ["docker"] };
    const toolsOn = (on: Host): Omit<Tools, "proxy"> => {
      const docker = createDocker(on, [...prefix, "docker"]);
      return { host: on, docker, units: createUnits({ docker, folder: startingIn({ folder }), plain: host }) };
    };
    const gate = createGate({ host, folder });
    const proxy = createProxy({ host, folder: `${folder}/proxy`, prefix, memory: createProxyMemory(), container });
    const tools = { ...toolsOn(host), proxy };
    return {
      ...tools,
      name,
      gate,
      folder,
      address: await address(name),
      alone: async ({ signal, generation }, work) => {
        const lock = { host: name, file: `${folder}/proxy.lock`, ...openerOf({ host, gate, key, generation }) };
        return await exclusively(lock, signal, (held) => work(tools.proxy, { signal: held, generation }));
      },
      storedRoutes: (signal) => loadRoutes(host, `${folder}/proxy`, signal),
      acting: (generation) => toolsOn(generation === undefined ? host : gatedHost(host, gate, key, generation)),
    };
  }

  function opened(name: string): Promise<Place> {
    const found = known.get(name);
    if (found) return found;
    const opening = open(name).catch((error: unknown) => {
      known.delete(name);
      throw error;
    });
    known.set(name, opening);
    return opening;
  }

  const at: Places["at"] = async (name, signal) => {
    signal?.throwIfAborted();
    return await unlessAborted(opened(name), signal);
  };
  const names = () => [...new Set(settings().hosts)].sort();
  return {
    names,
    home: (host) => host ?? names()[0] ?? "local",
    at,
    address,
    all: (signal) => Promise.all(names().map((name) => at(name, signal))),
    close: async () => {
      const opening = [...known.values()];
      known.clear();
      await Promise.allSettled([...hosts.values()].map((host) => host.close()));
      hosts.clear();
      await Promise.allSettled(opening);
    },
  };
}

/** Where the variables of containers lie while they are created. */
export function startingIn({ folder }: Pick<Place, "folder">): string {
  return `${folder}/starting`;
}

/** Where sources are kept on a host between two builds. */
export function sourcesIn({ folder }: Pick<Place, "folder">): string {
  return `${folder}/sources`;
}

/** Others may wait for the same work, so it goes on. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A program under the lock is one under the gate too. */
function openerOf({
  host,
  gate,
  key,
  generation,
}: {
  host: Host;
  gate: HostGate;
  key: string;
  generation?: number | undefined;
}) {
  if (generation === undefined) return { open: host.open };
  const open: Host["open"] = (argv, options) => gate.open(key, generation, argv, options);
  return { open, refusal: (end: Awaited<HostProcess["exited"]>) => gate.refusalOf(generation, end) };
}

/** Sockets have short names, wherever the state lies; two state directories share no connection. */
function controlFolder(stateDir: string): string {
  const id = createHash("sha256").update(stateDir).digest("hex").slice(0, 8);
  return join(tmpdir(), `stationmaster-${userInfo().uid}-${id}`);
}

async function homeOf(host: Host): Promise<string> {
  if (host.name === "local") return userInfo().homedir;
  const { stdout } = await host.run(["pwd"], { deadlineMs: ASK_MS });
  const folder = stdout.trim();
  if (folder.startsWith("/")) return folder === "/" ? "" : folder;
  throw new ExternalError({
    code: "SM-HOST-HOME",
    message: `${host.name}: the account there has no home folder`,
    next: "set `path` of the environment to a folder it can write",
  });
}
