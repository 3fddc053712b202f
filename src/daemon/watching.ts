import { FINAL_STATES } from "../contract/rollout.ts";
import { currentRelease } from "../deploy/request.ts";
import { unitRef } from "../deploy/run.ts";
import { listRollouts } from "../store/rollouts.ts";
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
  const services = Object.fromEntries(names.map((name) => [name, manifest.services[name]]));
  return checksFor({
    manifest: { ...manifest, checks, services: services as typeof manifest.services },
    environment,
    routes,
    resolve: (text) => resolved.get(text) ?? text,
  });
}

/** Every text inside a value. */
export function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return value && typeof value === "object" ? Object.values(value).flatMap(strings) : [];
}

/** How many replicas of a service live, and how many should. While a rollout exchanges them, those that are there count. */
export function processLookup(engine: Engine): ProcessLookup {
  return async (service, signal) => {
    const { store, manifest, environment, platform } = engine;
    const units = (await liveUnits(store.db, { app: manifest.project, env: environment })).filter(
      (unit) => unit.service === service && unit.role === "stable" && unit.state === "running",
    );
    const looks = await Promise.all(units.map((unit) => platform.observe(unitRef(unit), { signal })));
    const alive = looks.filter((look) => look.alive).length;
    const [latest] = await listRollouts(store.db, { app: manifest.project, env: environment, limit: 1 });
    const exchanging = latest !== undefined && !FINAL_STATES.includes(latest.state);
    const wanted = (await currentRelease(engine))?.services[service]?.replicas ?? units.length;
    const exit = looks.find((look) => !look.alive)?.exit;
    return {
      alive,
      expected: exchanging ? units.length : Math.max(wanted, units.length),
      detail: exit ? `ended (${exit.signal ?? `exit ${exit.code}`})` : null,
    };
  };
}
