import type { HostBehind } from "../contract/status.ts";
import { toKnownError } from "../core/errors.ts";
import type { HeldLease } from "../store/leases.ts";
import { appendLedger } from "../store/ledger.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits, updateUnit, writtenOffUnits } from "../store/units.ts";
import { takeEnvironment, withLease } from "./holder.ts";
import { context, type DeployDependencies, releasedOf, type Site } from "./run.ts";

const GRACE_MS = 10_000;
const LONGEST_MS = 3 * 60_000;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 60 * 60_000;
/** After a day it is taken for gone. */
const GIVE_UP_MS = 24 * 60 * 60_000;
/** How long people are told of it then. */
const REMEMBERED_MS = 30 * GIVE_UP_MS;

type Where = Pick<Site, "dependencies" | "row">;

/** A host that `hosts` no longer names, with the units that were there. */
interface LeftHost {
  host: string;
  units: UnitRow[];
}

/** Hosts that were taken out and that the platform can clear, where all that is left there leaves. */
async function leftHosts({ dependencies, row }: Where): Promise<LeftHost[]> {
  const { store, platform } = dependencies;
  const hosts = platform.hosts?.();
  if (!hosts || !platform.vacate) return [];
  const there = (await liveUnits(store.db, row)).filter(({ address: { host } }) => host && !hosts.includes(host));
  return [...Map.groupBy(there, ({ address }) => address.host ?? "")]
    .filter(([, units]) => units.every(({ state }) => state === "draining"))
    .map(([host, units]) => ({ host, units }));
}

/** What a plan says of hosts that the manifest has no more while something of the environment runs there. */
export async function leavingNotes(
  { store, platform }: Pick<DeployDependencies, "store" | "platform">,
  scope: { app: string; env: string },
): Promise<string[]> {
  const hosts = platform.hosts?.();
  if (!hosts || !platform.vacate) return [];
  const there = new Set((await liveUnits(store.db, scope)).flatMap(({ address: { host } }) => host ?? []));
  return [...there]
    .filter((host) => !hosts.includes(host))
    .map(
      (host) =>
        `${host} is not in hosts any more: what runs there is taken away at the end, its volumes stay; who still sends requests there gets errors`,
    );
}

/** Whether `clearLeftHosts` sees to a unit, so that nobody else needs to ask a host that may be gone. */
export function isLeft({ platform }: Pick<DeployDependencies, "platform">, { address: { host } }: UnitRow): boolean {
  const hosts = platform.hosts?.();
  return hosts !== undefined && platform.vacate !== undefined && host !== undefined && !hosts.includes(host);
}

/** When to ask a host again, epoch ms: as long after the last attempt as it had been away then, 30 s to an hour. */
export function askAgainAt(since: number, triedAt: number | null): number {
  if (triedAt === null) return since;
  return triedAt + Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, triedAt - since));
}

/** Since when a host's units leave, and when it was last asked for them; epoch ms. */
function timesOf(units: readonly Pick<UnitRow, "address">[]): { since: number; triedAt: number | null } {
  const times = (key: "drainingSince" | "triedAt") =>
    units.flatMap(({ address }) => (address[key] ? [Date.parse(address[key])] : []));
  const tried = times("triedAt");
  return { since: Math.min(...times("drainingSince")), triedAt: tried.length > 0 ? Math.max(...tried) : null };
}

/**
 * Takes the environment off hosts that were taken out of the manifest: routes, containers and networks go, volumes stay. One that
 * does not let us is asked again with growing pauses and after a day written off; all of it is in the audit. Wants the lease.
 */
export async function clearLeftHosts(site: Site & { lease: HeldLease }): Promise<void> {
  const { dependencies, signal } = site;
  const { clock } = dependencies;
  for (const left of await leftHosts(site)) {
    const { since, triedAt } = timesOf(left.units);
    if (clock.now() < askAgainAt(since, triedAt)) continue;
    try {
      await clear(site, left);
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = toKnownError(error);
      if (clock.now() - since < GIVE_UP_MS) await note(site, left, { triedAt: new Date(clock.now()).toISOString() });
      else await writeOff(site, left, `${code}: ${message}`);
    }
  }
}

