import { isAway } from "../core/errors.ts";
import type { RouteView } from "../platforms/traffic.ts";
import { readLease } from "../store/leases.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits } from "../store/units.ts";
import type { Running } from "./plan.ts";
import type { DeployDependencies } from "./run.ts";
import { hasPort, isServing } from "./steps/traffic.ts";

/**
 * What runs, with what is wrong with its routes on hosts, where others can change them too. While somebody works on the
 * environment routes are on their way, and a host that does not answer says nothing.
 */
export async function withDrift(
  { store, platform, app }: Pick<DeployDependencies, "store" | "platform" | "app">,
  environment: string,
  { running, signal }: { running: Record<string, Running>; signal: AbortSignal },
): Promise<Record<string, Running>> {
  const row = { app, env: environment };
  const hosts = platform.hosts?.();
  const lease = await readLease(store.db, row);
  if (!hosts || (lease && !lease.expired)) return running;
  const units = (await liveUnits(store.db, row)).filter(
    ({ role, state, address }) => role === "stable" && state === "running" && hosts.includes(address.host ?? ""),
  );
  const seen = Object.entries(running).map(async ([service, now]) => {
    const own = units.filter((unit) => unit.service === service && hasPort(unit));
    if (own.length === 0) return [service, now] as const;
    const view = await platform.traffic?.read({ app, environment, service }, { signal }).catch((error: unknown) => {
      if (isAway(error)) return "away" as const;
      throw error;
    });
    return [service, view === "away" ? now : { ...now, drift: routeDrift(view, own) }] as const;
  });
  return Object.fromEntries(await Promise.all(seen));
}

/** How a route differs from one to these units; undefined where it does not. */
export function routeDrift(view: RouteView | undefined, units: readonly Pick<UnitRow, "id">[]): string | undefined {
  const right = units.filter(({ id }) => isServing(view, id)).length;
  if (right < units.length) return `route to ${right} of ${units.length}`;
  const members = view ? [...view.stable, ...view.candidate] : [];
  const strange = members.filter(({ id }) => isServing(view, id) && !units.some((unit) => unit.id === id));
  return strange.length > 0 ? `route to ${strange.length} unknown` : undefined;
}
