import { systemClock } from "../core/clock.ts";
import { unitRef } from "../deploy/run.ts";
import { removeOld } from "../incidents/retention.ts";
import { verifyLedger } from "../store/ledger.ts";
import { keptReleases } from "../store/releases.ts";
import { liveUnits } from "../store/units.ts";
import type { Watch } from "../watch/watch.ts";
import { currentChecks } from "./checks.ts";
import type { Engine } from "./engine.ts";
import { tidyHeartbeats } from "./heartbeats.ts";
import type { Parts } from "./parts.ts";
import { catchUp, repairRoutes } from "./recover.ts";
import { finish } from "./rollouts.ts";
import { reviveStore } from "./store.ts";

const FIRST_LOOK_MS = 3_000;
const STEP_MS = 5_000;

/** Keeps the checks in line with what runs. */
export interface CheckRenewal {
  /** New addresses, new checks; incidents of checks that ended close. */
  renew(): Promise<void>;
  /** The same again, while one of the checks or all of them could not be made. */
  retry(): Promise<void>;
}

export function createCheckRenewal(
  engine: Engine,
  { watch, incidents, alerts, crew, report }: Pick<Parts, "watch" | "incidents" | "alerts" | "crew" | "report">,
): CheckRenewal {
  let incomplete = false;
  let last = Promise.resolve();
  const renewOnce = async () => {
    incomplete = true;
    const specs = await currentChecks(engine, report);
    const ids = specs.map(({ id }) => id);
    await watch.setChecks(specs);
    const computed = (await watch.synthetic()).map(({ id }) => id);
    await incidents.setChecks([...ids, ...computed, ...(await alerts.ids())]);
    await crew.changed(ids);
    incomplete = specs.some(({ broken }) => broken !== undefined);
  };
  // One after the other: what was read first must not be set last.
  const renew = () => {
    last = last.catch(() => {}).then(renewOnce);
    return last;
  };
  return {
    renew,
    retry: async () => {
      if (incomplete) await renew();
    },
  };
}

/** Runs every check once, so that the first status says what is true; a slow one is not waited for. */
export async function firstLook(watch: Watch, stopping: AbortSignal): Promise<void> {
  const looks = (await watch.list()).map(({ id }) => watch.runNow(id));
  await Promise.race([Promise.allSettled(looks), systemClock.sleep(FIRST_LOOK_MS, stopping)]);
}

/** A rollout that somebody drives needs no second driver. */
export async function finishAbandoned(engine: Engine, id: string): Promise<void> {
  const left = await engine.deployer.abandoned(engine.environment);
  if (left.some((row) => row.id === id)) await finish(engine, id);
}

/** The store, the router and the application's databases run whatever happens to them; rollouts they interrupted go on. */
export async function keepUp(
  engine: Engine,
  stopping: AbortSignal,
  background: (work: Promise<unknown>) => void,
): Promise<void> {
  const { deployer, environment, manifest, platform } = engine;
  const steps = [
    () => repairRoutes(engine),
    () => catchUp(engine),
    async () => {
      for (const { id } of await deployer.abandoned(environment)) background(finish(engine, id));
    },
    async () => {
      for (const [name, { url }] of Object.entries(manifest.stores))
        if (url === undefined) await platform.databases?.ensure(name, { signal: AbortSignal.timeout(STEP_MS) });
    },
  ];
  await doAll(steps, stopping);
}

/** One that fails keeps none of the others from being done; rejects with the first failure at the end, or when `stopping` aborts. */
async function doAll(steps: readonly (() => Promise<unknown>)[], stopping: AbortSignal): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    stopping.throwIfAborted();
    await step().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

/** Starts a store that died; throws while it cannot be had. */
export async function keepStore({ place, store }: Engine, storeAnswers: () => void): Promise<void> {
  await reviveStore(place, store);
  await store.pool.query("select 1");
  storeAnswers();
}

/** Copies of releases and addresses of jobs that nothing needs go, and what is too old; a broken audit is said aloud. */
export async function tidyUp(engine: Engine, warn: (line: string) => void, stopping: AbortSignal): Promise<void> {
  const { store, manifest, platform } = engine;
  const steps = [
    () => tidyHeartbeats(engine),
    () => removeOld(store),
    async () => {
      const kept = await keptReleases(store.db, manifest.project);
      await platform.prune(kept, { signal: AbortSignal.timeout(STEP_MS) });
    },
    async () => {
      const verdict = await verifyLedger(store.db);
      if (!verdict.intact) warn(`the audit is broken: ${verdict.why}`);
    },
  ];
  await doAll(steps, stopping);
}

/** Large logs of units that live are cut. */
export async function rotateLogs({ store, platform, manifest, environment }: Engine): Promise<void> {
  for (const unit of await liveUnits(store.db, { app: manifest.project, env: environment }))
    await platform.logs?.rotate(unitRef(unit));
}
