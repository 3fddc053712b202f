import type { Check } from "../contract/check.ts";
import { hostOf } from "../contract/check.ts";
import { names } from "../contract/host-standing.ts";
import { usualBoot } from "../deploy/boot.ts";
import { lastDeployAt, previousGood, standingRollouts } from "../deploy/history.ts";
import type { Situation } from "../incidents/outlook.ts";
import { bootTimes } from "../store/boot-times.ts";
import { and, eq, gte } from "../store/drizzle.ts";
import { contractedSince } from "../store/migration-runs.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { checkState } from "../store/tables/watch.ts";
import { failingNeeds, namesWith } from "./check-names.ts";
import type { Engine } from "./engine.ts";
import { infrastructureParts } from "./infrastructure.ts";
import { changeUnderWay, dependenciesOf } from "./watching.ts";

const RECENT_MS = 10 * 60_000;

type Verdicts = readonly Pick<Check, "id" | "service" | "verdict">[];

/** What speaks for and against a remedy for the service right now. */
export async function readSituation(engine: Engine, service: string, verdicts: Verdicts): Promise<Situation> {
  const { store, environment, manifest } = engine;
  const app = manifest.project;
  const place = { store, app, environment };
  const stack = await standingRollouts(place);
  const change = await changeUnderWay(engine);
  const deployedAt = lastDeployAt(stack, service);
  const parts = Object.entries(await infrastructureParts(engine));
  const needs = [
    ...dependenciesOf(manifest, service),
    ...parts.filter(([, users]) => users.includes(service)).map(([name]) => name),
  ];
  // A doubt counts too: what needs it would else fail, and be restarted, a moment before it is known to be down itself.
  const dependenciesDown = failingNeeds(verdicts, { environment, service, needs }, ["DOWN", "SUSPECT"]);
  const servicesDown = namesWith(verdicts, environment, ["DOWN"]).filter((name) => manifest.services[name]);
  return {
    isWorker: manifest.services[service]?.kind === "worker",
    deploying: change !== null,
    restarting: change === "restart",
    lastDeployAt: deployedAt,
    previousGood: (await previousGood(place, stack))?.name ?? null,
    deployed: deployedWith(stack, service),
    irreversible: deployedAt !== null && (await contractedSince(store.db, { app, env: environment }, deployedAt)),
    dependenciesDown,
    databasesDown: dependenciesDown.filter((name) => manifest.stores[name]),
    platformTrouble: silentHosts(verdicts),
    servicesTotal: Object.keys(manifest.services).length,
    servicesDown,
    recentlyDown: await recently(engine, servicesDown),
    bootMs: usualBoot(await bootTimes(store.db, { app, env: environment, service })),
  };
}

/** The services that the deployment changed which brought the service what it runs. */
function deployedWith(stack: readonly Pick<RolloutRow, "kind" | "plan">[], service: string): string[] {
  const changed = stack
    .filter(({ kind }) => kind === "deploy")
    .map(({ plan }) => plan.services.filter(({ action }) => action === "replace").map((item) => item.service));
  return changed.findLast((services) => services.includes(service)) ?? [];
}

/** Of hosts on which nobody can look at anything it is not known what a remedy would do; null when there is none. */
export function silentHosts(verdicts: Verdicts): string | null {
  const hosts = Map.groupBy(verdicts, ({ id }) => hostOf(id));
  const silent = [...hosts].flatMap(([host, checks]) =>
    host !== null && checks.every(({ verdict }) => verdict === "UNKNOWN") ? [host] : [],
  );
  return silent.length === 0 ? null : `nothing is known of ${names(silent)}`;
}

/** Those that a check found down within the last 10 min. */
async function recently({ store, environment, clock }: Engine, services: readonly string[]): Promise<string[]> {
  if (services.length === 0) return [];
  const since = new Date(clock.now() - RECENT_MS);
  const rows = await store.db
    .selectDistinct({ service: checkState.service })
    .from(checkState)
    .where(and(eq(checkState.environment, environment), eq(checkState.verdict, "DOWN"), gte(checkState.since, since)));
  return services.filter((name) => rows.some(({ service }) => service === name));
}
