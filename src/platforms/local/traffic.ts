import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { ExternalError, isKnownError, toKnownError, UserError } from "../../core/errors.ts";
import { startedAt } from "../../exec/process.ts";
import type { Context, Target } from "../target.ts";
import type { RouteView, Traffic, WantedRoute } from "../traffic.ts";
import { freePort } from "./ports.ts";
import { createRouterClient, type LiveRoute, type RouterClient, spawnRouter } from "./router/client.ts";
import { loadState, type Route, type RouteInput } from "./router/state.ts";
import { holderOf, routeName, serviceOf, toRoute, toView } from "./routes.ts";

const STOP_MS = 15_000;
const STOP_POLL_MS = 50;
/** The port that users of a route were told, and whether it is one that the application chose. Once it was the number alone. */
const Promised = z.union([
  z.number().transform((port) => ({ port, fixed: false })),
  z.object({ port: z.number(), fixed: z.boolean() }),
]);
type Promised = z.infer<typeof Promised>;
const Ports = z.record(z.string(), Promised);

export interface LocalTraffic extends Traffic {
  /** Starts the router process if none answers; `SM-ROUTER-STOPPING` once `stopRouter` was called. Answers whether it had to, and why routes may be missing. */
  ensure(): Promise<"running" | "started" | "rebuilt">;
  /** The router process, or null when it does not run. */
  pid(): Promise<number | null>;
  /** Ends the router for good: from its call on nothing here starts another one. */
  stopRouter(): Promise<void>;
}

