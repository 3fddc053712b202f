import { type Check, hostOf } from "../contract/check.ts";
import type { IncidentSummary } from "../contract/incident.ts";
import { FINAL_STATES } from "../contract/rollout.ts";
import type { Replica, Service } from "../contract/service.ts";
import type { Silence } from "../contract/silence.ts";
import type { Status } from "../contract/status.ts";
import { hostsBehind } from "../deploy/left-hosts.ts";
import { unitRef } from "../deploy/run.ts";
import type { RouteView } from "../platforms/traffic.ts";
import { listRollouts, toSummary } from "../store/rollouts.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits } from "../store/units.ts";
import { failingNeeds } from "./check-names.ts";
import type { Engine } from "./engine.ts";
import { manualLock, orderedFreezes } from "./holds.ts";
import { bearingOn, serviceState, usersSide } from "./service-state.ts";
import { addressOf, hostsOf, lookAtParts, routesOf } from "./status-hosts.ts";
import { dependenciesOf, servedServices } from "./watching.ts";

const ROLLOUTS = 20;
const DEADLINE_MS = 10_000;

export interface StatusSources {
  engine: Engine;
  checks: Check[];
  incidents: IncidentSummary[];
  silences?: Silence[];
  queued?: Status["queued"];
  daemon: Status["daemon"];
}

/** What `status` says: services with their replicas, incidents, rollouts. */
export async function readStatus({
  engine,
  checks,
  incidents,
  silences = [],
  queued,
  daemon,
}: StatusSources): Promise<Status> {
  const { manifest, environment, store } = engine;
  const app = manifest.project;
  const rollouts = await listRollouts(store.db, { app, env: environment, limit: ROLLOUTS });
  const busy = rollouts.filter(({ state }) => !FINAL_STATES.includes(state));
  const deploying = new Set(
    busy.flatMap(({ plan }) => plan.services.filter(({ action }) => action !== "keep").map(({ service }) => service)),
  );
  const units = await liveUnits(store.db, { app, env: environment });
  const context = { signal: AbortSignal.timeout(DEADLINE_MS) };
  const names = [...new Set([...Object.keys(manifest.services), ...units.map(({ service }) => service)])];
  // All at once: the time that one host is waited for is not taken from the others.
  const [routes, looks, usage, infrastructure] = await Promise.all([
    routesOf(engine, names, context),
    Promise.all(units.map((unit) => engine.platform.observe(unitRef(unit), context).catch(() => undefined))),
    engine.platform.metrics?.(units.map(unitRef), context).catch(() => undefined),
    lookAtParts(engine, context),
  ]);
  const replicas = units.map((unit, index): Seen => {
    const replica = replicaOf(unit, { alive: looks[index]?.alive, route: routes.get(unit.service) });
    return { service: unit.service, role: unit.role, replica, usage: usage?.get(unit.id) };
  });
  const released = await servedServices(engine);
  const services = await Promise.all(
    names.map(async (name): Promise<Service> => {
      const config = manifest.services[name];
      const kind = released[name]?.kind ?? config?.kind ?? "http";
      const own = replicas.filter(({ service }) => service === name);
      const serving = usersSide(own);
      const asking = checks.filter((check) => check.service === name && check.type !== "process");
      const asked = asking.map((check) => bearingOn(kind, check));
      const hosts = hostsOf(engine, { serving, replicas: released[name]?.replicas ?? 0, checks: asked });
      const { state, detail } = serviceState({
        deploying: deploying.has(name),
        alive: serving.filter(({ replica }) => replica.state === "running").length,
        expected: (released[name]?.replicas ?? 0) * (engine.platform.hosts?.().length ?? 1),
        verdicts: asked.filter(({ id }) => hostOf(id) === null).map(({ verdict }) => verdict),
        down: asked.filter(({ id, verdict }) => verdict === "DOWN" && hostOf(id) === null).map(({ id }) => id),
        because: failingParents(engine, name, checks),
        deployed: released[name] !== undefined || serving.length > 0,
        lateJobs: asking.filter((check, index) => check.verdict !== asked[index]?.verdict).map(({ id }) => id),
        hosts: hosts && hosts.length > 1 ? hosts : [],
      });
      return {
        name,
        kind,
        state,
        release: serving[0]?.replica.release ?? null,
        ...(kind === "worker"
          ? { url: null }
          : await addressOf(engine, name, { released: released[name], route: routes.get(name) })),
        critical: config?.critical ?? true,
        detail,
        replicas: own.map(({ replica }) => replica),
        ...(hosts && (released[name] || serving.length > 0) ? { hosts } : {}),
        resources: sumResources(own.map(({ usage }) => usage)),
      };
    }),
  );
  const lock = await manualLock(engine);
  const freezes = await orderedFreezes(engine);
  const behind = await hostsBehind(engine.deploy, environment);
  return {
    ...{ project: app, environment, services, incidents, rollouts: rollouts.map(toSummary), daemon },
    ...(infrastructure.length > 0 ? { infrastructure } : {}),
    ...(lock ? { lock } : {}),
    ...(freezes.length > 0 ? { freezes } : {}),
    ...(silences.length > 0 ? { silences } : {}),
    ...(queued ? { queued } : {}),
    ...(behind.length > 0 ? { hostsBehind: behind } : {}),
  };
}

