import { FINAL_STATES } from "../contract/rollout.ts";
import { ExternalError } from "../core/errors.ts";
import { currentRelease, previousGood } from "../deploy/request.ts";
import { restartService } from "../deploy/restart.ts";
import type { Effects } from "../incidents/execute.ts";
import { listRollouts } from "../store/rollouts.ts";
import type { Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import { collectEvidence } from "./evidence.ts";
import { carryOut, plannedRollback } from "./rollouts.ts";

const RECENT_ROLLOUTS = 20;

/** How incidents touch the world. */
export function healingEffects(engine: Engine, watch: () => Watch): Effects {
  const environment = engine.environment;

  return {
    restart: async (_ticket, service, signal) => {
      const done = await restartService(engine.deploy, { environment, service, which: "failing", signal });
      engine.bus.emit({ type: "status" });
      return { detail: done.join(", ") };
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
      const row = await carryOut(engine, planned);
      if (row.state !== "SUCCEEDED")
        throw new ExternalError({
          code: "SM-REMEDY-FAILED",
          message: `the rollback to ${row.release} ended ${row.state}`,
          next: "stationmaster status",
        });
      return { detail: `back on ${row.release}` };
    },
    collectEvidence: (service, signal) => collectEvidence(engine, service, signal),
    situation: async (service) => {
      const app = engine.manifest.project;
      const rollouts = await listRollouts(engine.store.db, { app, env: environment, limit: RECENT_ROLLOUTS });
      const current = await currentRelease(engine);
      const last = rollouts.find(
        ({ state, kind, plan }) =>
          state === "SUCCEEDED" &&
          kind !== "restore" &&
          plan.services.some((item) => item.service === service && item.action === "replace"),
      );
      const down = new Set(
        (await watch().list())
          .filter(({ verdict, service: owner }) => verdict === "DOWN" && owner)
          .map(({ service: owner }) => owner as string),
      );
      return {
        deploying: rollouts.some(({ state }) => !FINAL_STATES.includes(state)),
        lastDeployAt: last?.finishedAt?.getTime() ?? null,
        previousGood: (await previousGood(engine, current?.name))?.name ?? null,
        dependenciesDown: (engine.manifest.services[service]?.depends_on ?? []).filter((name) => down.has(name)),
        servicesTotal: Object.keys(engine.manifest.services).length,
        servicesDown: [...down],
      };
    },
  };
}
