import type { ServiceConfig } from "../config/schema.ts";
import { isDeadHolder, isRestart } from "../deploy/holder.ts";
import { currentRelease } from "../deploy/request.ts";
import { unitRef } from "../deploy/run.ts";
import { readLease } from "../store/leases.ts";
import { findRelease } from "../store/releases.ts";
import { unfinishedRollouts } from "../store/rollouts.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import { mostEnds } from "../store/unit-ends.ts";
import { liveUnits } from "../store/units.ts";
import type { PlannedOutage } from "../watch/judge.ts";
import type { HostReach, ProcessCount, ProcessLookup } from "../watch/types.ts";
import { lookAtContainer } from "./containers.ts";
import type { Engine } from "./engine.ts";
import { lookAtProcess } from "./processes.ts";
import { createRestartCounter, RESTART_WINDOW_MS } from "./restart-counter.ts";

/**
 * What each service runs: the release of its units, which need not be the newest after a rollout that failed or got stuck;
 * without units that of the last rollout that succeeded. Nothing of it comes from the manifest.
 */
export async function servedServices(engine: Engine): Promise<Record<string, ReleasedService>> {
  const { store, manifest, environment } = engine;
  const app = manifest.project;
  const current = await currentRelease(engine);
  const served = { ...current?.services };
  for (const { service, role, state, release } of await liveUnits(store.db, { app, env: environment })) {
    if (role !== "stable" || state === "draining") continue;
    const known = release === current?.name ? current : await findRelease(store.db, app, release);
    const released = known?.services[service];
    if (released) served[service] = released;
  }
  return served;
}

/** The services and stores that a service needs, by its own word or since it is told their address. */
export function dependenciesOf(
  { services }: { services: Record<string, Pick<ServiceConfig, "depends_on" | "env">> },
  name: string,
): string[] {
  const { depends_on = [], env = {} } = services[name] ?? {};
  const told = Object.values(env).flatMap((text) =>
    [...text.matchAll(/\$\{(?:store|service):([^}]+)\}/g)].map(([, other = ""]) => other),
  );
  return [...new Set([...depends_on, ...told])].filter((other) => other !== name);
}

/** Every text inside a value. */
export function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return value && typeof value === "object" ? Object.values(value).flatMap(strings) : [];
}

/** Whether a rollout or a restart works on the environment right now, or was interrupted and goes on soon. */
export async function isBeingChanged(engine: Engine): Promise<boolean> {
  return (await changeUnderWay(engine)) !== null;
}

/** What works on the environment right now, or was interrupted and goes on soon; null when nothing does. */
export async function changeUnderWay({
  store,
  manifest,
  environment,
}: Engine): Promise<"deployment" | "restart" | null> {
  const place = { app: manifest.project, env: environment };
  if ((await unfinishedRollouts(store.db, place)).length > 0) return "deployment";
  const lease = await readLease(store.db, place);
  if (lease === undefined || lease.manual || lease.expired || (await isDeadHolder(lease.holder))) return null;
  return isRestart(lease.holder) ? "restart" : "deployment";
}

/**
 * Whose checks fail right now as planned: `recreate` holds requests, also those of services that call the one it replaces, but none of a
 * worker; what a rollout takes away is asked until its end.
 */
export async function plannedOutage({ store, manifest, environment }: Engine): Promise<PlannedOutage> {
  const rollouts = await unfinishedRollouts(store.db, { app: manifest.project, env: environment });
  const holds = rollouts.some(
    ({ plan, state }) =>
      state === "SHIFTING" &&
      plan.services.some(
        ({ service, strategy, action }) =>
          strategy === "recreate" && action === "replace" && manifest.services[service]?.kind !== "worker",
      ),
  );
  const gone = rollouts.flatMap(({ plan, state }) =>
    state === "DRAINED" ? plan.services.filter(({ action }) => action === "remove").map(({ service }) => service) : [],
  );
  return (service) => {
    if (holds) return "not judged: a rollout holds requests while it replaces a service";
    return service !== null && gone.includes(service) ? "not judged: a rollout takes the service away" : null;
  };
}

/**
 * How many replicas of a service live, and how many should: those of its release, however many there are at the moment; on one
 * host where one is named. Of the infrastructure there is one of each part on a host.
 */
export function processLookup(engine: Engine): ProcessLookup {
  const restarts = createRestartCounter();
  return async ({ process: service, host, infrastructure }, signal) => {
    const now = engine.clock.monotonic();
    if (typeof service !== "string")
      return "container" in service
        ? await lookAtContainer(engine, service, { restarts, now, signal })
        : await lookAtProcess(service, { restarts, now, signal });
    if (infrastructure) return await lookAtPart(engine, { name: service, host: host ?? "" }, signal);
    const { store, manifest, environment, platform } = engine;
    // Asked first: a restart that ends meanwhile has taken units away that are looked at below.
    const exchanging = await isBeingChanged(engine);
    // Of both roles: after a rollout that got stuck the candidate may be what users have.
    const units = (await liveUnits(store.db, { app: manifest.project, env: environment })).filter(
      (unit) =>
        unit.service === service && unit.state === "running" && (host === undefined || unit.address.host === host),
    );
    const looks = await Promise.all(units.map((unit) => platform.observe(unitRef(unit), { signal })));
    const alive = looks.filter((look) => look.alive).length;
    const replicas = (await servedServices(engine))[service]?.replicas;
    const wanted =
      replicas === undefined ? units.length : replicas * (host === undefined ? (platform.hosts?.().length ?? 1) : 1);
    const exit = looks.find((look) => !look.alive)?.exit;
    const detail = exit ? `ended (${exit.signal ?? `exit ${exit.code}`})` : null;
    // Those that a replica made by itself, and where one is missing also those that were made for it.
    const own = looks.map((look, index) => restarts.note(units[index]?.id ?? "", look.restarts ?? 0, now));
    const release = units[0]?.release;
    const since = new Date(engine.clock.now() - RESTART_WINDOW_MS);
    const place = {
      app: manifest.project,
      env: environment,
      service,
      release,
      since,
      ...(host === undefined ? {} : { host }),
    };
    const ends = alive < wanted && !exchanging ? await mostEnds(store.db, place) : 0;
    return { alive, expected: wanted, detail, exchanging, restarts: Math.max(ends, ...own) };
  };
}

async function lookAtPart(
  { platform }: Engine,
  { name, host }: { name: string; host: string },
  signal: AbortSignal,
): Promise<ProcessCount> {
  const { alive = false, detail = null } = (await platform.infrastructure?.look(name, host, { signal })) ?? {};
  return { alive: alive ? 1 : 0, expected: 1, detail };
}

/** Ways to addresses on the loopback of hosts, as to units there. */
export function hostReach({ platform, manifest, environment }: Engine): HostReach {
  return async (host, port, signal) => {
    const target = { app: manifest.project, environment, service: "" };
    return (await platform.reach?.({ id: "", target, address: { host, port } }, { signal })) ?? port;
  };
}
