import { ExternalError } from "../../core/errors.ts";
import type { Context, RouteView, Target, Traffic, WantedRoute } from "../platform.ts";
import { addressesOf } from "./addresses.ts";
import { ensureNetwork } from "./docker/networks.ts";
import type { ProxyRoute } from "./haproxy/route.ts";
import type { Keeper } from "./keeper.ts";
import type { Place, Places } from "./places.ts";
import type { Listen } from "./recorded.ts";
import { type Frame, frameOf, mergeViews, partOf, routeName, type Seen } from "./routes.ts";
import { networkName } from "./units.ts";
import { everywhere, switchAll } from "./waves.ts";

const LISTEN_MS = 10_000;
/** To give a host its route back. Not cut short by what ended the work: that is when it is needed. */
const BACK_MS = 30_000;

/** Routes at the proxies of all hosts, switched in waves: all have the new or none has it. */
export function createTraffic(places: Places, keeper: Keeper, now: () => number = Date.now): Traffic {
  /** By host and route. Another process may change it, so it is not believed for long. */
  const listens = new Map<string, { listen: Listen | undefined; at: number }>();
  const gateways = new Map<string, string>();

  async function listenOf(place: Place, route: string, signal: AbortSignal): Promise<Listen | undefined> {
    const known = listens.get(`${place.name} ${route}`);
    if (known && now() - known.at < LISTEN_MS) return known.listen;
    const [listen] = (await place.storedRoutes(signal))[route]?.listen ?? [];
    listens.set(`${place.name} ${route}`, { listen, at: now() });
    return listen;
  }

  async function look(place: Place, target: Target, context: Context): Promise<Seen | undefined> {
    const view = (await place.proxy.read(context))[routeName(target)];
    const listen = view && (await listenOf(place, routeName(target), context.signal));
    return listen && { host: place.name, view, ...(await addressesOf(place, listen, context.signal)) };
  }

  async function read(target: Target, context: Context): Promise<RouteView | undefined> {
    const seen = await everywhere(await places.all(context.signal), (place) => look(place, target, context));
    return mergeViews(seen.filter((item) => item !== undefined));
  }

  async function apply(target: Target, wanted: WantedRoute, context: Context): Promise<RouteView> {
    const all = await places.all(context.signal);
    const name = routeName(target);
    const before = new Map<string, ProxyRoute | undefined>();
    const forth = (place: Place) =>
      place.alone(context, async (proxy, held) => {
        const stored = (await place.storedRoutes(held.signal))[name];
        before.set(place.name, stored);
        const frame = await frameFor(place, target, wanted, stored, held);
        await proxy.apply({ ...frame, ...partOf(name, wanted, place.name) }, held);
        listens.set(`${place.name} ${name}`, { listen: frame.listen[0], at: now() });
      });
    const back = async (place: Place) => {
      if (!before.has(place.name)) return;
      const stored = before.get(place.name);
      const own = { ...context, signal: AbortSignal.timeout(BACK_MS) };
      await place.alone(own, async (proxy, held) => {
        await (stored ? proxy.restore(stored, held) : proxy.remove(name, held));
      });
      listens.delete(`${place.name} ${name}`);
    };
    // What takes the candidate away goes as far as it can; what brings it to users comes to all of them or to none.
    if (wanted.candidate.length === 0) await everywhere(all, forth);
    else await switchAll(all, { forth, back });
    const view = await read(target, context);
    if (view) return view;
    throw new ExternalError({
      code: "SM-ROUTE-READBACK",
      message: `${target.service}: the proxies do not know the route they were given`,
      next: "run stationmaster doctor",
    });
  }

  async function frameFor(
    { docker, name }: Place,
    target: Target,
    { released }: WantedRoute,
    stored: Frame | undefined,
    { signal }: Context,
  ): Promise<Frame> {
    if (!released && stored) return { listen: stored.listen, internal: stored.internal, health: stored.health };
    if (!released)
      throw new ExternalError({
        code: "SM-ROUTE-UNKNOWN",
        message: `${name}: the proxy has no route for ${target.service}`,
        next: `deploy ${target.environment} again`,
      });
    return frameOf(target.service, released, await gatewayOf({ docker, name }, target, signal));
  }

  /** It stays what it is as long as the network is there, and a network with containers cannot be removed. */
  async function gatewayOf({ docker, name }: Pick<Place, "docker" | "name">, target: Target, signal: AbortSignal) {
    const { app, environment: env } = target;
    const known = gateways.get(name);
    if (known) return known;
    const gateway = await ensureNetwork(docker, networkName(target), { app, env, signal });
    gateways.set(name, gateway);
    return gateway;
  }

  return {
    ensure: (report) => keeper.keep(report),
    read,
    apply,
    async remove(target, context) {
      await everywhere(await places.all(context.signal), (place) =>
        place.alone(context, (proxy, held) => proxy.remove(routeName(target), held)),
      );
      listens.clear();
    },
    async cut(target, unit, context) {
      const all = await places.all(context.signal);
      const cut = await everywhere(all, (place) => place.proxy.cut(routeName(target), unit, context));
      return cut.reduce((sum, count) => sum + count, 0);
    },
    async samples(target, context) {
      const all = await places.all(context.signal);
      return (await everywhere(all, (place) => place.proxy.samples(routeName(target), context))).flat();
    },
  };
}
