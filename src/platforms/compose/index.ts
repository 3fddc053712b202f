import type { LogLine } from "../../contract/requests.ts";
import { toKnownError, UserError } from "../../core/errors.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { MovingPlatform, PlatformOptions, UnitRef } from "../platform.ts";
import type { Context, Target } from "../target.ts";
import { holdsImages, storeId } from "./bring.ts";
import { lookAtContainer } from "./container.ts";
import { describeService } from "./describe.ts";
import { dockerVersion } from "./docker/host-facts.ts";
import { pruneImages } from "./docker/images.ts";
import { prunePulled } from "./docker/pulled.ts";
import { removeRemains, stopRemains } from "./docker/remains.ts";
import { hostRows } from "./facts.ts";
import { holdAll, insideGate } from "./gates.ts";
import { proxyFinding } from "./haproxy/version.ts";
import { createInfrastructure } from "./infrastructure.ts";
import { insideAddress } from "./inside.ts";
import { createKeeper } from "./keeper.ts";
import { createPlaces } from "./places.ts";
import { prepareHosts } from "./prepare.ts";
import type { ComposeProject } from "./project-file.ts";
import { refuseSameMachine } from "./same-machine.ts";
import { createTraffic } from "./traffic.ts";
import { containerName, observeUnit, runOnce, startUnit } from "./units.ts";
import { createUsage } from "./usage.ts";
import { usesOf } from "./uses.ts";
import { remainsOn, vacate } from "./vacate.ts";
import { everywhere, reachable } from "./waves.ts";

