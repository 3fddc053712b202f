import { setTimeout as delay } from "node:timers/promises";
import type { HostRemains } from "../../contract/removal.ts";
import { ExternalError } from "../../core/errors.ts";
import type { Clearing, ReleaseRef } from "../platform.ts";
import type { Context, Target } from "../target.ts";
import { QUICK_MS } from "./docker/client.ts";
import { hasImage } from "./docker/images.ts";
import { anyOfOurs, listRemains, removeRemains, stopRemains } from "./docker/remains.ts";
import { type Place, sourcesIn, startingIn } from "./places.ts";
import { routeName } from "./routes.ts";

type Environment = Omit<Target, "service">;

/** For requests that are under way when their route goes. */
const DRAIN_MS = 30_000;
const POLL_MS = 200;

/** What an environment has on a host, `releases` being those that only it has. Looks only. */
export async function remainsOn(
  place: Place,
  target: Environment,
  { releases, signal }: { releases: readonly ReleaseRef[]; signal: AbortSignal },
): Promise<HostRemains> {
  const { docker, name } = place;
  const stored = Object.keys(await place.storedRoutes(signal));
  const routes = stored.filter((route) => isOf(target, route));
  const images: string[] = [];
  for (const image of new Set(releases.flatMap(imagesOf)))
    if (await hasImage(docker, image, signal)) images.push(image);
  return {
    host: name,
    routes,
    ...(await listRemains(docker, { app: target.app, env: target.environment, signal })),
    images,
    proxy: routes.length > 0 && routes.length === stored.length,
  };
}

/**
 * Takes an environment off a host: its routes get no new requests and those under way end, containers stop in their grace, then
 * they, networks and, if that is wanted, volumes are removed. The last one there takes proxy, clones and our folders along; the
 * gate's files stay, since a lock on a file without a name would exclude nobody. Idempotent.
 */
export async function vacate(
  place: Place,
  target: Environment,
  { volumes, graceMs }: Clearing,
  context: Context,
): Promise<void> {
  const { signal, generation } = context;
  await endRoutes(place, target, context);
  const { docker, units } = place.acting(generation);
  const remains = { app: target.app, env: target.environment, signal, volumes };
  const found = await units.list({ app: target.app, env: target.environment }, signal);
  await Promise.all(found.map(({ id, labels }) => units.stop(id, graceMs(labels?.service ?? ""), { signal })));
  await stopRemains(docker, remains);
  await removeRemains(docker, remains);
  await endProxy(place, context);
}

async function endRoutes(place: Place, target: Environment, context: Context): Promise<void> {
  const own = async () =>
    Object.values(await place.storedRoutes(context.signal)).filter(({ name }) => isOf(target, name));
  const routes = await own();
  if (routes.length === 0) return;
  if (await place.proxy.runs(context)) {
    for (const route of routes)
      await place.alone(context, (proxy, held) =>
        proxy.restore({ ...route, stable: [], candidate: [], share: 0, until: null, hold: null }, held),
      );
    await untilQuiet(
      place,
      routes.map(({ name }) => name),
      context,
    );
  }
  for (const { name } of routes) await place.alone(context, (proxy, held) => proxy.remove(name, held));
}

async function untilQuiet({ proxy }: Place, names: readonly string[], context: Context): Promise<void> {
  const end = performance.now() + DRAIN_MS;
  for (;;) {
    const seen = await proxy.read(context);
    const figures = names.flatMap((name) => Object.values(seen[name]?.figures ?? {}));
    if (figures.every(({ inflight }) => inflight === 0) || performance.now() > end) return;
    await delay(POLL_MS, undefined, { signal: context.signal });
  }
}

/** Under the lock of the proxy: another environment may be about to come. */
async function endProxy(place: Place, context: Context): Promise<void> {
  const { folder, name } = place;
  await place.alone(context, async (proxy, held) => {
    if (Object.keys(await place.storedRoutes(held.signal)).length > 0) return;
    await proxy.stop(held);
    const { host, docker } = place.acting(context.generation);
    if (await anyOfOurs(docker, held.signal)) return;
    const argv = ["rm", "-rf", "--", `${folder}/proxy`, sourcesIn(place), startingIn(place)];
    const { code, stderr } = await host.run(argv, { deadlineMs: QUICK_MS, signal: held.signal });
    if (code === 0) return;
    throw new ExternalError({
      code: "SM-REMOVE-FILES",
      message: `${name}: remove our files: ${stderr.trim()}`,
      next: `look at ${folder} there, and run it again`,
    });
  });
}

function isOf(target: Environment, route: string): boolean {
  return route.startsWith(routeName({ ...target, service: "" }));
}

function imagesOf({ services }: ReleaseRef): string[] {
  return Object.values(services).flatMap(({ recorded }) => {
    const image = recorded?.image;
    return typeof image === "string" ? [image] : [];
  });
}
