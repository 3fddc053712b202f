import type { EnvironmentConfig } from "../../config/environments.ts";
import type { Manifest } from "../../config/load.ts";
import type { Platform } from "../../platforms/platform.ts";
import { listApprovals } from "../../store/approvals.ts";
import type { Store } from "../../store/connect.ts";
import { standingFreezes } from "../../store/freezes.ts";
import { readLock } from "../../store/leases.ts";
import { findRelease, keptReleases } from "../../store/releases.ts";
import type { ApprovalRow } from "../../store/tables/hosts.ts";
import type { ReleaseRow } from "../../store/tables/release.ts";
import type { PlannedRollout } from "../deployer.ts";
import { standingRollouts, waysBack } from "../history.ts";
import { schemaFacts } from "../migrations/ranges.ts";
import { contentOf } from "./content.ts";
import { readExamples } from "./examples.ts";
import type { Facts, MigrationFact, Success, Vouch, WayBack } from "./facts.ts";

/** What a plan is judged by, apart from the plan. */
export interface PreflightSources {
  manifest: Manifest;
  store: Store;
  platform: Platform;
  /** Epoch ms. */
  now: number;
  hasSecret(name: string): boolean;
  /** Incidents of severity 1 that nobody has resolved. */
  openSev1(): Promise<{ id: string; text: string }[]>;
  /** The migrations that would run; left out where nobody looked. */
  migrations?: readonly MigrationFact[];
  signal: AbortSignal;
}

/** Collects what the rows of a plan are decided from. */
export async function gather(
  sources: PreflightSources,
  { plan, services }: PlannedRollout,
): Promise<Omit<Facts, "kind">> {
  const { manifest, store, platform, now, signal } = sources;
  const { environment } = plan;
  const place = { app: manifest.project, env: environment };
  const settings = manifest.environments[environment];
  const { require = [], after = [], approvers = [], freeze = [], windows = [] } = settings ?? {};
  const changing = plan.services.filter(({ action }) => action !== "keep" && action !== "remove");
  const names = changing.map(({ service }) => service);
  const content = contentOf(services);
  const migrates = names.some((name) => services[name]?.migrate);
  return {
    now,
    environment,
    release: plan.release,
    fromRelease: plan.fromRelease,
    foreign: plan.foreign,
    shipping: plan.underWay?.release,
    content: Object.fromEntries(names.map((name) => [name, content[name] ?? ""])),
    require,
    approvers,
    vouches: (await listApprovals(store.db, place)).map(toVouch),
    after: await Promise.all(
      after.map(async (other) => ({ environment: other, successes: await successes(sources, other) })),
    ),
    migrations: sources.migrations ?? (migrates ? null : []),
    waysBack: await releasesBack(sources, plan),
    examples: readExamples(manifest.root, services, sources.hasSecret),
    target: (await platform.facts?.({ name: plan.release, services }, names, { signal })) ?? [],
    sev1: await sources.openSev1(),
    calendar: {
      freeze,
      windows,
      ordered: (await standingFreezes(store.db, { ...place, at: new Date(now) })).map(
        ({ id, who, reason, beginsAt, endsAt }) => ({
          ...{ id, who, reason },
          beginsAt: beginsAt.getTime(),
          endsAt: endsAt?.getTime() ?? null,
        }),
      ),
    },
    lock: (await readLock(store.db, place)) ?? null,
    guarded: isGuarded(settings),
  };
}

/** Whether others depend on an environment: it runs on hosts, or it asks for facts. */
export function isGuarded(settings: EnvironmentConfig | undefined): boolean {
  return (
    settings !== undefined && (settings.platform !== "local" || settings.require.length + settings.after.length > 0)
  );
}

/** Evidence comes from people and other programs: what is not as agreed counts as nothing. */
function toVouch({ what, who, release, at, evidence }: ApprovalRow): Vouch {
  const { content, checksums, note } = evidence;
  const texts = (value: unknown) =>
    Object.entries(value ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return {
    ...{ what, who, release, at: at.getTime() },
    content: Object.fromEntries(texts(content)),
    checksums: texts(checksums).map(([, sum]) => sum),
    note: typeof note === "string" ? note : null,
  };
}

async function successes({ manifest, store }: PreflightSources, environment: string): Promise<Success[]> {
  const app = manifest.project;
  const found = await Promise.all(
    (await standingRollouts({ store, app, environment })).map(async ({ id, release, finishedAt }) => {
      const services = (await findRelease(store.db, app, release))?.services;
      return services && finishedAt
        ? [{ release, rollout: id, at: finishedAt.getTime(), content: contentOf(services) }]
        : [];
    }),
  );
  return found.flat();
}

/** The release that serves now, then those before it; a copy whose files are gone leads nowhere. */
async function releasesBack(
  { manifest, store, platform }: PreflightSources,
  { environment, fromRelease }: PlannedRollout["plan"],
): Promise<WayBack[]> {
  const app = manifest.project;
  const kept = await keptReleases(store.db, app);
  const earlier = waysBack(await standingRollouts({ store, app, environment }));
  const ways: WayBack[] = [];
  for (const name of [...(fromRelease ? [fromRelease] : []), ...earlier.filter((other) => other !== fromRelease)]) {
    const release = kept.find((item) => item.name === name);
    if (!release || !((await platform.holds?.(release)) ?? true)) continue;
    ways.push({ release: name, schemas: await rangesOf(store.db, { app, env: environment }, release) });
  }
  return ways;
}

async function rangesOf(
  db: Store["db"],
  place: { app: string; env: string },
  release: ReleaseRow,
): Promise<WayBack["schemas"]> {
  const migrating = Object.entries(release.services).filter(([, { migrate, schema }]) => migrate || schema);
  const ranges = await Promise.all(
    migrating.map(async ([service]) => {
      const [known] = (await schemaFacts(db, { ...place, service }, [release])).releases;
      return known?.range ? [[service, known.range] as const] : [];
    }),
  );
  return Object.fromEntries(ranges.flat());
}
