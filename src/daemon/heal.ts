import { ExternalError } from "../core/errors.ts";
import { restartService, takeForRestart } from "../deploy/restart.ts";
import type { Effects } from "../incidents/execute.ts";
import { releaseLease } from "../store/leases.ts";
import type { Watch } from "../watch/watch.ts";
import { createDevOps } from "./devops/devops.ts";
import type { Engine } from "./engine.ts";
import { collectEvidence } from "./evidence.ts";
import { carryOut, plannedRollback } from "./rollouts.ts";
import { readSituation } from "./situation.ts";
import { processLookup } from "./watching.ts";

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
  const devops = createDevOps(engine);

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
      if (!request && engine.manifest.devops) {
        const { status } = await devops.clear("stale-sessions", "healing", signal);
        return { detail: `stale sessions were cleared through the DevOps API → ${status}` };
      }
      if (!request)
        throw new ExternalError({
          code: "SM-REMEDY-MISSING",
          message: `${service} has no clear_sessions request`,
          next: `add remedies.${service}.clear_sessions or devops to the manifest`,
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
    collectEvidence: (service, since, signal) => collectEvidence(engine, service, { since, signal }),
    gone: async (service, signal) => {
      const { alive, expected, detail, exchanging } = await processLookup(engine)({ process: service }, signal);
      return exchanging || alive >= expected ? null : (detail ?? "a replica is missing");
    },
    situation: (service) => readSituation(engine, service, watch().verdicts()),
  };
}
