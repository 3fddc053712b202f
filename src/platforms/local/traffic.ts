import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ExternalError, isKnownError, toKnownError, UserError } from "../../core/errors.ts";
import { startedAt } from "../../exec/process.ts";
import type { Member, MemberFigures, RouteView, Target, Traffic, WantedRoute } from "../platform.ts";
import { freePort } from "./ports.ts";
import { createRouterClient, type LiveRoute, type RouterClient, spawnRouter } from "./router/client.ts";
import type { RouteInput } from "./router/state.ts";

const STOP_MS = 15_000;
const STOP_POLL_MS = 50;
const Ports = z.record(z.string(), z.number());

export interface LocalTraffic extends Traffic {
  /** Starts the router process if none answers. Answers whether it had to, and why routes may be missing. */
  ensure(): Promise<"running" | "started" | "rebuilt">;
  /** The router process, or null when it does not run. */
  pid(): Promise<number | null>;
  stopRouter(): Promise<void>;
}

/** Routes of one state directory, kept by a router process of its own that outlives the daemon. */
export function createTraffic({
  stateDir,
  socket,
  wantedPort,
}: {
  stateDir: string;
  socket: string;
  wantedPort(service: string): number | undefined;
}): LocalTraffic {
  const client: RouterClient = createRouterClient({ socket });
  const stateFile = join(stateDir, "router.json");
  const portsFile = join(stateDir, "ports.json");
  let ensuring: Promise<"running" | "started" | "rebuilt"> | undefined;

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
    for (const [name, route] of Object.entries((await client.state()).routes)) {
      if (route.listening || wantedPort(serviceOf(name)) !== undefined) continue;
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
      await savePort(name, seen.listen.port);
    }
  }

  async function ensure() {
    ensuring ??= start().finally(() => {
      ensuring = undefined;
    });
    return await ensuring;
  }

  async function savedPorts(): Promise<Record<string, number>> {
    return await readFile(portsFile, "utf8").then(
      (text) => Ports.parse(JSON.parse(text)),
      () => ({}),
    );
  }

  async function savePort(name: string, port: number): Promise<void> {
    const ports = await savedPorts();
    if (ports[name] === port) return;
    await writeFile(`${portsFile}.new`, `${JSON.stringify({ ...ports, [name]: port })}\n`, { mode: 0o600 });
    await rename(`${portsFile}.new`, portsFile);
  }

  async function read(target: Target): Promise<RouteView | undefined> {
    // Where nothing was ever routed a look must not leave a process behind.
    if (!existsSync(stateFile) && !(await answers())) return undefined;
    await ensure();
    const route = (await client.state()).routes[routeName(target)];
    return route ? toView(route) : undefined;
  }

  async function apply(target: Target, wanted: WantedRoute): Promise<RouteView> {
    await ensure();
    const name = routeName(target);
    const existing = (await client.state()).routes[name];
    const fixed = wantedPort(target.service);
    const port = fixed ?? existing?.listen.port ?? (await savedPorts())[name] ?? (await freePort(new Set()));
    const seen = await put(name, toRoute(wanted, name, port), fixed !== undefined);
    await savePort(name, seen.listen.port);
    return toView(seen);
  }

  /** A remembered port that somebody else has taken meanwhile is replaced by a free one; one the user named is an error. */
  async function put(name: string, route: RouteInput, fixed: boolean): Promise<LiveRoute> {
    try {
      const seen = await client.putRoute(name, route);
      if (fixed && !seen.listening) throw portTaken(name, route.listen.port, undefined);
      return seen;
    } catch (error) {
      if (!isKnownError(error) || error.code !== "SM-ROUTER-PORT") throw error;
      if (fixed) throw portTaken(name, route.listen.port, error);
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
    pid: async () =>
      await client.state().then(
        ({ pid }) => pid,
        () => null,
      ),
    stopRouter: async () => {
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

function routeName({ app, environment, service }: Target): string {
  return `${app}:${environment}:${service}`;
}

function serviceOf(routeName: string): string {
  return routeName.split(":").at(-1) ?? "";
}

function portTaken(name: string, port: number, cause: unknown): UserError {
  return new UserError({
    code: "SM-PORT-TAKEN",
    message: `the port ${port} of ${serviceOf(name)} is taken by another program`,
    next: "end that program, or change `port` of the service",
    cause,
  });
}

function toRoute(wanted: WantedRoute, salt: string, port: number): RouteInput {
  const side = (role: "stable" | "candidate") => (member: Member) => ({ ...member, host: "127.0.0.1", role });
  return {
    listen: { host: "127.0.0.1", port },
    salt,
    share: wanted.share,
    until: wanted.until,
    hold: wanted.hold === null ? null : { until: wanted.hold },
    targets: [...wanted.stable.map(side("stable")), ...wanted.candidate.map(side("candidate"))],
  };
}

function toView(route: LiveRoute): RouteView {
  const side = (role: "stable" | "candidate") =>
    route.targets
      .filter((target) => target.role === role)
      .map(({ id, port, release, weight, drain }): Member => ({ id, port, release, weight, drain }));
  const figures = Object.fromEntries(
    route.figures.map(({ id, inflight, streams, requests, errors, p99 }): [string, MemberFigures] => [
      id,
      { inflight, streams, requests, errors, p99 },
    ]),
  );
  return {
    url: `http://${route.listen.host}:${route.listen.port}`,
    stable: side("stable"),
    candidate: side("candidate"),
    share: route.share,
    until: route.until,
    hold: route.hold?.until ?? null,
    figures,
  };
}
