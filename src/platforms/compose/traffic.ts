import { ExternalError } from "../../core/errors.ts";
import type { Context, Target } from "../target.ts";
import type { RequestSample, RouteView, Traffic, WantedRoute } from "../traffic.ts";
import { addressesOf, isInternal, placesOf } from "./addresses.ts";
import { ensureNetwork } from "./docker/networks.ts";
import type { ProxyRoute } from "./haproxy/route.ts";
import { type Keeper, within } from "./keeper.ts";
import { portOf } from "./listening.ts";
import type { Place, Places } from "./places.ts";
import { recordedOf } from "./recorded.ts";
import { type Frame, frameOf, mergeViews, partOf, routeName, type Seen } from "./routes.ts";
import { networkName } from "./units.ts";
import { everywhere, reachable, switchAll } from "./waves.ts";

const LISTEN_MS = 10_000;
/** For a look that goes on without a host that is silent. */
const GLANCE_MS = 5_000;
/** To give a host its route back. Not cut short by what ended the work: that is when it is needed. */
const BACK_MS = 30_000;

type Listening = Pick<ProxyRoute, "listen" | "internal">;

/** As containers of the same environment call a service, through the proxy of their host. */
function peerUrl(service: string, port: number | undefined): string | undefined {
  return port === undefined ? undefined : `http://${service}${port === 80 ? "" : `:${port}`}`;
}

/** Routes at the proxies of all hosts, switched in waves: all have the new or none has it. */
export function createTraffic(
  places: Places,
  keeper: Keeper,
  now: () => number = Date.now,
): Traffic & { forget(host: string): void } {
  /** By host and route. Another process may change it, so it is not believed for long. */
  const listens = new Map<string, { frame: Listening | undefined; at: number }>();
  const gateways = new Map<string, { gateway: string; at: number }>();

  async function listenOf(place: Place, route: string, signal: AbortSignal): Promise<Listening | undefined> {
    const known = listens.get(`${place.name} ${route}`);
    if (known && now() - known.at < LISTEN_MS) return known.frame;
    const frame = (await place.storedRoutes(signal))[route];
    listens.set(`${place.name} ${route}`, { frame, at: now() });
    return frame;
  }

  async function look(place: Place, target: Target, context: Context): Promise<Seen | undefined> {
    const view = (await place.proxy.read(context))[routeName(target)];
    const frame = view && (await listenOf(place, routeName(target), context.signal));
    const [listen] = frame?.listen ?? [];
    if (!view || !listen) return undefined;
    const isOurs = isInternal(listen, { route: routeName(target), local: place.name === "local" });
    const inside = isOurs ? peerUrl(target.service, frame?.internal?.port) : undefined;
    return { host: place.name, view, inside, ...(await addressesOf(place, listen, context.signal)) };
  }

  /** What hosts told in a call that failed for another one, by route: the next call answers it. */
  const untold = new Map<string, RequestSample[]>();
  const each = <T>({ signal, quorum }: Context, work: (place: Place) => Promise<T>) =>
    everywhere(places.names(), async (name) => work(await places.at(name, signal)), quorum);

  async function read(target: Target, context: Context): Promise<RouteView | undefined> {
    const seen = await each(context, (place) => look(place, target, context));
    return mergeViews(seen.filter((item) => item !== undefined));
  }

  async function apply(target: Target, wanted: WantedRoute, context: Context): Promise<RouteView> {
    const name = routeName(target);
    const before = new Map<string, ProxyRoute | undefined>();
    const forth = (place: Place) =>
      place.alone(context, async (proxy, held) => {
        const stored = (await place.storedRoutes(held.signal))[name];
        before.set(place.name, stored);
        const frame = await frameFor(place, target, wanted, stored, held);
        await proxy.apply({ ...frame, ...partOf(name, wanted, place.name) }, held);
        listens.set(`${place.name} ${name}`, { frame, at: now() });
      });
    const back = async (host: string) => {
      const place = await places.at(host);
      if (!before.has(place.name)) return;
      const stored = before.get(place.name);
      const own = { ...context, signal: AbortSignal.timeout(BACK_MS) };
      await place.alone(own, async (proxy, held) => {
        await (stored ? proxy.restore(stored, held) : proxy.remove(name, held));
      });
      listens.delete(`${place.name} ${name}`);
    };
    // What takes the candidate away goes as far as it can; what brings it to users comes to all of them or to none.
    if (wanted.candidate.length === 0) await each(context, forth);
    else
      await switchAll(places.names(), {
        forth: async (host) => forth(await places.at(host, context.signal)),
        back,
        quorum: context.quorum,
      });
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
    if (!released && stored) {
      const { listen, internal, trusted, health } = stored;
      return { listen, internal, trusted, health };
    }
    if (!released)
      throw new ExternalError({
        code: "SM-ROUTE-UNKNOWN",
        message: `${name}: the proxy has no route for ${target.service}`,
        next: `deploy ${target.environment} again`,
      });
    const gateway = await gatewayOf({ docker, name }, target, signal);
    return frameOf(target.service, released, { gateway, port: await portOf(docker, released, signal) });
  }

  /** It stays what it is as long as the network is there; another process may take the environment off the host. */
  async function gatewayOf({ docker, name }: Pick<Place, "docker" | "name">, target: Target, signal: AbortSignal) {
    const { app, environment: env } = target;
    const known = gateways.get(name);
    if (known && now() - known.at < LISTEN_MS) return known.gateway;
    const gateway = await ensureNetwork(docker, networkName(target), { app, env, signal });
    gateways.set(name, { gateway, at: now() });
    return gateway;
  }

  return {
    /** An environment was taken off it: a network that is made again has another address. */
    forget(host: string): void {
      gateways.delete(host);
      listens.clear();
    },
    ensure: (report) => keeper.keep(report),
    read,
    async glance(target, context) {
      const seen = await reachable(places.names(), (name) =>
        within(name, GLANCE_MS, async (late) => {
          const signal = AbortSignal.any([context.signal, late]);
          return await look(await places.at(name, signal), target, { ...context, signal });
        }),
      );
      return mergeViews(seen.filter((item) => item !== undefined));
    },
    places: async (target, released) => {
      const { listen, spec } = recordedOf(released);
      const [first] = listen;
      const hosts = places.names().map(async (name) => ({ name, address: await places.address(name) }));
      const inside = peerUrl(target.service, spec.port ?? undefined);
      const known = await Promise.all(hosts);
      return first && placesOf(known, { listen: first, route: routeName(target), inside });
    },
    apply,
    async remove(target, context) {
      await each(context, (place) => place.alone(context, (proxy, held) => proxy.remove(routeName(target), held)));
      listens.clear();
      untold.delete(routeName(target));
    },
    async cut(target, unit, context) {
      const cut = await each(context, (place) => place.proxy.cut(routeName(target), unit, context));
      return cut.reduce((sum, count) => sum + count, 0);
    },
    async samples(target, context) {
      const name = routeName(target);
      const told = untold.get(name) ?? [];
      untold.set(name, told);
      await each(context, async (place) => void told.push(...(await place.proxy.samples(name, context))));
      untold.delete(name);
      return told;
    },
  };
}
