import type { ManifestConfig } from "../config/schema.ts";
import { isDeadHolder } from "../deploy/holder.ts";
import { currentRelease } from "../deploy/request.ts";
import { unitRef } from "../deploy/run.ts";
import { readLease } from "../store/leases.ts";
import { unfinishedRollouts } from "../store/rollouts.ts";
import { liveUnits } from "../store/units.ts";
import { checksFor } from "../watch/specs.ts";
import type { CheckSpec, ProcessLookup } from "../watch/types.ts";
import type { Engine } from "./engine.ts";

/** The checks of what is deployed: implied ones and those of the manifest, with addresses filled in. */
export async function currentChecks(engine: Engine): Promise<CheckSpec[]> {
  const { manifest, environment } = engine;
  const deployed = (await currentRelease(engine))?.services ?? {};
  const names = Object.keys(manifest.services).filter((name) => deployed[name]);
  const routes = Object.fromEntries(
    await Promise.all(
      names.map(
        async (name) =>
          [
            name,
            manifest.services[name]?.kind === "worker" ? null : ((await engine.serviceUrl(name)) ?? null),
          ] as const,
      ),
    ),
  );
  const resolved = new Map<string, string>();
  const checks: typeof manifest.checks = {};
  for (const [name, check] of Object.entries(manifest.checks)) {
    const waiting = strings(check).some((text) =>
      [...text.matchAll(/\$\{service:([^}]+)\}/g)].some(([, service = ""]) => !deployed[service]),
    );
    if (waiting) continue;
    checks[name] = check;
    for (const text of strings(check))
      if (text.includes("${")) resolved.set(text, await engine.resolve(text, `checks.${name}`));
  }
  const services = Object.fromEntries(Object.entries(manifest.services).filter(([name]) => names.includes(name)));
  const used = new Set(names.flatMap((name) => dependenciesOf(manifest, name)));
  const stores = Object.fromEntries(Object.entries(manifest.stores).filter(([name]) => used.has(name)));
  for (const name of Object.keys(stores))
    resolved.set(`\${store:${name}}`, await engine.resolve(`\${store:${name}}`, `stores.${name}`));
  return checksFor({
    manifest: { ...manifest, checks, services, stores },
    environment,
    routes,
    resolve: (text) => resolved.get(text) ?? text,
  });
}

/** The services and stores that a service needs, by its own word or since it is told their address. */
export function dependenciesOf({ services }: Pick<ManifestConfig, "services">, name: string): string[] {
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
export async function isBeingChanged({ store, manifest, environment }: Engine): Promise<boolean> {
  const place = { app: manifest.project, env: environment };
  if ((await unfinishedRollouts(store.db, place)).length > 0) return true;
  const lease = await readLease(store.db, place);
  return lease !== undefined && !lease.manual && !lease.expired && !(await isDeadHolder(lease.holder));
}

/** Why checks fail right now as planned: `recreate` holds requests, also those of services that call the one it replaces. */
export async function plannedOutage({ store, manifest, environment }: Engine): Promise<string | null> {
  const rollouts = await unfinishedRollouts(store.db, { app: manifest.project, env: environment });
  const holds = rollouts.some(({ strategy, state }) => strategy === "recreate" && state === "SHIFTING");
  return holds ? "not judged: a rollout holds requests while it replaces a service" : null;
}

/** How many replicas of a service live, and how many should: those of its release, however many there are at the moment. */
export function processLookup(engine: Engine): ProcessLookup {
  return async (service, signal) => {
    const { store, manifest, environment, platform } = engine;
    // Asked first: a restart that ends meanwhile has taken units away that are looked at below.
    const exchanging = await isBeingChanged(engine);
    // Of both roles: after a rollout that got stuck the candidate may be what users have.
    const units = (await liveUnits(store.db, { app: manifest.project, env: environment })).filter(
      (unit) => unit.service === service && unit.state === "running",
    );
    const looks = await Promise.all(units.map((unit) => platform.observe(unitRef(unit), { signal })));
    const alive = looks.filter((look) => look.alive).length;
    const wanted = (await currentRelease(engine))?.services[service]?.replicas ?? units.length;
    const exit = looks.find((look) => !look.alive)?.exit;
    const detail = exit ? `ended (${exit.signal ?? `exit ${exit.code}`})` : null;
    return { alive, expected: wanted, detail, exchanging };
  };
}
