import { ExternalError } from "../core/errors.ts";
import { lastDeployAt, previousGood, standingRollouts } from "../deploy/history.ts";
import { restartService, takeForRestart } from "../deploy/restart.ts";
import type { Effects } from "../incidents/execute.ts";
import { releaseLease } from "../store/leases.ts";
import type { Watch } from "../watch/watch.ts";
import { failingNeeds, namesWith } from "./check-names.ts";
import type { Engine } from "./engine.ts";
import { collectEvidence } from "./evidence.ts";
import { infrastructureParts } from "./infrastructure.ts";
import { carryOut, plannedRollback } from "./rollouts.ts";
import { dependenciesOf, isBeingChanged, processLookup } from "./watching.ts";

/**
 * How incidents touch the world. What changes it goes through `track`: incidents wait for it up to a deadline or the stop of the
 * daemon only, and it goes on until it has put things in order.
 */
export function healingEffects(
  engine: Engine,
  watch: () => Watch,
  track: <T>(work: Promise<T>) => Promise<T> = (work) => work,
): Effects {
  const environment = engine.environment;

  return {
    hold: async (service) => {
      const lease = await track(takeForRestart(engine.deploy, environment));
      return {
        restart: async (_ticket, signal) => {
          const options = { environment, service, which: "failing", signal, lease } as const;
          const done = await track(restartService(engine.deploy, options));
          engine.bus.emit({ type: "status" });
          return { detail: done.join(", ") };
        },
        release: () => releaseLease(engine.store.db, lease),
      };
    },
    clearSessions: async (service, signal) => {
      const request = engine.manifest.remedies[service]?.clear_sessions;
      if (!request)
        throw new ExternalError({
          code: "SM-REMEDY-MISSING",
          message: `${service} has no clear_sessions request`,
          next: `add remedies.${service}.clear_sessions to the manifest`,
        });
      const url = `${await engine.serviceUrl(service)}${request.path}`;
      const headers = Object.fromEntries(
        await Promise.all(
          Object.entries(request.headers).map(async ([name, value]) => [
            name,
            await engine.resolve(value, `remedies.${service}.clear_sessions.headers.${name}`),
          ]),
        ),
      );
      const response = await fetch(url, { method: request.method, headers, signal, redirect: "error" });
      await response.body?.cancel();
      if (!response.ok)
        throw new ExternalError({
          code: "SM-REMEDY-FAILED",
          message: `${request.method} ${request.path} answered ${response.status}`,
          status: response.status,
        });
      return { detail: `${request.method} ${request.path} → ${response.status}` };
    },
    redeploy: async (_service, incidentId) => {
      const planned = await plannedRollback(engine, {}, `incident:${incidentId}`);
      const row = await track(carryOut(engine, planned));
      if (row.state !== "SUCCEEDED")
        throw new ExternalError({
          code: "SM-REMEDY-FAILED",
          message: `the rollback to ${row.release} ended ${row.state}`,
          next: "stationmaster status",
        });
      return { detail: `back on ${row.release}` };
    },
    collectEvidence: (service, signal) => collectEvidence(engine, service, signal),
    gone: async (service, signal) => {
      const { alive, expected, detail, exchanging } = await processLookup(engine)({ process: service }, signal);
      return exchanging || alive >= expected ? null : (detail ?? "a replica is missing");
    },
    situation: async (service) => {
      const app = engine.manifest.project;
      const place = { store: engine.store, app, environment };
      const stack = await standingRollouts(place);
      const verdicts = watch().verdicts();
      const down = namesWith(verdicts, environment, ["DOWN"]);
      // A doubt counts too: what needs it would else fail, and be restarted, a moment before it is known to be down itself.
      const parts = Object.entries(await infrastructureParts(engine));
      const needs = [
        ...dependenciesOf(engine.manifest, service),
        ...parts.filter(([, users]) => users.includes(service)).map(([name]) => name),
      ];
      return {
        deploying: await isBeingChanged(engine),
        lastDeployAt: lastDeployAt(stack, service),
        previousGood: (await previousGood(place, stack))?.name ?? null,
        dependenciesDown: failingNeeds(verdicts, { environment, service, needs }, ["DOWN", "SUSPECT"]),
        servicesTotal: Object.keys(engine.manifest.services).length,
        servicesDown: down.filter((name) => engine.manifest.services[name]),
      };
    },
  };
}
