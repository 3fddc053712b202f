import { type Check, hostOf } from "../contract/check.ts";
import type { InfrastructurePart, Replica, Service, ServiceHost } from "../contract/service.ts";
import type { Context } from "../platforms/target.ts";
import type { RouteView } from "../platforms/traffic.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import type { Engine } from "./engine.ts";
import { infrastructureParts } from "./infrastructure.ts";
import { serviceHost } from "./service-state.ts";

/** Of each service, where there is one. */
export type Routes = ReadonlyMap<string, RouteView | undefined>;

/** A host that does not answer is told with its replicas; all others are there. */
export async function routesOf(
  { platform, manifest, environment }: Engine,
  services: readonly string[],
  context: Context,
): Promise<Routes> {
  const { glance, read } = platform.traffic;
  const looks = services.map(async (service) => {
    const target = { app: manifest.project, environment, service };
    return [service, await (glance ?? read)(target, context).catch(() => undefined)] as const;
  });
  return new Map(await Promise.all(looks));
}

/** What people are told: an address that is there for more than the time of this command. */
export async function addressOf(
  { platform, manifest, environment }: Engine,
  service: string,
  { released, route }: { released: ReleasedService | undefined; route: RouteView | undefined },
): Promise<Pick<Service, "url" | "internal">> {
  const target = { app: manifest.project, environment, service };
  const places = released && (await platform.traffic.places?.(target, released));
  if (!places) return { url: route?.url ?? null };
  if (!places.internal) return { url: places.url };
  return { url: route?.inside ?? places.url, internal: true };
}

/** How a service is on each host; undefined where there is one place without a name. */
export function hostsOf(
  { platform }: Engine,
  {
    serving,
    replicas,
    checks,
  }: { serving: readonly { replica: Replica }[]; replicas: number; checks: readonly Check[] },
): ServiceHost[] | undefined {
  const hosts = platform.hosts?.();
  return hosts?.map((host) =>
    serviceHost({
      host,
      expected: replicas,
      replicas: serving.filter(({ replica }) => replica.host === host).map(({ replica }) => replica),
      verdicts: checks
        .filter(({ id }) => (hosts.length > 1 ? hostOf(id) === host : true))
        .map(({ verdict }) => verdict),
    }),
  );
}

/** What runs besides services, as the hosts that answer say. */
export async function lookAtParts(engine: Engine, context: Context): Promise<InfrastructurePart[]> {
  const { platform } = engine;
  const names = Object.keys(await infrastructureParts(engine));
  const look = async (name: string, host: string) => {
    const seen = await platform.infrastructure?.look(name, host, context).catch(() => undefined);
    if (!seen) return { host, state: "unknown" as const, detail: "the host does not answer" };
    return { host, state: seen.alive ? ("healthy" as const) : ("down" as const), detail: seen.detail };
  };
  const hosts = platform.hosts?.() ?? [];
  return await Promise.all(
    names.map(async (name) => ({ name, hosts: await Promise.all(hosts.map((host) => look(name, host))) })),
  );
}
