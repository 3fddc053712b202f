import { formatDuration } from "../core/duration.ts";
import { isLost, type KnownError } from "../core/errors.ts";
import { withRedactedErrors } from "../core/redact-error.ts";
import { thisHolder } from "../deploy/holder.ts";
import { reap, removeStrays } from "../deploy/reap.ts";
import { findRollout } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { liveUnits } from "../store/units.ts";
import { inBackground } from "./background.ts";
import { type Engine, openEngine } from "./engine.ts";
import { createUseCases } from "./local.ts";
import { runningDaemon } from "./lock.ts";
import { createParts } from "./parts.ts";
import type { Place } from "./place.ts";
import { createPreviews } from "./previews.ts";
import { createWishLook } from "./queue.ts";
import { catchUp, repairRoutes } from "./recover.ts";
import { finish } from "./rollouts.ts";
import { leaveStore } from "./store.ts";
import type { UseCases } from "./usecases.ts";

const TIDY_EVERY_MS = 5_000;

/** The use cases for one command, with nothing watched. What the command starts (services, router) goes on; the embedded store ends with it. */
export async function openOneOff(
  place: Place,
  environment?: string,
): Promise<{ usecases: UseCases; leave(): Promise<void>; close(): Promise<void> }> {
  const engine = await openEngine(place, { environment });
  const parts = await createParts(engine, { sends: false, baseUrl: () => null, print: () => {}, report: () => {} });
  let broken: KnownError | undefined;
  const previews = createPreviews({ engine, report: () => {} });
  const onBackgroundError = (error: KnownError) => {
    broken = error;
  };
  const usecases = createUseCases({
    ...{ engine, previews },
    ...parts,
    daemon: () => ({ running: false, pid: null, url: null, startedAt: null }),
    onBackgroundError,
  });
  const look = createWishLook(engine, {
    holder: await thisHolder(),
    begin: (planned) => inBackground(engine, planned, { onBackgroundError }),
  });
  return {
    usecases: withRedactedErrors(inOrderFirst(engine, usecases, { broken: () => broken, look }), engine.redact),
    leave: () => engine.deployer.leave(),
    close: async () => {
      await engine.deployer.stop();
      await previews.stop();
      await parts.incidents.close();
      await engine.close();
      // A daemon or another command that came meanwhile needs the store.
      if (!(await runningDaemon(place))) await leaveStore(place, engine.store);
    },
  };
}

/**
 * Where nobody watches, the next command puts in order what a crash left before it plans or changes anything. A rollout whose
 * work broke off here (lease or store lost) has no end to wait for: then `rollout` rejects with the reason.
 */
function inOrderFirst(
  engine: Engine,
  usecases: UseCases,
  { broken, look }: { broken(): KnownError | undefined; look(): Promise<void> },
): UseCases {
  const first = async <T>(work: () => Promise<T>): Promise<T> => {
    await finishAbandoned(engine);
    return await work();
  };
  /** Tidying asks every host; a look that is repeated every second does it now and then. */
  let tidied = Number.NEGATIVE_INFINITY;
  const changed = async (id: string, change: () => Promise<unknown>) => {
    await change();
    await finishAbandoned(engine);
    return await usecases.rollout(id);
  };
  return {
    ...usecases,
    plan: (request, actor) => first(() => usecases.plan(request, actor)),
    planRollback: (request) => first(() => usecases.planRollback(request)),
    queued: async () => {
      // Asked again and again by who waits for his turn: a host that does not answer now shall not cost him his place.
      const isDue = performance.now() - tidied > TIDY_EVERY_MS;
      if (isDue) tidied = performance.now();
      await (isDue ? first(look) : look()).catch((error: unknown) => {
        if (!isLost(error)) throw error;
      });
      return await usecases.queued();
    },
    migrations: (request, actor) => first(() => usecases.migrations(request, actor)),
    planContract: (request, actor) => first(() => usecases.planContract(request, actor)),
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
  await catchUp(engine);
  await removeStrays(engine.deploy, environment);
  await reap(engine.deploy, environment);
  for (const row of left) await finishAloud(engine, row);
}

/** Drives a rollout that a crash left to its end and says where it is: a bake can take its time. */
async function finishAloud(engine: Engine, { id, release, state, plan }: RolloutRow): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say(`a crash left the rollout ${id} (${release}) in ${state}: finishing it first`);
  let last = state;
  const unsubscribe = engine.bus.subscribe(async (event) => {
    if (event.type !== "rollout" || event.id !== id) return;
    const now = await findRollout(engine.store.db, id).catch(() => undefined);
    if (!now || now.state === last) return;
    last = now.state;
    say(`→ ${last}${last === "BAKING" ? ` (${formatDuration(plan.strategy.bakeMs)})` : ""}`);
  });
  try {
    const end = await finish(engine, id);
    say(`the rollout ${id} (${release}) ended ${end.state}`);
  } finally {
    unsubscribe();
  }
}
