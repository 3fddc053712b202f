import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentConfig } from "../config/environments.ts";
import { PolicyError } from "../core/errors.ts";
import { createLocal } from "../platforms/local/index.ts";
import { liveUnits } from "../store/units.ts";
import { type Engine, openEngine } from "./engine.ts";
import type { Place } from "./place.ts";
import { applicationSteps, isHere, stopUnits } from "./stop-application.ts";
import { endAll } from "./stop-steps.ts";
import { leaveStore, stopStore } from "./store.ts";

const DEADLINE_MS = 15_000;

/**
 * Stops everything that a killed daemon or one-off commands left running on a state directory, also without its manifest or
 * store. Answers whether there was anything, which a store that cannot be opened leaves open.
 */
export async function stopWithoutDaemon(place: Place): Promise<boolean> {
  const hadStore = process.env.DATABASE_URL !== undefined || existsSync(join(place.stateDir, "db"));
  const engine = hadStore ? await openEngine(place).catch(() => undefined) : undefined;
  const platform = barePlatform(place);
  const left = engine && (await liveUnits(engine.store.db, { app: engine.manifest.project }).catch(() => undefined));
  await endAll([
    ...applicationSteps({ place, platform, engine, hurry: new AbortController().signal }),
    { what: "the connection to the store", end: () => engine?.close() },
    { what: "the store", end: () => stopStore(place) },
  ]);
  return left === undefined ? hadStore : left.some(isHere);
}

/** Stops the services of one environment; with the last environment everything. Answers the environments that go on. */
export async function stopEnvironment(place: Place, environment: string): Promise<string[]> {
  const engine = await openEngine(place, { environment });
  let others: string[];
  try {
    others = await stopOnly(engine);
  } finally {
    await engine.close();
  }
  if (others.length === 0) await stopWithoutDaemon(place);
  else await leaveStore(place, engine.store);
  return others;
}

async function stopOnly(engine: Engine): Promise<string[]> {
  const { store, platform, environment, manifest, place } = engine;
  const app = manifest.project;
  if (!platform.ends)
    throw new PolicyError({
      code: "SM-DOWN-HOSTS",
      message: `${environment} runs on hosts (${platform.hosts?.().join(", ")}); down ends only what runs on this machine`,
      next: `stationmaster down ${environment} --remove takes it off them; it shows first what would go`,
    });
  const units = await liveUnits(store.db, { app, env: environment });
  await stopUnits(engine, barePlatform(place), { environment, hurry: new AbortController().signal });
  const others = (await liveUnits(store.db, { app })).map(({ env }) => env);
  if (others.length > 0)
    for (const service of new Set(units.map((unit) => unit.service)))
      await platform.traffic.remove({ app, environment, service }, { signal: AbortSignal.timeout(DEADLINE_MS) });
  return [...new Set(others)];
}

/** The processes of this machine; what can be stopped without knowing the application. */
function barePlatform({ stateDir, socket, configFile }: Place) {
  const settings = { platform: "local" } as EnvironmentConfig;
  return createLocal({
    stateDir,
    socket,
    project: () => ({ root: stateDir, manifestFile: configFile, services: {}, settings, variable: () => undefined }),
  });
}
