import { PolicyError } from "../core/errors.ts";
import { takeEnvironment, withLease } from "../deploy/holder.ts";
import { isEmpty } from "../deploy/plan.ts";
import { reap } from "../deploy/reap.ts";
import { stop } from "../deploy/strays.ts";
import type { Context } from "../platforms/target.ts";
import { releasesOf } from "../store/previews.ts";
import { keptReleases, removeReleases } from "../store/releases.ts";
import type { PreviewRow } from "../store/tables/hosts.ts";
import { liveUnits } from "../store/units.ts";
import { type Engine, openEngine } from "./engine.ts";
import { dropDatabases, makeDatabases } from "./preview-databases.ts";
import { carryOut, finish, plannedDeploy } from "./rollouts.ts";

const LOOK_MS = 30_000;
const REMOVE_MS = 10 * 60_000;

/** What work on previews needs: the engine of the daemon, and those it opens for previews. */
export interface PreviewSite {
  engine: Engine;
  /** Those at work, so that a stop can end it. */
  open: Set<Engine>;
  signal: AbortSignal;
}

/** Brings a preview to what the manifest and its ref say, with the rollouts of every environment. Answers its address, or why not. */
export async function deployPreview(
  site: PreviewSite,
  preview: PreviewRow,
): Promise<Pick<PreviewRow, "url" | "reason">> {
  await makeDatabases(site.engine, preview);
  return await withEngine(site, preview, async (engine) => {
    await endAbandoned(engine, async (id) => void (await finish(engine, id)));
    const planned = await plannedDeploy(engine, {}, "stationmaster");
    if (!isEmpty(planned.plan)) {
      const { state, reason, id } = await carryOut(engine, planned);
      if (state !== "SUCCEEDED") return { url: await addressOf(engine), reason: `${id} ended ${state}: ${reason}` };
    }
    return { url: await addressOf(engine), reason: null };
  });
}

/** Ends what runs of a preview; its volumes and databases stay. */
export async function stopPreview(site: PreviewSite, preview: PreviewRow): Promise<void> {
  await withEngine(site, preview, async (engine) => {
    await endAbandoned(engine, async (id) => void (await finish(engine, id)));
    await underLease(engine, site.signal, async (context) => {
      await endUnits(engine, context);
      await engine.platform.remains?.stop(targetOf(engine), context);
    });
  });
}

/** Leaves nothing of a preview, and touches nothing that was not made for it. What was cut off is done again. */
export async function removePreview(site: PreviewSite, preview: PreviewRow): Promise<void> {
  await withEngine(site, preview, async (engine) => {
    await endAbandoned(engine, async (id) => {
      await engine.deployer.abort(id, "stationmaster");
      await finish(engine, id);
    });
    await underLease(engine, site.signal, async (context) => {
      await endUnits(engine, context);
      await engine.platform.remains?.remove(targetOf(engine), context);
      await forgetReleases(engine, context);
    });
  });
  await dropDatabases(site.engine, preview);
}

/** Ends units that only had a stream to finish; answers how many requests its units have had. */
export async function lookAfterPreview(site: PreviewSite, preview: PreviewRow): Promise<number> {
  return await withEngine(site, preview, async ({ platform, manifest, environment, deploy }) => {
    await reap(deploy, environment);
    const signal = AbortSignal.any([site.signal, AbortSignal.timeout(LOOK_MS)]);
    const services = Object.keys(manifest.services);
    const views = await Promise.all(
      services.map((service) => platform.traffic.read({ app: manifest.project, environment, service }, { signal })),
    );
    const figures = views.flatMap((view) => Object.values(view?.figures ?? {}));
    return figures.reduce((sum, { requests }) => sum + requests, 0);
  });
}

async function withEngine<T>(
  { engine, open, signal }: PreviewSite,
  { env }: PreviewRow,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const own = await openEngine(engine.place, { environment: env, store: engine.store });
  open.add(own);
  try {
    return await work(own);
  } finally {
    open.delete(own);
    await own.close();
  }
}

async function endAbandoned({ deployer, environment }: Engine, end: (id: string) => Promise<void>): Promise<void> {
  for (const { id } of await deployer.abandoned(environment)) await end(id);
}

/** Its address first, then its units, at last what was started and never noted. */
async function endUnits(engine: Engine, context: Context): Promise<void> {
  const { store, platform, manifest, environment, deploy } = engine;
  const app = manifest.project;
  const units = await liveUnits(store.db, { app, env: environment });
  const services = new Set([...Object.keys(manifest.services), ...units.map(({ service }) => service)]);
  for (const service of services) await platform.traffic.remove({ app, environment, service }, context);
  await Promise.all(units.map((unit) => stop({ dependencies: deploy }, unit)));
  for (const { id, host, labels } of (await platform.inventory?.(targetOf(engine), context)) ?? []) {
    const target = { app, environment, service: labels.service ?? "" };
    await platform.stop({ id, target, address: { host } }, 0, context);
  }
}

/** What was shipped there only goes, and its images with it. */
export async function forgetReleases(
  { store, platform, manifest, environment }: Engine,
  context: Context,
): Promise<void> {
  const app = manifest.project;
  const own = await releasesOf(store.db, { app, env: environment });
  const kept = (await keptReleases(store.db, app)).filter(({ name }) => !own.includes(name));
  await removeReleases(
    store.db,
    app,
    kept.map(({ name }) => name),
  );
  await platform.prune(kept, context);
}

async function underLease(
  { deploy, environment }: Engine,
  signal: AbortSignal,
  work: (context: Context) => Promise<void>,
): Promise<void> {
  const lease = await takeEnvironment(deploy, environment, "tidy");
  if (!lease)
    throw new PolicyError({
      code: "SM-DEPLOY-BUSY",
      message: `somebody works on ${environment}`,
      next: "it is tried again",
    });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(REMOVE_MS)]);
  await withLease(deploy, lease, limit, {
    work: (held) => work({ signal: held, generation: lease.generation }),
  });
}

/** Where people look at it: the first service with a route of the manifest, else the first that has an address. */
async function addressOf({ manifest, environment, serviceUrl }: Engine): Promise<string | null> {
  const settings = manifest.environments[environment];
  const routed = settings?.platform === "compose" ? Object.keys(settings.routes) : [];
  for (const service of [...routed, ...Object.keys(manifest.services)]) {
    const url = await serviceUrl(service);
    if (url !== undefined) return url;
  }
  return null;
}

function targetOf({ manifest, environment }: Engine) {
  return { app: manifest.project, environment };
}
