import { type Clock, systemClock } from "../../../core/clock.ts";
import { ExternalError } from "../../../core/errors.ts";
import type { Context } from "../../target.ts";
import type { RequestSample } from "../../traffic.ts";
import { backendName, SIDES } from "./config.ts";
import type { Look } from "./look.ts";
import { createProxyMemory, type ProxyMemory } from "./memory.ts";
import { type Processes, parseSessions } from "./parse.ts";
import { createProcess } from "./process.ts";
import { ensureRunning, publish, renew } from "./publish.ts";
import { checkFolder, checkRoute, type ProxyRoute } from "./route.ts";
import { samplesSince } from "./samples.ts";
import type { ProxyOptions } from "./setup.ts";
import { loadRoutes } from "./store.ts";
import { type Versions, versionsOf } from "./version.ts";
import { type ProxyView, storedView, viewsOf } from "./view.ts";

const ASK_MS = 30_000;

/** HAProxy on one host, with routes that our own process may die and leave to it. Changes are made one after the other. */
export interface Proxy {
  /** The cheapest look: its master process, undefined while it does not run. */
  runs(context: Context): Promise<Pick<Processes, "master" | "upMs"> | undefined>;
  /** Sees to it that somebody on the host starts a running one again when it ends. */
  keep(context: Context): Promise<void>;
  versions(context: Context): Promise<Versions>;
  /** Starts it with the routes on disk unless it runs. `SM-PROXY-MISSING`, `SM-PROXY-PORT`, `SM-PROXY-START`. */
  ensure(context: Context): Promise<"running" | "started">;
  /** A look: starts and changes nothing. While it does not run, what it will take up again. */
  read(context: Context): Promise<Record<string, ProxyView>>;
  /**
   * Files first, then the running proxy, then both are compared (`SM-PROXY-READBACK`). After `SM-PROXY-ROUTE`, `-CLASH`, `-TLS`,
   * `-CONFIG`, `-PORT` and `-RELOAD` all is as it was. Times in `route` count by our clock.
   */
  apply(route: ProxyRoute, context: Context): Promise<ProxyView>;
  /** As `apply`, with a route as it lay on the host's disk: its times count by the host's clock. */
  restore(stored: ProxyRoute, context: Context): Promise<ProxyView>;
  remove(name: string, context: Context): Promise<void>;
  /** Ends what still runs on a unit; answers how many requests and streams that were. */
  cut(name: string, unit: string, context: Context): Promise<number>;
  /** Requests that ended since the last call, without streams; the first call answers those that the proxy still knows. */
  samples(name: string, context: Context): Promise<RequestSample[]>;
  /** A new worker of the program that is installed now takes the sockets over; the old one finishes what it has. */
  upgrade(context: Context): Promise<void>;
  stop(context: Context): Promise<void>;
}

/** Nothing is asked or started yet. `memory` is shared by all that work on the same folder in this process. */
export function createProxy({
  memory = createProxyMemory(),
  clock = systemClock,
  ...options
}: ProxyOptions & { memory?: ProxyMemory; clock?: Clock }): Proxy {
  const { host } = options;
  const folder = checkFolder(options.folder);
  const running = createProcess(options, memory, clock);
  const place = { host, folder, running };

  async function apply(wanted: ProxyRoute, { signal }: Context): Promise<ProxyView> {
    const route = checkRoute(wanted);
    await ensureRunning(place, signal);
    const { skew } = await running.lookOrFail(signal);
    const theirs = (time: number | null) => (time === null ? null : Math.max(0, Math.round(time + skew)));
    return await put({ ...route, until: theirs(route.until), hold: theirs(route.hold) }, signal);
  }

  async function put(route: ProxyRoute, signal: AbortSignal): Promise<ProxyView> {
    const routes = await loadRoutes(host, folder, signal);
    const after = await publish(place, { from: routes, to: { ...routes, [route.name]: route } }, signal);
    const view = after && viewOf(after)[route.name];
    if (view) return view;
    throw new ExternalError({
      code: "SM-PROXY-READBACK",
      message: `${host.name}: the proxy does not show the route ${route.name}`,
      next: "deploy again",
    });
  }

  async function restore(stored: ProxyRoute, { signal }: Context): Promise<ProxyView> {
    await ensureRunning(place, signal);
    return await put(checkRoute(stored), signal);
  }

  function viewOf(seen: Look): Record<string, ProxyView> {
    return viewsOf(seen, memory.totals.take(seen));
  }

  async function read({ signal }: Context): Promise<Record<string, ProxyView>> {
    const seen = await running.look(signal);
    if (seen) return viewOf(seen);
    const routes = await loadRoutes(host, folder, signal);
    const { stdout } = await host.run(["date", "+%s"], { deadlineMs: ASK_MS, signal });
    const now = Number(stdout) * 1_000;
    return Object.fromEntries(
      Object.entries(routes).map(([name, route]) => [name, storedView(route, now, now - clock.now())]),
    );
  }

  async function remove(name: string, { signal }: Context): Promise<void> {
    const before = await loadRoutes(host, folder, signal);
    const { [name]: gone, ...routes } = before;
    if (gone) await publish(place, { from: before, to: routes }, signal);
    memory.read.delete(name);
  }

  async function cut(name: string, unit: string, { signal }: Context): Promise<number> {
    const backends = SIDES.map((side) => backendName(name, side));
    let count = 0;
    for (const { pid } of (await running.processes(signal))?.workers ?? []) {
      const sessions = parseSessions(await running.tell(pid, ["show sess"], signal));
      const its = sessions.filter(({ backend, server }) => server === unit && backends.includes(backend));
      count += its.length;
      // `shutdown sessions server` would be shorter, but not in a worker that a reload has left ("Proxy is disabled").
      const commands = its.map(({ session }) => `shutdown session ${session}`);
      await running.tell(pid, commands, signal);
    }
    return count;
  }

  async function samples(name: string, { signal }: Context): Promise<RequestSample[]> {
    const seen = await running.look(signal);
    if (!seen) return [];
    const rings = new Map<number, string>();
    for (const { pid } of seen.workers) rings.set(pid, await running.tell(pid, ["show events requests"], signal));
    const totals = memory.totals.take(seen);
    const its = new Set(Object.keys(viewsOf(seen, totals)[name]?.figures ?? {}));
    const units = new Map([...totals].filter(([unit]) => its.has(unit)));
    const before = memory.read.get(name);
    const since = samplesSince(before, { name, rings, units });
    memory.read.set(name, since.read);
    return since.samples;
  }

  return {
    runs: ({ signal }) => running.processes(signal),
    keep: ({ signal }) => running.keep(signal),
    versions: async ({ signal }) =>
      await versionsOf(host, await running.setup(signal), await running.look(signal), signal),
    ensure: ({ signal }) => memory.lane(() => ensureRunning(place, signal)),
    read,
    apply: (route, context) => memory.lane(() => apply(route, context)),
    restore: (stored, context) => memory.lane(() => restore(stored, context)),
    remove: (name, context) => memory.lane(() => remove(name, context)),
    cut,
    samples: (name, context) => memory.lane(() => samples(name, context)),
    upgrade: ({ signal }) => memory.lane(() => renew(place, signal)),
    stop: ({ signal }) => memory.lane(() => running.stop(signal)),
  };
}