/** Containers on hosts reached over SSH, or on the Docker engine of this machine, behind HAProxy. */
export function createCompose(options: PlatformOptions): MovingPlatform {
  const { app, environment, stateDir } = options;
  const project = () => composeProject(options);
  const gateKey = (target: Omit<Target, "service">) => `${target.app}-${target.environment}`;
  const key = gateKey({ app, environment });
  const places = createPlaces({ settings: () => project().settings, key, stateDir });
  const keeper = createKeeper(places);
  const traffic = createTraffic(places, keeper);
  const usage = createUsage(async (name, containers, signal) =>
    (await places.at(name, signal)).units.usage(containers, signal),
  );
  const home = async ({ address, target, id }: UnitRef) => ({
    place: await places.at(places.home(address.host)),
    container: containerName(target, id),
  });

  async function connect(context: Context): Promise<void> {
    const { signal } = context;
    await reachable(places.names(), async (name) => dockerVersion((await places.at(name, signal)).docker, signal));
    await keeper.ready(context);
  }

  async function withRemains(
    target: Omit<Target, "service">,
    { signal, generation }: Context,
    work: typeof removeRemains,
  ): Promise<void> {
    const remains = { app: target.app, env: target.environment, signal };
    await everywhere(await places.all(), ({ acting }) => work(acting(generation).docker, remains));
  }

  return {
    id: "compose",
    cutover: "ours",
    hosts: places.names,
    connect,
    observe: (unit, context) => observeUnit(places, unit, context),
    prepare: async (release, services, context) => {
      const preparation = { project: project(), places: await places.all(), app, environment, stateDir };
      return await prepareHosts(preparation, release, services, context);
    },
    start: (request, context) =>
      startUnit(places, request, { ...context, preview: project().settings.per !== undefined }),
    once: (request, context) => runOnce(places, request, context),
    stop: async (unit, graceMs, { signal, generation }, keep) => {
      const { place, container } = await home(unit);
      return await place.acting(generation).units.stop(container, graceMs, { signal, keep });
    },
    prune: async (keep, { signal, generation, quorum }) => {
      const images = keep.flatMap(({ services }) => Object.values(services)).flatMap(imageOf);
      const wanted = { app, store: storeId(stateDir), keep: images, signal };
      const prune = async (name: string) => {
        const { docker } = (await places.at(name, signal)).acting(generation);
        await pruneImages(docker, wanted);
        await prunePulled(docker, wanted);
      };
      await everywhere(places.names(), prune, quorum);
    },
    holds: async (release) => await holdsImages(release, { project: project(), places: await places.all() }),
    describe: (service, context) => describeService(service, { project: project(), places, app, environment }, context),
    reach: async (unit, { signal }) => {
      const { place } = await home(unit);
      return await place.host.forwardPort(unit.address.port ?? 0, signal);
    },
    inside: (address, context) => insideAddress({ project: project(), places, app, environment }, address, context),
    fence: {
      atLeast: async (target, { signal }) => {
        const all = await reachable(places.names(), async (name) =>
          (await places.at(name, signal)).gate.generation(gateKey(target), signal),
        );
        return Math.max(0, ...all);
      },
      hold: async (target, generation, { signal }) =>
        await holdAll(
          places.names().map((name) => () => places.at(name, signal)),
          gateKey(target),
          generation,
          signal,
        ),
    },
    facts: async (release, services, { signal }) => {
      const all = await places.all();
      await refuseSameMachine(all, signal);
      return await hostRows(all, { release, services, signal });
    },
    uses: usesOf,
    inventory: async (target, { signal }) => {
      const labels = { app: target.app, env: target.environment };
      const found = await everywhere(await places.all(), async ({ name, units }) =>
        (await units.list(labels, signal)).map((state) => ({
          id: state.id.slice(containerName(target, "").length),
          host: name,
          labels: Object.fromEntries(
            Object.entries(state.labels ?? {}).map(([label, value]) => [label, String(value)]),
          ),
        })),
      );
      return found.flat();
    },
    logs: {
      tail: async (unit, lines) => {
        const { place, container } = await home(unit);
        return (await place.units.tail(container, lines)).map((line) => ({ ...line, replica: unit.id }));
      },
      follow: async (unit, follow) => {
        const { place, container } = await home(unit);
        const onLine = (line: LogLine) => follow.onLine({ ...line, replica: unit.id });
        await place.units.follow(container, { ...follow, onLine });
      },
      // The engine rotates its logs by itself.
      rotate: async () => {},
      firstEnd: async (unit, lines, { signal }) => {
        const { place, container } = await home(unit);
        return await place.units.firstEnd(container, lines, signal);
      },
    },
    metrics: async (units) => {
      const byHost = [...Map.groupBy(units, ({ address }) => places.home(address.host))];
      const all = await reachable(byHost, async ([name, list]) => {
        const containers = new Map(list.map(({ target, id }) => [containerName(target, id), id]));
        const found = await usage(name, [...containers.keys()]);
        return [...containers].flatMap(([container, id]) => {
          const its = found.get(container);
          return its ? [[id, its] as const] : [];
        });
      });
      return new Map(all.flat());
    },
    remains: {
      stop: (target, context) => withRemains(target, context, stopRemains),
      remove: (target, context) => withRemains(target, context, removeRemains),
    },
    vacate: {
      look: async (target, host, releases, { signal }) =>
        await remainsOn(await places.at(host, signal), target, { releases, signal }),
      clear: async (target, host, clearing, context) => {
        const place = await places.at(host, context.signal);
        await insideGate(place, { key: gateKey(target), held: places.names().includes(host) }, context, (inside) =>
          vacate(place, target, clearing, inside),
        );
        traffic.forget(host);
      },
    },
    infrastructure: createInfrastructure(places, { app, environment }),
    container: async (name, host, { signal }) =>
      await lookAtContainer((await places.at(host, signal)).docker, name, signal),
    examine: async (context) =>
      await Promise.all(
        places.names().map(async (name) => {
          try {
            const { docker, proxy } = await places.at(name, context.signal);
            const version = await dockerVersion(docker, context.signal);
            const { detail, next } = proxyFinding(await proxy.versions(context));
            return { name: `host ${name}`, state: "ok" as const, detail: `docker ${version}, ${detail}`, next };
          } catch (error) {
            const { message, next = null } = toKnownError(error);
            return { name: `host ${name}`, state: "failed" as const, detail: message, next };
          }
        }),
      ),
    traffic,
    close: () => places.close(),
  };
}

/** Releases of other platforms have none. */
function imageOf({ recorded }: ReleasedService): string[] {
  const image = recorded?.image;
  return typeof image === "string" ? [image] : [];
}

function composeProject({ project, environment }: PlatformOptions): ComposeProject {
  const { settings, ...rest } = project();
  if (settings.platform === "compose") return { ...rest, settings };
  throw new UserError({
    code: "SM-ENVIRONMENT-PLATFORM",
    message: `${environment} was on the platform compose and is on ${settings.platform} now`,
    next: "give the new environment another name, and move over when it runs",
  });
}
