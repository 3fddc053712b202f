import { namedStrategy, type StrategyConfig } from "../config/environments.ts";
import type { Manifest } from "../config/load.ts";
import { secretNames } from "../config/secrets.ts";
import type { RolloutPlan, StrategyKind, StrategyName } from "../contract/rollout.ts";
import { UserError } from "../core/errors.ts";
import { currentCommit } from "../exec/git.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Store } from "../store/connect.ts";
import { findRelease, keptReleases } from "../store/releases.ts";
import { listRollouts } from "../store/rollouts.ts";
import type { ReleasedService, ReleaseRow } from "../store/tables/release.ts";
import { liveUnits } from "../store/units.ts";
import { chooseStrategy } from "./analysis/choose.ts";
import { pathsToAsk } from "./analysis/paths.ts";
import { readPower } from "./analysis/tables.ts";
import type { PlannedRollout } from "./deployer.ts";
import { describeService } from "./desired.ts";
import { withDrift } from "./drift.ts";
import { foreignSeen, withForeign } from "./foreign.ts";
import { previousGood, standingRollouts, waysBack } from "./history.ts";
import { leavingNotes } from "./left-hosts.ts";
import { refuseRollback } from "./migrations/ranges.ts";
import { isEmpty, makePlan, type PlanInput, resolveStrategy } from "./plan.ts";
import { releaseName } from "./release-name.ts";
import { runningServices } from "./running.ts";

/** What planning reads. */
export interface PlanSources {
  manifest: Manifest;
  environment: string;
  store: Store;
  platform: Platform;
  secretDigest(texts: readonly string[], where: string): string;
  signal: AbortSignal;
}

export interface DeployOptions {
  only?: readonly string[];
  release?: string;
  strategy?: StrategyName;
  actor: string;
}

/**
 * Compares the manifest and its files with what runs and names the release that would serve next. Changes nothing. Where nothing
 * is to be done every service of the plan has the action `keep`; such a plan is not begun.
 */
export async function planDeploy(sources: PlanSources, options: DeployOptions): Promise<PlannedRollout> {
  const { manifest, environment, store } = sources;
  const app = manifest.project;
  const current = await currentRelease(sources);
  const { services: wanted, internal, hints } = await describeAll(sources, options.only, current);
  const { name, isNew } = await releaseName(store, { app, env: environment, current, wanted, asked: options.release });
  const foreign = await foreignSeen({ ...sources, app }, environment, sources.signal);
  const plan = await withStrategy(sources, options.strategy, {
    environment,
    kind: "deploy",
    release: { name, services: wanted },
    fromRelease: current?.name ?? null,
    running: withForeign(await runningAndRouted({ ...sources, app }), foreign),
    foreign,
    only: options.only,
    // After one that is stuck nobody knows which release serves where.
    force: (isNew && options.release !== undefined) || (await isStuck(sources)),
    proven: !isNew && current !== undefined,
    ...placesOf(sources),
    internal,
    dependsOn: dependencies(manifest),
    notes: [...new Set([...notes(manifest), ...hints, ...(await leavingNotes(sources, { app, env: environment }))])],
  });
  await checkStarts(sources, plan, wanted);
  return {
    plan,
    services: wanted,
    commit: (await currentCommit(manifest.root)) ?? null,
    actor: options.actor,
  };
}

async function runningAndRouted(sources: PlanSources & { app: string }): Promise<PlanInput["running"]> {
  const { environment, signal } = sources;
  return await withDrift(sources, environment, {
    running: await runningServices(sources, environment, signal),
    signal,
  });
}

