import { ExternalError } from "../core/errors.ts";
import { restartLimit } from "../deploy/boot.ts";
import { restartService, takeForRestart } from "../deploy/restart.ts";
import type { Effects } from "../incidents/execute.ts";
import { releaseLease } from "../store/leases.ts";
import type { Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import { collectEvidence } from "./evidence.ts";
import { createRelief } from "./relief.ts";
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
  return {
    hold: async (service, asked) => {
      const place = { app: engine.deploy.app, env: environment };
      const withinMs = await restartLimit({ dependencies: engine.deploy, row: place, signal: asked }, service);
      const lease = await track(takeForRestart(engine.deploy, environment));
      let hasBegun = false;
      const release = async () => {
        // Whoever restarts gives it back at the end, which may come after the deadline: until then nobody else works there.
        if (!hasBegun) await releaseLease(engine.store.db, lease);
      };
      if (asked.aborted) await release();
      asked.throwIfAborted();
      return {
        withinMs,
        restart: async (_ticket, signal) => {
          const options = { environment, service, which: "failing", signal, lease } as const;
          hasBegun = true;
          const done = await track(restartService(engine.deploy, options));
          engine.bus.emit({ type: "status" });
          return { detail: done.join(", ") };
        },
        release,
      };
    },
    relieve: createRelief(engine),
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
