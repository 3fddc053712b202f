import { systemClock } from "../../../core/clock.ts";
import { ExternalError, UserError } from "../../../core/errors.ts";
import { viewRoute } from "./figures.ts";
import { type Listener, openListener } from "./listener.ts";
import type { Sample } from "./samples.ts";
import { loadState, type Route, type RouterState, saveState } from "./state.ts";
import { applyRoute, closeRoute, createRoute, everyTarget, type LiveRoute } from "./table.ts";
import type { RouterView, RouteView } from "./view.ts";

const LISTEN_AGAIN_MS = 1_000;

interface Entry {
  route: LiveRoute;
  /** Undefined while the port is taken by another program. */
  listener: Listener | undefined;
}

/** The router's use cases; changes are made one after the other, on disk first, then in the running tables. */
export interface Router {
  view(): RouterView;
  /** Makes the route so. `SM-ROUTER-PORT` when its address is taken; nothing has changed then. */
  put(name: string, wanted: Route): Promise<RouteView>;
  remove(name: string): Promise<void>;
  /** Two routes exchange their addresses; no connection is refused meanwhile. Both have to be listened for. */
  exchange(name: string, other: string): Promise<void>;
  /** Ends what still runs on a target, both sides; answers how many exchanges that were. */
  cut(name: string, targetId: string): number;
  /** The requests of a route that ended since the last call. */
  samples(name: string): Sample[];
  /** No more connections; answers under way may take `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Takes up the state file and listens for its routes. Throws `SM-ROUTER-STATE` when the file cannot be understood. */
export async function startRouter({
  stateFile,
  log,
}: {
  stateFile: string;
  log: (line: string) => void;
}): Promise<Router> {
  const entries = new Map<string, Entry>();
  const startedAt = new Date().toISOString();
  const lane = createLane();
  let timer: NodeJS.Timeout | undefined;

  const state = await loadState(stateFile);
  for (const [name, wanted] of Object.entries(state.routes))
    entries.set(name, { route: createRoute(name, wanted), listener: undefined });
  await listenAll();

  /** A route whose port is taken must not keep the others from working, nor be given up. */
  async function listenAll(): Promise<void> {
    const missing = [...entries.values()].filter((entry) => entry.listener === undefined);
    for (const entry of missing) {
      try {
        entry.listener = await openListener(entry.route, entry.route.wanted.listen);
        log(`route ${entry.route.name} listens on ${entry.listener.host}:${entry.listener.port}`);
      } catch (error) {
        if (!timer)
          log(
            `route ${entry.route.name}: ${error instanceof Error ? error.message : String(error)}; tried again every second`,
          );
      }
    }
    clearInterval(timer);
    timer = undefined;
    if (missing.some((entry) => entry.listener === undefined))
      timer = setInterval(() => void lane(listenAll), LISTEN_AGAIN_MS);
  }

  function snapshot(change: (routes: RouterState["routes"]) => void): RouterState {
    const routes = Object.fromEntries([...entries].map(([name, entry]) => [name, entry.route.wanted]));
    change(routes);
    return { version: 1, routes };
  }

  async function put(name: string, asked: Route): Promise<RouteView> {
    const known = entries.get(name);
    const entry = known ?? { route: createRoute(name, { ...asked, targets: [], hold: null }), listener: undefined };
    const place = placeOf(asked, known?.route.wanted);
    const current = entry.listener;
    const stays = current !== undefined && current.host === place.host && current.port === place.port;
    const listener = stays ? current : await openListener(entry.route, place);
    const wanted: Route = { ...asked, listen: { host: listener.host, port: listener.port } };
    try {
      await saveState(
        stateFile,
        snapshot((routes) => Object.assign(routes, { [name]: wanted })),
      );
    } catch (error) {
      if (!stays) void listener.close();
      throw error;
    }
    entries.set(name, entry);
    entry.listener = listener;
    applyRoute(entry.route, wanted);
    if (!stays) void current?.close();
    log(`route ${name} set: ${describe(wanted)}`);
    return viewRoute(entry.route, true);
  }

  async function remove(name: string): Promise<void> {
    const entry = found(name);
    await saveState(
      stateFile,
      snapshot((routes) => delete routes[name]),
    );
    entries.delete(name);
    closeRoute(entry.route);
    void entry.listener?.close();
    log(`route ${name} deleted`);
  }

  async function exchange(name: string, other: string): Promise<void> {
    const [one, two] = [found(name), found(other)];
    const [first, second] = [one.listener, two.listener];
    if (!first || !second)
      throw new ExternalError({
        code: "SM-ROUTER-PORT",
        message: `the address of ${first ? other : name} is taken by another program`,
        next: "free the port or choose another one",
        status: 409,
      });
    const at = ({ wanted }: LiveRoute, { host, port }: Listener): Route => ({ ...wanted, listen: { host, port } });
    const [wantedOne, wantedTwo] = [at(one.route, second), at(two.route, first)];
    await saveState(
      stateFile,
      snapshot((routes) => Object.assign(routes, { [name]: wantedOne, [other]: wantedTwo })),
    );
    Object.assign(one, { listener: second });
    Object.assign(two, { listener: first });
    applyRoute(one.route, wantedOne);
    applyRoute(two.route, wantedTwo);
    second.serve(one.route);
    first.serve(two.route);
    log(`routes ${name} and ${other} exchanged addresses: ${second.port}, ${first.port}`);
  }

  function found(name: string): Entry {
    const entry = entries.get(name);
    if (entry) return entry;
    throw new UserError({
      code: "SM-ROUTER-UNKNOWN",
      message: `the router has no route ${name}`,
      next: "GET /state lists the routes",
    });
  }

  return {
    view: () => ({
      version: 1,
      pid: process.pid,
      startedAt,
      routes: Object.fromEntries(
        [...entries].map(([name, { route, listener }]) => [name, viewRoute(route, listener !== undefined)]),
      ),
    }),
    put: (name, wanted) => lane(() => put(name, wanted)),
    remove: (name) => lane(() => remove(name)),
    exchange: (name, other) => lane(() => exchange(name, other)),
    cut(name, targetId) {
      const ends = everyTarget(found(name).route)
        .filter((target) => target.id === targetId)
        .flatMap((target) => [...target.running]);
      for (const end of ends) end();
      log(`route ${name}: ${ends.length} connections of ${targetId} cut`);
      return ends.length;
    },
    samples: (name) => found(name).route.samples.take(),
    async stop(graceMs) {
      clearInterval(timer);
      const closing = [...entries.values()].map(({ listener }) => listener?.close());
      for (const { route } of entries.values()) closeRoute(route);
      await Promise.race([Promise.all(closing), systemClock.sleep(graceMs)]);
    },
  };
}

/** Port 0 keeps the port that an earlier choice gave to this route. */
function placeOf(asked: Route, known: Route | undefined): { host: string; port: number } {
  if (asked.listen.port === 0 && known && known.listen.host === asked.listen.host) return known.listen;
  return asked.listen;
}

function describe({ targets, share, until, hold }: Route): string {
  const list =
    targets.map((target) => `${target.id} (${target.role}${target.drain ? ", drain" : ""})`).join(", ") || "no target";
  const grant = share > 0 ? `, share ${share} %${until === null ? "" : ` until ${new Date(until).toISOString()}`}` : "";
  return `${list}${grant}${hold ? `, hold until ${new Date(hold.until).toISOString()}` : ""}`;
}

/** Runs one task after the other, in the order they came. */
function createLane(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}
