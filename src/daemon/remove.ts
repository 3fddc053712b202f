import type { HostLeft, Removal, RemovalPlan } from "../contract/removal.ts";
import { ExternalError, isLost, toKnownError, UserError } from "../core/errors.ts";
import { takeEnvironment, withLease } from "../deploy/holder.ts";
import { isPreviewName } from "../deploy/previews/names.ts";
import { currentRelease } from "../deploy/request.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Context } from "../platforms/target.ts";
import { releasesOf } from "../store/previews.ts";
import { keptReleases } from "../store/releases.ts";
import { setState } from "../store/rollouts.ts";
import { liveUnits, updateUnit, writtenOffUnits } from "../store/units.ts";
import type { Engine } from "./engine.ts";
import { forgetReleases } from "./preview-effects.ts";
import { emptyQueue } from "./queue.ts";
import { finish, refuseBusy } from "./rollouts.ts";

const LOOK_MS = 60_000;
const REMOVE_MS = 10 * 60_000;
const GRACE_MS = 10_000;
const REMOVED = { state: "FAILED", reason: "SM-ROLLOUT-REMOVED: the environment was taken off its hosts" } as const;

/** What it means to take the environment off its hosts, those that were taken out of the manifest too. Changes nothing. */
export async function planRemoval(engine: Engine, { volumes }: { volumes: boolean }): Promise<RemovalPlan> {
  const { store, manifest, environment } = engine;
  const platform = vacatable(engine);
  const own = await releasesOf(store.db, { app: manifest.project, env: environment });
  const releases = (await keptReleases(store.db, manifest.project)).filter(({ name }) => own.includes(name));
  const names = await hostsOf(engine);
  const context = { signal: AbortSignal.timeout(LOOK_MS) };
  const ends = await eachHost(names, (host) => platform.look(targetOf(engine), host, releases, context));
  return { environment, volumes, hosts: ends.done.map(({ value }) => value), away: ends.left };
}

/**
 * Takes the environment off its hosts, as far as they answer, under the lease and their gates. What was cut off or is left is
 * finished by another call; see `incomplete`.
 */
export async function removeEnvironment(engine: Engine, plan: RemovalPlan, actor: string): Promise<Removal> {
  const { deploy, deployer, environment } = engine;
  const { volumes } = plan;
  vacatable(engine);
  const unended: string[] = [];
  for (const { id } of await deployer.abandoned(environment)) {
    await deployer.abort(id, actor);
    await finish(engine, id).catch((error: unknown) => {
      // What it waits for does not answer: it ends with the environment.
      if (!isLost(error)) throw error;
      unended.push(id);
    });
  }
  const lease = await takeEnvironment(deploy, environment, "tidy");
  if (!lease) throw await refuseBusy(engine);
  await engine.audit({ actor, action: "environment.removing", subject: environment, detail: { volumes } });
  const { removed, left } = await withLease(deploy, lease, AbortSignal.timeout(REMOVE_MS), {
    work: async (signal, leaseSignal) => {
      // The next daemon would bring it all back.
      await emptyQueue(engine, actor);
      for (const id of unended) await setState(engine.store.db, lease, id, { ...REMOVED, finished: true });
      const context = { signal, generation: lease.generation };
      return await clearHosts(engine, { volumes, context, leaseSignal });
    },
  });
  const detail = { volumes, removed, left };
  await engine.audit({ actor, action: "environment.removed", subject: environment, detail });
  return { ...plan, removed, left };
}

async function clearHosts(
  engine: Engine,
  { volumes, context, leaseSignal }: { volumes: boolean; context: Context; leaseSignal: AbortSignal },
): Promise<{ removed: string[]; left: HostLeft[] }> {
  const platform = vacatable(engine);
  const services = (await currentRelease(engine))?.services ?? {};
  const clearing = { volumes, graceMs: (service: string) => services[service]?.graceMs ?? GRACE_MS };
  const { done, left } = await eachHost(await hostsOf(engine), async (host) => {
    await platform.clear(targetOf(engine), host, clearing, context);
    await markStopped(engine, host);
  });
  leaseSignal.throwIfAborted();
  // Images are looked at on all hosts, so they go with the last of them.
  if (left.length === 0) await forgetReleases(engine, context);
  return { removed: done.map(({ host }) => host), left };
}

/** Of the manifest, of units that have not stopped, and of those that were written off. */
async function hostsOf({ store, platform, manifest, environment }: Engine): Promise<string[]> {
  const place = { app: manifest.project, env: environment };
  const units = [...(await liveUnits(store.db, place)), ...(await writtenOffUnits(store.db, place))];
  return [...new Set([...(platform.hosts?.() ?? []), ...units.flatMap(({ address }) => address.host ?? [])])].sort();
}

async function markStopped({ store, manifest, environment }: Engine, host: string): Promise<void> {
  const place = { app: manifest.project, env: environment };
  for (const { id, address } of [...(await liveUnits(store.db, place)), ...(await writtenOffUnits(store.db, place))]) {
    if (address.host !== host) continue;
    const { writtenOff: _, ...rest } = address;
    await updateUnit(store.db, id, { state: "stopped", stoppedAt: new Date(), address: rest });
  }
}

async function eachHost<T>(
  hosts: readonly string[],
  work: (host: string) => Promise<T>,
): Promise<{ done: { host: string; value: T }[]; left: HostLeft[] }> {
  const ends = await Promise.allSettled(hosts.map(work));
  return {
    done: ends.flatMap((end, index) =>
      end.status === "fulfilled" ? [{ host: hosts[index] ?? "", value: end.value }] : [],
    ),
    left: ends.flatMap((end, index) =>
      end.status === "rejected" ? [{ host: hosts[index] ?? "", reason: toKnownError(end.reason).message }] : [],
    ),
  };
}

function vacatable({ platform, environment }: Engine): NonNullable<Platform["vacate"]> {
  if (isPreviewName(environment))
    throw new UserError({
      code: "SM-REMOVE-PREVIEW",
      message: `${environment} is a preview`,
      next: `stationmaster preview remove ${environment}`,
    });
  if (platform.vacate) return platform.vacate;
  throw new UserError({
    code: "SM-REMOVE-HERE",
    message: `${environment} runs on this machine and has no hosts to be taken off`,
    next: `stationmaster down --env ${environment} stops it; it names the folders that hold its data`,
  });
}

/** ExternalError `SM-REMOVE-INCOMPLETE`, naming the hosts where something is left; undefined where nothing is. */
export function incomplete({ environment, removed, left }: Removal): ExternalError | undefined {
  if (left.length === 0) return undefined;
  const done = removed.length > 0 ? `${removed.join(", ")} done; ` : "";
  return new ExternalError({
    code: "SM-REMOVE-INCOMPLETE",
    message: `${environment}: ${done}something is left on ${left.map(({ host, reason }) => `${host} (${reason})`).join(", ")}`,
    next: `run stationmaster down ${environment} --remove again when it answers`,
  });
}

function targetOf({ manifest, environment }: Engine) {
  return { app: manifest.project, environment };
}