/** Routes of one state directory, kept by a router process of its own that outlives the daemon. */
export function createTraffic({ stateDir, socket }: { stateDir: string; socket: string }): LocalTraffic {
  const client: RouterClient = createRouterClient({ socket });
  const stateFile = join(stateDir, "router.json");
  const portsFile = join(stateDir, "ports.json");
  let ensuring: Promise<"running" | "started" | "rebuilt"> | undefined;
  let saving: Promise<void> = Promise.resolve();
  let stopping = false;

  async function answers(): Promise<boolean> {
    return await client.state().then(
      () => true,
      () => false,
    );
  }

  async function start(): Promise<"running" | "started" | "rebuilt"> {
    if (await answers()) return "running";
    const options = { stateFile, socket, logFile: join(stateDir, "router.log") };
    try {
      await spawnRouter(options);
      await leaveTakenPorts();
      return "started";
    } catch (error) {
      if (toKnownError(error).code !== "SM-ROUTER-STATE") throw error;
      // What it held is known elsewhere: units in the store, ports in the ports file.
      await rename(stateFile, `${stateFile}.corrupt-${Date.now()}`);
      await spawnRouter(options);
      return "rebuilt";
    }
  }

  /** While the router was away another program may have taken a port that we chose; users then need another address. */
  async function leaveTakenPorts(): Promise<void> {
    const promised = await savedPorts();
    for (const [name, route] of Object.entries((await client.state()).routes)) {
      if (route.listening || isFixed(promised[name], route.listen.port)) continue;
      const { listen, salt, share, until, hold, key, targets } = route;
      const port = await freePort(new Set());
      const seen = await client.putRoute(name, {
        listen: { ...listen, port },
        salt,
        share,
        until,
        hold,
        key,
        targets,
      });
      if (!promised[name]?.fixed) await savePort(name, { port: seen.listen.port, fixed: false });
    }
  }

  async function ensure() {
    if (stopping)
      throw new ExternalError({
        code: "SM-ROUTER-STOPPING",
        message: "the router is being stopped",
        next: "start it again with stationmaster up",
      });
    ensuring ??= start().finally(() => {
      ensuring = undefined;
    });
    return await ensuring;
  }

  async function savedPorts(): Promise<Record<string, Promised>> {
    return await readFile(portsFile, "utf8").then(
      (text) => Ports.parse(JSON.parse(text)),
      () => ({}),
    );
  }

  /** One after the other: services of a rollout come here side by side. */
  function savePort(name: string, promised: Promised): Promise<void> {
    const saved = saving.then(async () => {
      const ports = await savedPorts();
      if (isDeepStrictEqual(ports[name], promised)) return;
      await writeFile(`${portsFile}.new`, `${JSON.stringify({ ...ports, [name]: promised })}\n`, { mode: 0o600 });
      await rename(`${portsFile}.new`, portsFile);
    });
    saving = saved.catch(() => {});
    return saved;
  }

  /** What the router says; while none answers, what it will take up again when it is started. Starts nothing. */
  async function read(target: Target, { signal }: Context): Promise<RouteView | undefined> {
    const routes = await client.state({ signal }).then((state) => state.routes, storedRoutes);
    return await viewOf(routes, routeName(target));
  }

  async function storedRoutes(error: unknown): Promise<Record<string, Route>> {
    const { code } = toKnownError(error);
    if (code !== "SM-ROUTER-DOWN" && code !== "SM-ROUTER-STARTING") throw error;
    return await loadState(stateFile).then(
      ({ routes }) => routes,
      () => ({}),
    );
  }

  /** Users of a service that waits for another one's address call that address. */
  async function viewOf(routes: Record<string, Route>, name: string): Promise<RouteView | undefined> {
    const route = routes[name];
    const promised = (await savedPorts())[name];
    return route && toView(route, promised?.fixed && holderOf(routes, name, promised.port) ? promised.port : undefined);
  }

  async function apply(target: Target, wanted: WantedRoute): Promise<RouteView> {
    await ensure();
    const name = routeName(target);
    const { routes } = await client.state();
    const promised = (await savedPorts())[name];
    const wish = wanted.port ?? undefined;
    const current = routes[name]?.listen.port;
    const holder = wish === undefined ? undefined : holderOf(routes, name, wish);
    if (wish !== undefined && holder) {
      if (placeOf(holder) !== placeOf(name)) throw portTaken(name, wish, { by: serviceOf(holder) });
      // A renamed service: the old one keeps the address until this one is what users shall have.
      const apart = await put(name, toRoute(wanted, name, current ?? (await freePort(new Set()))), false);
      await savePort(name, { port: wish, fixed: true });
      if (wanted.stable.length === 0) return toView(apart, wish);
      await client.exchange(name, holder);
      await savePort(holder, { port: apart.listen.port, fixed: false });
    }
    const port = wish ?? current ?? promised?.port ?? (await freePort(new Set()));
    const fixed = wish !== undefined || (wanted.port === undefined && isFixed(promised, port));
    const seen = await put(name, toRoute(wanted, name, port), fixed);
    if (wanted.port !== undefined || !promised?.fixed) await savePort(name, { port: seen.listen.port, fixed });
    return toView(seen);
  }

  /** A remembered port that somebody else has taken meanwhile is replaced by a free one; one the user named is an error. */
  async function put(name: string, route: RouteInput, fixed: boolean): Promise<LiveRoute> {
    try {
      const seen = await client.putRoute(name, route);
      if (fixed && !seen.listening) throw portTaken(name, route.listen.port, {});
      return seen;
    } catch (error) {
      if (!isKnownError(error) || error.code !== "SM-ROUTER-PORT") throw error;
      if (fixed) throw portTaken(name, route.listen.port, { cause: error });
      return await client.putRoute(name, { ...route, listen: { ...route.listen, port: await freePort(new Set()) } });
    }
  }

  return {
    ensure,
    read,
    apply,
    remove: async (target) => {
      await ensure();
      await client.deleteRoute(routeName(target)).catch((error: unknown) => {
        if (toKnownError(error).code !== "SM-ROUTER-UNKNOWN") throw error;
      });
    },
    cut: async (target, unit) => await client.cut(routeName(target), unit),
    samples: async (target, { signal }) => await client.samples(routeName(target), { signal }),
    pid: async () =>
      await client.state().then(
        ({ pid }) => pid,
        () => null,
      ),
    stopRouter: async () => {
      stopping = true;
      await ensuring?.catch(() => {});
      const running = await client.state().catch(() => undefined);
      if (!running) return;
      const started = await startedAt(running.pid);
      await client.stop();
      // It stops answering first and ends when its last answers are sent.
      for (let waited = 0; waited < STOP_MS; waited += STOP_POLL_MS) {
        if ((await startedAt(running.pid)) !== started) return;
        await new Promise((done) => setTimeout(done, STOP_POLL_MS));
      }
      throw new ExternalError({
        code: "SM-ROUTER-STOP",
        message: `the router (pid ${running.pid}) does not stop`,
        next: `see ${join(stateDir, "router.log")}`,
      });
    },
  };
}

/** Application and environment of a route. */
function placeOf(routeName: string): string {
  return routeName.slice(0, routeName.lastIndexOf(":"));
}

function isFixed(promised: Promised | undefined, port: number): boolean {
  return promised?.fixed === true && promised.port === port;
}

function portTaken(name: string, port: number, { by, cause }: { by?: string; cause?: unknown }): UserError {
  return new UserError({
    code: "SM-PORT-TAKEN",
    message: `the port ${port} of ${serviceOf(name)} is taken by ${by ? `the service ${by}` : "another program"}`,
    next: by ? "change `port` of one of them" : "end that program, or change `port` of the service",
    cause,
  });
}
