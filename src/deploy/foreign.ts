import type { ForeignUnit, RolloutPlan } from "../contract/rollout.ts";
import { isAway, PolicyError } from "../core/errors.ts";
import { plural } from "../core/plural.ts";
import type { RouteView } from "../platforms/traffic.ts";
import type { HeldLease } from "../store/leases.ts";
import { findRollout } from "../store/rollouts.ts";
import { findUnit, insertUnit } from "../store/units.ts";
import type { Running } from "./plan.ts";
import { context, type DeployDependencies, type Site, targetOf } from "./run.ts";

/** What runs in an environment with our labels and was started with another database; empty where the platform cannot say. */
export async function foreignUnits(
  { store, platform, app }: Pick<DeployDependencies, "store" | "platform" | "app">,
  environment: string,
  signal: AbortSignal,
): Promise<ForeignUnit[]> {
  const seen = (await platform.inventory?.({ app, environment }, { signal })) ?? [];
  const units = seen.filter(({ labels }) => labels.role !== "migration");
  const known = new Map<string, boolean>();
  for (const { labels } of units) {
    const id = labels.rollout ?? "";
    if (!known.has(id)) known.set(id, (await findRollout(store.db, id)) !== undefined);
  }
  const found: ForeignUnit[] = [];
  for (const { id, host, labels } of units) {
    const { service = "", release = "", rollout = "" } = labels;
    if (known.get(rollout) || (await findUnit(store.db, id))) continue;
    found.push({ service, host, unit: id, release, rollout });
  }
  return found.sort((a, b) => `${a.host} ${a.unit}`.localeCompare(`${b.host} ${b.unit}`));
}

/** The same for a plan; nothing where a host does not answer, since what is begun looks again. */
export async function foreignSeen(...look: Parameters<typeof foreignUnits>): Promise<ForeignUnit[]> {
  return await foreignUnits(...look).catch((error: unknown) => {
    if (isAway(error)) return [];
    throw error;
  });
}

/** Services that only somebody else runs are replaced like ones of ours whose release is not known. */
export function withForeign(
  running: Record<string, Running>,
  foreign: readonly ForeignUnit[],
): Record<string, Running> {
  const result = { ...running };
  for (const { service, host, release } of foreign) {
    if (running[service]) continue;
    const { alive = 0, hosts = {} } = result[service] ?? {};
    result[service] = {
      ...{ release: foreignRelease(release), service: undefined, alive: alive + 1 },
      hosts: { ...hosts, [host]: (hosts[host] ?? 0) + 1 },
    };
  }
  return result;
}

/** What somebody else's release is called here: names of our own have no blank, so it is never taken for one of them. */
function foreignRelease(release: string): string {
  return `foreign ${release}`;
}

/** For people: `h1, h2: r3 of app by ro-mi8x2k1p (2 containers)`. */
export function describeForeign(units: readonly ForeignUnit[]): string {
  const names = (key: keyof ForeignUnit) => [...new Set(units.map((unit) => unit[key]))].sort().join(", ");
  return `${names("host")}: ${names("release")} of ${names("service")} by ${names("rollout")} (${plural(units.length, "container")})`;
}

/** What to do about somebody else's units. */
export function foreignNext(environment: string): string {
  return `use the state directory or DATABASE_URL of whoever deployed that, or take it over: stationmaster deploy ${environment} --override owner --reason TEXT`;
}

/** Whether users have a unit for good: the side with all requests and without an end, else the stable one. */
function isUsers(view: RouteView | undefined, unit: string): boolean {
  if (!view) return false;
  const promoted = view.candidate.length > 0 && view.share === 100 && view.until === null;
  return (promoted ? view.candidate : view.stable).some(({ id }) => id === unit);
}

/**
 * Makes what the plan agreed to take over ours: units that users have become the stable ones, so they go on until the new ones
 * serve, and users come back to them when those fail; the others wait to be stopped. Wants the lease and the gates. Throws
 * PolicyError `SM-OWNER` where there is more than the plan names, before anything is touched.
 */
export async function takeOver(site: Site & { lease: HeldLease }, plan: RolloutPlan): Promise<void> {
  const { dependencies, row, signal, lease } = site;
  const agreed = plan.foreign ?? [];
  // Who deploys here for the first time may know nothing of the others; who has deployed goes on without a host.
  const look = agreed.length > 0 || plan.fromRelease === null ? foreignUnits : foreignSeen;
  const found = await look(dependencies, row.env, signal);
  const strange = found.filter(({ unit }) => !agreed.some((known) => known.unit === unit));
  if (strange.length > 0)
    throw new PolicyError({
      code: "SM-OWNER",
      message: `another database knows what runs there: ${describeForeign(strange)}`,
      next: foreignNext(row.env),
    });
  const { platform, store, clock } = dependencies;
  for (const [ordinal, { service, host, unit, release, rollout }] of found.entries()) {
    const target = targetOf(site, service);
    const view = await platform.traffic?.read(target, context(site));
    const { alive, address } = await platform.observe({ id: unit, target, address: { host } }, context(site));
    const stays = alive && (address.port === undefined || isUsers(view, unit));
    const drainingSince = new Date(clock.now()).toISOString();
    await insertUnit(store.db, {
      ...{ id: unit, app: row.app, env: row.env, rolloutId: rollout, service, ordinal, role: "stable" },
      ...{ release: foreignRelease(release), generation: lease.generation - 1 },
      address: stays ? address : { ...address, drainingSince },
      state: stays ? "running" : "draining",
    });
  }
}