/** What a service or one of its own checks needs by the manifest, and is down. */
function failingParents({ manifest, environment }: Engine, service: string, checks: readonly Check[]): string[] {
  const own = checks.filter((check) => check.service === service);
  const needs = [...dependenciesOf(manifest, service), ...own.flatMap(({ dependsOn }) => dependsOn)];
  return failingNeeds(checks, { environment, service, needs: [...new Set(needs)] }, ["DOWN"]);
}

interface Seen {
  service: string;
  role: UnitRow["role"];
  replica: Replica;
  usage: { cpuPercent: number; memoryBytes: number } | undefined;
}

function replicaOf(
  unit: UnitRow,
  { alive, route }: { alive: boolean | undefined; route: RouteView | undefined },
): Replica {
  const { id, address, release } = unit;
  return {
    id,
    ...(address.host === undefined ? {} : { host: address.host }),
    pid: address.pid ?? null,
    port: address.port ?? null,
    state: replicaState(unit, alive),
    weight: weightOf(route, id),
    inflight: route?.figures[id]?.inflight ?? 0,
    release,
  };
}

function replicaState({ state }: UnitRow, alive: boolean | undefined): Replica["state"] {
  if (alive === undefined) return "unknown";
  if (alive) return state === "stopped" ? "exited" : state;
  return state === "starting" ? "starting" : "exited";
}

/** A unit's part of all requests, in percent: its side's share divided by weight. A side without members leaves all to the other. */
function weightOf(route: RouteView | undefined, id: string): number {
  if (!route) return 0;
  const stable = route.stable.filter(({ drain }) => !drain);
  const candidate = route.candidate.filter(({ drain }) => !drain);
  const share = stable.length === 0 ? 100 : candidate.length === 0 ? 0 : route.share;
  for (const [members, part] of [
    [stable, 100 - share],
    [candidate, share],
  ] as const) {
    const total = members.reduce((sum, { weight }) => sum + weight, 0);
    const found = members.find((item) => item.id === id);
    if (found && total > 0) return Number(((found.weight / total) * part).toFixed(1));
  }
  return 0;
}

function sumResources(list: readonly Seen["usage"][]): Service["resources"] {
  const known = list.filter((item) => item !== undefined);
  if (known.length === 0) return null;
  return {
    cpuPercent: Number(known.reduce((sum, item) => sum + item.cpuPercent, 0).toFixed(1)),
    memoryBytes: known.reduce((sum, item) => sum + item.memoryBytes, 0),
  };
}