/** The plan with the strategy that was asked for; on hosts, where nobody asked, with the one that the service's traffic allows. */
async function withStrategy(
  { manifest, environment, store, platform }: PlanSources,
  asked: StrategyName | undefined,
  input: Omit<PlanInput, "strategy">,
): Promise<RolloutPlan> {
  const settings: Partial<StrategyConfig> = manifest.environments[environment]?.strategy ?? {};
  const config = asked === undefined ? settings : namedStrategy(asked, settings);
  const make = (kind: StrategyKind, why: string[]) => {
    const requests = pathsToAsk(manifest, config.judge);
    const strategy = resolveStrategy(config, { kind, platform: platform.id, requests });
    return makePlan({ ...input, strategy, notes: [...input.notes, ...why] });
  };
  const named = config.kind ?? (platform.hosts ? undefined : "blue-green");
  if (named !== undefined && named !== "canary") return make(named, []);
  const canary = make("canary", []);
  const power = isEmpty(canary) ? [] : await readPower(store.db, manifest.project, canary);
  const { kind, why } = named ? { kind: named, why: undefined } : chooseStrategy(power);
  const plan = make(kind, why && power.length > 0 ? [why] : []);
  // Not part of what was agreed to: traffic changes every minute.
  return power.length > 0 ? { ...plan, power } : plan;
}

/** What could never start is said before anything is touched. */
async function checkStarts(
  { platform }: PlanSources,
  plan: RolloutPlan,
  services: Record<string, ReleasedService>,
): Promise<void> {
  const starting = plan.services.filter(({ action }) => action !== "keep" && action !== "remove");
  for (const { service } of starting) {
    const released = services[service];
    if (released) await platform.check?.(service, released);
  }
}

/**
 * The way back to a kept release. Without a name it is the one before the current, never one that was rolled back from; where a
 * rollout is stuck the current one itself, since part of the stuck one serves.
 */
export async function planRollback(
  sources: PlanSources,
  { to, actor }: { to?: string; actor: string },
): Promise<PlannedRollout> {
  const { manifest, environment, store, platform } = sources;
  const app = manifest.project;
  const stack = await standingRollouts({ store, app, environment });
  const current = stack.at(-1)?.release;
  const stuck = await isStuck(sources);
  const back = to ?? (stuck ? current : undefined);
  const target = back === undefined ? await previousGood({ store, app }, stack) : await keptRelease(store, app, back);
  if (!target)
    throw new UserError({
      code: "SM-ROLLBACK-NONE",
      message: "there is no earlier release to go back to",
      next: "choose a kept one: stationmaster releases, stationmaster rollback --to RELEASE",
    });
  await refuseSchema(sources, { wanted: target.name, running: current, ways: waysBack(stack) });
  const settings = manifest.environments[environment];
  const input: PlanInput = {
    environment,
    kind: "rollback",
    release: target,
    fromRelease: current ?? null,
    running: await runningServices({ ...sources, app }, environment, sources.signal),
    force: false,
    strategy: resolveStrategy(settings?.strategy ?? {}, { kind: "blue-green", platform: platform.id }),
    ...placesOf(sources),
    dependsOn: dependencies(manifest),
    notes: [],
  };
  const changes = makePlan(input);
  // Another release with the same content: its name is what differs, and the services are told it.
  const plan = isEmpty(changes) && (stuck || target.name !== current) ? makePlan({ ...input, force: true }) : changes;
  if (isEmpty(plan))
    throw new UserError({
      code: "SM-ROLLBACK-SAME",
      message: `${target.name} is what runs already`,
      next: "see stationmaster releases",
    });
  return { plan, services: target.services, commit: target.commit, actor };
}

/** The plan of a contract rollout: the release that serves stays as it is. */
export async function planUnchanged(sources: PlanSources, release: ReleaseRow): Promise<RolloutPlan> {
  const { manifest, environment, platform } = sources;
  const settings = manifest.environments[environment];
  return makePlan({
    environment,
    kind: "contract",
    release,
    fromRelease: release.name,
    running: await runningServices({ ...sources, app: manifest.project }, environment, sources.signal),
    only: [],
    force: false,
    strategy: resolveStrategy(settings?.strategy ?? {}, { kind: "blue-green", platform: platform.id }),
    hosts: platform.hosts?.(),
    dependsOn: dependencies(manifest),
    notes: [],
  });
}

