import type { KnownError } from "../core/errors.ts";
import { reap, removeStrays } from "../deploy/reap.ts";
import { liveUnits } from "../store/units.ts";
import { type Engine, openEngine, stopStore, storeInUse } from "./engine.ts";
import { createUseCases } from "./local.ts";
import { runningDaemon } from "./lock.ts";
import { createParts } from "./parts.ts";
import type { Place } from "./place.ts";
import { repairRoutes, stopApplication } from "./recover.ts";
import { finish } from "./rollouts.ts";
import type { UseCases } from "./usecases.ts";

/** The use cases for one command, with nothing watched. What the command starts (services, router) goes on; the embedded store ends with it. */
export async function openOneOff(
  place: Place,
  environment?: string,
): Promise<{ usecases: UseCases; close(): Promise<void> }> {
  const engine = await openEngine(place, { environment });
  const parts = await createParts(engine, { channels: false, baseUrl: () => null, print: () => {}, report: () => {} });
  let broken: KnownError | undefined;
  const usecases = createUseCases({
    engine,
    ...parts,
    daemon: () => ({ running: false, pid: null, url: null, startedAt: null }),
    onBackgroundError: (error) => {
      broken = error;
    },
  });
  return {
    usecases: afterCrash(engine, usecases, () => broken),
    close: async () => {
      await engine.deployer.stop();
      await parts.incidents.close();
      await engine.close();
      // A daemon or another command that came meanwhile needs the store.
      if (!(await runningDaemon(place)) && !(await storeInUse(engine.store))) await stopStore(place);
    },
  };
}

/**
 * Where nobody watches, the next command puts in order what a crash left before it plans or changes anything. A rollout whose
 * work broke off here (lease or store lost) has no end to wait for: then `rollout` rejects with the reason.
 */
function afterCrash(engine: Engine, usecases: UseCases, broken: () => KnownError | undefined): UseCases {
  const first = async <T>(work: () => Promise<T>): Promise<T> => {
    await finishAbandoned(engine);
    return await work();
  };
  const changed = async (id: string, change: () => Promise<unknown>) => {
    await change();
    await finishAbandoned(engine);
    return await usecases.rollout(id);
  };
  return {
    ...usecases,
    plan: (request) => first(() => usecases.plan(request)),
    planRollback: (request) => first(() => usecases.planRollback(request)),
    restart: (service, actor) => first(() => usecases.restart(service, actor)),
    promote: (id, actor) => changed(id, () => usecases.promote(id, actor)),
    abort: (id, actor) => changed(id, () => usecases.abort(id, actor)),
    rollout: async (id) => {
      const error = broken();
      if (error) throw error;
      return await usecases.rollout(id);
    },
  };
}

async function finishAbandoned(engine: Engine): Promise<void> {
  const { deployer, environment, manifest, store } = engine;
  const left = await deployer.abandoned(environment);
  const units = await liveUnits(store.db, { app: manifest.project, env: environment });
  if (left.length === 0 && units.length === 0) return;
  await repairRoutes(engine);
  await removeStrays(engine.deploy, environment);
  await reap(engine.deploy, environment);
  for (const { id, release, state } of left) {
    process.stderr.write(`a crash left the rollout ${id} (${release}) in ${state}: finishing it first\n`);
    const end = await finish(engine, id);
    process.stderr.write(`the rollout ${id} (${release}) ended ${end.state}\n`);
  }
}

/** Stops everything that a killed daemon or one-off commands left running. */
export async function stopWithoutDaemon(place: Place): Promise<void> {
  const engine = await openEngine(place);
  try {
    await stopApplication(engine);
  } finally {
    await engine.close();
    await stopStore(place);
  }
}
