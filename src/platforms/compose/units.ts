import type { UnitAddress } from "../../store/tables/unit.ts";
import type { ObservedUnit, StartRequest, UnitRef } from "../platform.ts";
import type { Context, Target } from "../target.ts";
import { ensureNetwork } from "./docker/networks.ts";
import type { StartUnit } from "./docker/units.ts";
import { portOf } from "./listening.ts";
import type { Places } from "./places.ts";
import { recordedOf } from "./recorded.ts";

const ONCE_MS = 15 * 60_000;

/** Containers of an environment are called after it, so that people find them and two applications never meet. */
export function containerName({ app, environment }: Omit<Target, "service">, unit: string): string {
  return `${app}-${environment}-${unit}`;
}

/** The network that the containers of an environment share on each host. */
export function networkName({ app, environment }: Omit<Target, "service">): string {
  return `stationmaster-${app}-${environment}`;
}

/** Starts a unit on the host it was asked for; one that is there already under its id is taken over. */
export async function startUnit(
  places: Places,
  request: StartRequest,
  { preview, ...context }: Context & { preview: boolean },
): Promise<UnitAddress> {
  const place = await placeOf(places, request.host);
  const { units } = place.acting(context.generation);
  const unit = await unitOf(places, request, context);
  const labels = preview ? { ...unit.labels, role: "preview" as const } : unit.labels;
  const { port } = await units.start({ ...unit, labels }, context.signal);
  return { host: place.name, ...(port === null ? {} : { port }) };
}

/** Runs one command to its end in a container of the release on the first host. */
export async function runOnce(
  places: Places,
  request: StartRequest & { argv: readonly string[] },
  context: Context,
): Promise<{ code: number | null; output: string }> {
  const place = await placeOf(places, request.host);
  const { units } = place.acting(context.generation);
  const unit = await unitOf(places, request, context);
  const labels = { ...unit.labels, role: "migration" as const };
  const options = { deadlineMs: ONCE_MS, signal: context.signal };
  return await units.once({ ...unit, labels, port: null, argv: request.argv }, options);
}

/** Whether it runs, and how it ended; the port is in its labels, so it is found again when only the id is known. */
export async function observeUnit(places: Places, unit: UnitRef, { signal }: Context): Promise<ObservedUnit> {
  const names = unit.address.host === undefined ? places.names() : [unit.address.host];
  for (const name of names) {
    const place = await places.at(name);
    const container = containerName(unit.target, unit.id);
    const seen = (await place.units.inspect([container], signal)).get(container);
    if (!seen) continue;
    const address = { ...unit.address, host: name, ...(seen.port === null ? {} : { port: seen.port }) };
    return { alive: seen.alive, exit: seen.lastExit, address, restarts: seen.restarts };
  }
  return { alive: false, exit: null, address: unit.address };
}

async function placeOf(places: Places, host: string | undefined) {
  return await places.at(places.home(host));
}

async function unitOf(
  places: Places,
  { id, target, release, environment, labels, host }: StartRequest,
  { signal }: Context,
): Promise<StartUnit> {
  const service = release.services[target.service];
  if (!service) throw new Error(`release ${release.name} has no service ${target.service}`);
  const { spec, image, project } = recordedOf(service);
  const { docker } = await placeOf(places, host);
  const port = await portOf(docker, service, signal);
  const network = networkName(target);
  const gateway = await ensureNetwork(docker, network, { app: target.app, env: target.environment, signal });
  const behindProxy = Object.entries(release.services).filter(
    ([name, { kind }]) => kind === "http" && name !== target.service,
  );
  return {
    id: containerName(target, id),
    spec,
    image,
    port,
    environment: {
      ...environment,
      ...(port === null ? {} : { PORT: String(port) }),
      RELEASE: release.name,
      SERVICE: target.service,
      ENVIRONMENT: target.environment,
    },
    labels: {
      app: target.app,
      env: target.environment,
      service: target.service,
      unit: containerName(target, id),
      release: release.name,
      ...labels,
    },
    network,
    project,
    addHosts: Object.fromEntries(behindProxy.map(([name]) => [name, gateway])),
  };
}