async function clear(site: Site & { lease: HeldLease }, { host, units }: LeftHost): Promise<void> {
  const { dependencies, row } = site;
  const graces = new Map<string, number>();
  for (const unit of units) graces.set(unit.service, (await releasedOf(site, unit))?.released.graceMs ?? GRACE_MS);
  const signal = AbortSignal.any([site.signal, AbortSignal.timeout(LONGEST_MS)]);
  const clearing = { volumes: false, graceMs: (service: string) => graces.get(service) ?? GRACE_MS };
  const target = { app: row.app, environment: row.env };
  await dependencies.platform.vacate?.clear(target, host, clearing, context({ ...site, signal }));
  for (const { id } of units) await stopped(site, id);
  await audit(site, "host.cleared", host, { units: units.map(({ id }) => id) });
}

async function writeOff(site: Site, left: LeftHost, reason: string): Promise<void> {
  const { clock } = site.dependencies;
  await note(site, left, { writtenOff: new Date(clock.now()).toISOString() });
  for (const { id } of left.units) await stopped(site, id);
  await audit(site, "host.written-off", left.host, { reason, units: left.units.map(({ id }) => id) });
}

async function note({ dependencies }: Where, { units }: LeftHost, change: Partial<UnitRow["address"]>): Promise<void> {
  for (const { id, address } of units)
    await updateUnit(dependencies.store.db, id, { address: { ...address, ...change } });
}

async function stopped({ dependencies }: Where, id: string): Promise<void> {
  await updateUnit(dependencies.store.db, id, { state: "stopped", stoppedAt: new Date() });
}

async function audit({ dependencies, row }: Where, action: string, host: string, detail: Record<string, unknown>) {
  const entry = { actor: "stationmaster", action, subject: host, detail: { environment: row.env, ...detail } };
  await appendLedger(dependencies.store, entry);
}

/** What may be left on hosts that were taken out: those that have not answered yet, and those written off in the last 30 days. */
export async function hostsBehind(dependencies: DeployDependencies, environment: string): Promise<HostBehind[]> {
  const { app, store, platform, clock } = dependencies;
  const row = { app, env: environment };
  const named = platform.hosts?.() ?? [];
  const asked = (await leftHosts({ dependencies, row })).filter(({ units }) => timesOf(units).triedAt !== null);
  const lost = (await writtenOffUnits(store.db, row)).filter(
    ({ address }) =>
      !named.includes(address.host ?? "") && clock.now() - Date.parse(address.writtenOff ?? "") < REMEMBERED_MS,
  );
  const behind = (writtenOff: boolean, host: string, units: readonly UnitRow[]): HostBehind => ({
    ...{ host, writtenOff, units: units.map(({ id }) => id), since: new Date(timesOf(units).since).toISOString() },
  });
  return [
    ...asked.map(({ host, units }) => behind(false, host, units)),
    ...[...Map.groupBy(lost, ({ address }) => address.host ?? "")].map(([host, units]) => behind(true, host, units)),
  ];
}

/** `clearLeftHosts` where nobody works on the environment; and what was written off leaves again once its host is back in the manifest. */
export async function tidyLeftHosts(dependencies: DeployDependencies, environment: string): Promise<void> {
  const { app, store, platform, clock } = dependencies;
  const row = { app, env: environment };
  const hosts = platform.hosts?.();
  if (!hosts || !platform.vacate) return;
  for (const { id, address } of await writtenOffUnits(store.db, row)) {
    if (!address.host || !hosts.includes(address.host)) continue;
    const { writtenOff: _, triedAt: __, ...rest } = address;
    await updateUnit(store.db, id, { state: "draining", stoppedAt: null, address: rest });
  }
  const due = (await leftHosts({ dependencies, row })).some(({ units }) => {
    const { since, triedAt } = timesOf(units);
    return clock.now() >= askAgainAt(since, triedAt);
  });
  const lease = due ? await takeEnvironment(dependencies, environment, "tidy") : undefined;
  if (!lease) return;
  await withLease(dependencies, lease, AbortSignal.timeout(LONGEST_MS), {
    work: (signal) => clearLeftHosts({ dependencies, row, signal, lease }),
  });
}
