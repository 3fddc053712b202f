import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Gate, MovingPlatform, PlatformOptions } from "../../../src/platforms/platform.ts";
import type { Context, Target } from "../../../src/platforms/target.ts";
import type { WantedRoute } from "../../../src/platforms/traffic.ts";
import { type Agent, type AgentRoute, call, type UnitOrder, type UnitState } from "./wire.ts";

const RENEW_MS = 1_000;
/** Name and socket of each agent: `a=/tmp/a.sock,b=/tmp/b.sock`. */
export const NODES = "STATIONMASTER_TEST_NODES";

/** Processes on nodes that an agent each looks after: a platform written for the tests, to see what a new one takes. */
export function createNodes({ stateDir, project }: PlatformOptions): MovingPlatform {
  const agents = (process.env[NODES] ?? "").split(",").map((text): Agent => {
    const [name = "", socket = ""] = text.split("=");
    return { name, socket };
  });
  const agentOf = (host: string | undefined): Agent => {
    const found = agents.find(({ name }) => name === host);
    if (!found) throw new Error(`no node ${host}`);
    return found;
  };
  const holder = randomUUID();
  const filesOf = (release: string) => join(stateDir, "nodes", release);
  const routeName = ({ app, environment, service }: Target) => encodeURIComponent(`${app}:${environment}:${service}`);

  /** On all nodes, also where one does not answer; then the first failure. */
  async function everywhere<T>(work: (agent: Agent) => Promise<T>): Promise<T[]> {
    const ends = await Promise.allSettled(agents.map(work));
    const failed = ends.find((end) => end.status === "rejected");
    if (failed) throw failed.reason;
    return ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  }

  const routesOn = (target: Target, context: Context) =>
    everywhere(async (agent) => {
      const route = await call<AgentRoute>(agent, "GET", `/routes/${routeName(target)}`, context);
      return route && { host: agent.name, ...route };
    });

  async function read(target: Target, context: Context) {
    const seen = (await routesOn(target, context)).filter((route) => route !== undefined);
    const [first] = seen;
    if (!first) return undefined;
    const { until, hold } = first;
    return {
      ...{ until, hold, url: first.listensAt, listensAt: first.listensAt },
      share: Math.min(...seen.map(({ share }) => share)),
      stable: seen.flatMap(({ stable }) => stable),
      candidate: seen.flatMap(({ candidate }) => candidate),
      figures: Object.assign({}, ...seen.map(({ figures }) => figures)),
      hosts: seen.map(({ host, listensAt, share, stable, candidate }) => ({
        ...{ host, listensAt, share },
        stable: stable.map(({ id }) => id),
        candidate: candidate.map(({ id }) => id),
      })),
    };
  }

  /** What brings the candidate to users comes to all nodes or to none. */
  async function apply(target: Target, wanted: WantedRoute, context: Context) {
    const path = `/routes/${routeName(target)}`;
    const before = wanted.candidate.length === 0 ? [] : await routesOn(target, context);
    const put = (agent: Agent) => {
      const own = ({ host }: { host?: string }) => host === agent.name;
      const body = { ...wanted, stable: wanted.stable.filter(own), candidate: wanted.candidate.filter(own) };
      return call(agent, "PUT", path, { ...context, body });
    };
    try {
      await everywhere(put);
    } catch (error) {
      const back = before.filter((route) => route !== undefined);
      await Promise.allSettled(
        back.map(({ host, ...route }) => call(agentOf(host), "PUT", path, { ...context, body: route })),
      );
      throw error;
    }
    const view = await read(target, context);
    if (!view) throw new Error("the nodes do not know the route they were given");
    return view;
  }

  async function hold(generation: number, { signal }: Context): Promise<Gate> {
    const lost = new AbortController();
    const say = (method: string, ends: AbortSignal) =>
      everywhere((agent) => call(agent, method, "/gate", { body: { generation, holder }, signal: ends }));
    await say("PUT", signal);
    let saying: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      saying = say("PUT", lost.signal).catch((error: { code?: string }) => {
        // A node that is cut off for a moment is not lost to somebody else.
        if (error.code === "SM-GATE-HELD") lost.abort(error);
      });
    }, RENEW_MS);
    return {
      signal: lost.signal,
      release: async () => {
        clearInterval(timer);
        await saying;
        await say("DELETE", AbortSignal.timeout(RENEW_MS)).catch(() => {});
      },
    };
  }

  return {
    id: "nodes",
    cutover: "ours",
    hosts: () => agents.map(({ name }) => name),
    connect: async (context) => void (await everywhere((agent) => call(agent, "GET", "/gate", context))),
    fence: {
      atLeast: async (_, context) => {
        const found = await everywhere((agent) => call<{ generation: number }>(agent, "GET", "/gate", context));
        return Math.max(0, ...found.map((gate) => gate?.generation ?? 0));
      },
      hold: (_, generation, context) => hold(generation, context),
    },
    prepare: async ({ name }) => {
      const { root } = project();
      const [files, draft] = [filesOf(name), `${filesOf(name)}.new`];
      if (existsSync(files)) return {};
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(draft, { recursive: true });
      const ours = relative(root, stateDir);
      for (const entry of readdirSync(root))
        if (entry !== ours) cpSync(join(root, entry), join(draft, entry), { recursive: true });
      renameSync(draft, files);
      return {};
    },
    holds: async ({ name }) => existsSync(filesOf(name)),
    prune: async () => {},
    start: async ({ id, target, release, environment, host }, context) => {
      const service = release.services[target.service];
      const env = { ...environment, RELEASE: release.name };
      const argv = (service?.start ?? []).map((word) => (word === "${NODE}" ? process.execPath : word));
      const body: UnitOrder = { id, argv, cwd: filesOf(release.name), env, routed: service?.kind === "http" };
      const started = await call<{ port: number | null }>(agentOf(host), "POST", "/units", { ...context, body });
      return { host, ...(started?.port ? { port: started.port } : {}) };
    },
    observe: async ({ id, address }, context) => {
      const state = await call<UnitState>(agentOf(address.host), "GET", `/units/${id}`, context);
      const port = state?.port ?? undefined;
      return {
        alive: state?.alive ?? false,
        exit: state?.exit ?? null,
        address: port === undefined ? address : { ...address, port },
      };
    },
    stop: async ({ id, address }, graceMs, context) => {
      const options = { ...context, body: { graceMs } };
      const ended = await call<{ ended: string }>(agentOf(address.host), "DELETE", `/units/${id}`, options);
      return ended?.ended ?? "gone";
    },
    logs: {
      tail: async ({ id, address }, lines) => {
        const state = await call<UnitState>(agentOf(address.host), "GET", `/units/${id}`, {
          signal: AbortSignal.timeout(RENEW_MS),
        });
        return (state?.log ?? []).slice(-lines).map((text) => ({ text, replica: id }));
      },
      follow: async () => {},
      rotate: async () => {},
    },
    traffic: {
      read,
      apply,
      remove: async (target, context) =>
        void (await everywhere((agent) => call(agent, "DELETE", `/routes/${routeName(target)}`, context))),
      cut: async (target, unit, context) => {
        const options = { ...context, body: { unit } };
        const cut = await everywhere((agent) =>
          call<{ cut: number }>(agent, "POST", `/cut/${routeName(target)}`, options),
        );
        return cut.reduce((sum, one) => sum + (one?.cut ?? 0), 0);
      },
      samples: async (target, context) => {
        const found = await everywhere((agent) => call<[]>(agent, "GET", `/samples/${routeName(target)}`, context));
        return found.flatMap((samples) => samples ?? []);
      },
    },
  };
}