/** Refuses where the wanted release does not run on the schema as it stands; `ways` are those it is right to name instead. */
async function refuseSchema(
  { manifest, environment, store }: PlanSources,
  { wanted, running, ways }: { wanted: string; running: string | undefined; ways: readonly string[] },
): Promise<void> {
  const app = manifest.project;
  const kept = (await keptReleases(store.db, app)).filter(({ name }) => name === wanted || ways.includes(name));
  await refuseRollback(store.db, { app, env: environment, wanted, running }, kept);
}

/** Where units run, and how many of these places suffice. */
function placesOf({ manifest, environment, platform }: PlanSources): Pick<PlanInput, "hosts" | "quorum"> {
  const settings = manifest.environments[environment];
  return { hosts: platform.hosts?.(), ...(settings?.platform === "compose" ? { quorum: settings.quorum } : {}) };
}

/** The release of the last rollout that succeeded here; none after the environment was taken off its hosts. */
export async function currentRelease({
  manifest,
  environment,
  store,
}: Pick<PlanSources, "manifest" | "environment" | "store">): Promise<ReleaseRow | undefined> {
  const app = manifest.project;
  const last = (await standingRollouts({ store, app, environment })).at(-1);
  const found = last && (await findRelease(store.db, app, last.release));
  if (!found?.removedAt) return found;
  return (await liveUnits(store.db, { app, env: environment })).length > 0 ? found : undefined;
}

/** Whether the last rollout left it to a person what users get. */
export async function isStuck({
  manifest,
  environment,
  store,
}: Pick<PlanSources, "manifest" | "environment" | "store">): Promise<boolean> {
  const [latest] = await listRollouts(store.db, { app: manifest.project, env: environment, limit: 1 });
  return latest?.state === "STUCK" && latest.kind !== "contract";
}

async function keptRelease(store: Store, app: string, name: string): Promise<ReleaseRow> {
  const kept = await keptReleases(store.db, app);
  const found = kept.find((release) => release.name === name);
  if (found) return found;
  throw new UserError({
    code: "SM-RELEASE-UNKNOWN",
    message: `the release "${name}" is not kept`,
    next: kept.length > 0 ? `kept are ${kept.map((release) => release.name).join(", ")}` : "deploy first",
  });
}

async function describeAll(
  { manifest, environment, platform, secretDigest, signal }: PlanSources,
  only: readonly string[] | undefined,
  current: ReleaseRow | undefined,
): Promise<{ services: Record<string, ReleasedService>; internal: string[]; hints: string[] }> {
  const extra = manifest.environments[environment]?.env ?? {};
  const hints: string[] = [];
  const internal: string[] = [];
  const result: Record<string, ReleasedService> = only && current ? { ...current.services } : {};
  for (const [name, config] of Object.entries(manifest.services)) {
    if (only && current && !only.includes(name)) continue;
    const described = (await platform.describe?.(name, { signal })) ?? { fingerprint: "" };
    const texts = Object.values({ ...described.env, ...extra, ...config.env }).filter(
      (text) => secretNames(text).length > 0,
    );
    const secrets = secretDigest(texts, `services.${name}.env`);
    hints.push(...(described.notes ?? []));
    if (described.internal) internal.push(name);
    result[name] = describeService(config, extra, { described, secrets });
  }
  return { services: result, internal, hints };
}

function dependencies(manifest: Manifest): Record<string, string[]> {
  const implied = (service: string) =>
    Object.values(manifest.services[service]?.env ?? {}).flatMap((text) =>
      [...text.matchAll(/\$\{service:([^}]+)\}/g)].map(([, name = ""]) => name),
    );
  return Object.fromEntries(
    Object.entries(manifest.services).map(([name, { depends_on }]) => [
      name,
      [...depends_on, ...implied(name).filter((other) => other !== name)],
    ]),
  );
}

function notes(manifest: Manifest): string[] {
  return Object.entries(manifest.services).flatMap(([name, { health, kind }]) =>
    kind === "http" && !health ? [`${name} has no health check: an open port counts as healthy`] : [],
  );
}
