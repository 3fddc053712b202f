import { isAway } from "../core/errors.ts";
import { readLease } from "../store/leases.ts";
import { unfinishedRollouts } from "../store/rollouts.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits } from "../store/units.ts";
import { takeEnvironment, withLease } from "./holder.ts";
import { isLeft, tidyLeftHosts } from "./left-hosts.ts";
import { context, type DeployDependencies, type Site, targetOf } from "./run.ts";
import { isServing, removeIdleRoute } from "./steps/traffic.ts";
import { settleStrays, stop, strays } from "./strays.ts";

/** How long a stream may go on after its release was replaced. */
const STREAM_BUDGET_MS = 5 * 60_000;
const DEADLINE_MS = 60_000;

/**
 * Ends what nobody waits for any more: strays of an interrupted restart, and units that were kept for their streams, as soon
 * as those end or their time is over, and what hosts have that were taken out of the manifest. Services that a rollout works on are left to it. Answers the ids of the leavers stopped.
 */
export async function reap(dependencies: DeployDependencies, environment: string): Promise<string[]> {
  await removeStrays(dependencies, environment);
  await tidyLeftHosts(dependencies, environment);
  const { store, app } = dependencies;
  const row = { app, env: environment };
  const site: Site = { dependencies, row, signal: AbortSignal.timeout(DEADLINE_MS) };
  // Under no lease of its own: what the holder of one has made himself is his.
  const held = await readLease(store.db, row);
  const own = held && !held.expired ? held.generation : Number.POSITIVE_INFINITY;
  const leaving = (await liveUnits(store.db, row)).filter(
    (unit) => unit.state === "draining" && unit.generation < own && !isLeft(dependencies, unit),
  );
  if (leaving.length === 0) return [];
  const busy = (await unfinishedRollouts(store.db, row)).flatMap(({ plan }) =>
    plan.services.filter(({ action }) => action !== "keep").map(({ service }) => service),
  );
  const ended = await Promise.all(
    leaving
      .filter(({ service }) => !busy.includes(service))
      .map((unit) =>
        endLeaver(site, unit).catch((error: unknown) => {
          // Its host does not answer now: the next look comes soon.
          if (!isAway(error)) throw error;
        }),
      ),
  );
  return ended.flatMap((id) => id ?? []);
}

async function endLeaver(site: Site, unit: UnitRow): Promise<string | undefined> {
  const { platform, clock } = site.dependencies;
  const target = targetOf(site, unit.service);
  const view = await platform.traffic?.read(target, context(site));
  // Its host was lost when the others got the new release: there it is what users have, until the route follows.
  if (isServing(view, unit.id)) return undefined;
  const figures = view?.figures[unit.id];
  const since = Date.parse(unit.address.drainingSince ?? "") || 0;
  const over = clock.now() - since > STREAM_BUDGET_MS;
  if ((figures?.inflight ?? 0) > 0 && !over) return undefined;
  if (over && figures) await platform.traffic?.cut(target, unit.id, context(site));
  await stop(site, unit);
  await removeIdleRoute(site, unit.service);
  return unit.id;
}

/** Settles what an interrupted restart left, see `settleStrays`. While somebody works, his units are no strays. */
export async function removeStrays(dependencies: DeployDependencies, environment: string): Promise<void> {
  const row = { app: dependencies.app, env: environment };
  if ((await strays({ dependencies, row })).length === 0) return;
  const lease = await takeEnvironment(dependencies, environment, "tidy");
  if (!lease) return;
  await withLease(dependencies, lease, AbortSignal.timeout(DEADLINE_MS), {
    work: (signal) => settleStrays({ dependencies, row, signal, lease }),
  });
}
