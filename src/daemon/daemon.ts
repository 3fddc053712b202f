import { secretNames } from "../config/secrets.ts";
import { systemClock } from "../core/clock.ts";
import { toKnownError } from "../core/errors.ts";
import { reap } from "../deploy/reap.ts";
import { unitRef } from "../deploy/run.ts";
import { verifyLedger } from "../store/ledger.ts";
import { keptReleases } from "../store/releases.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { liveUnits } from "../store/units.ts";
import type { Watch } from "../watch/watch.ts";
import { type Engine, openEngine, reviveStore, stopStore } from "./engine.ts";
import { type Jobs, startJobs } from "./jobs.ts";
import { createUseCases } from "./local.ts";
import { type DaemonLock, lockDaemon } from "./lock.ts";
import { createParts, type Parts } from "./parts.ts";
import { makePlace, type Place } from "./place.ts";
import { type Recovery, recover, repairRoutes, stopApplication } from "./recover.ts";
import { finish } from "./rollouts.ts";
import type { UseCases } from "./usecases.ts";
import { currentChecks, strings } from "./watching.ts";

const TICK_MS = 1_000;
const KEEP_UP_MS = 5_000;
const ROTATE_MS = 30_000;
const FIRST_LOOK_MS = 3_000;

export interface DaemonOptions {
  environment?: string;
  print(line: string): void;
  /** Something went wrong in the background and is tried again. */
  warn(line: string): void;
  /** What the server asks callers for. */
  token?: string;
  /** Serves the use cases; answers the address. */
  serve(usecases: UseCases): Promise<{ url: string; close(): Promise<void> }>;
  onRollout(row: RolloutRow): void;
}

export interface Daemon {
  url: string;
  usecases: UseCases;
  /** Deploys what is missing; rejects when that fails and nothing runs. */
  bringUp(): Promise<Recovery>;
  /** Stops services, router, databases and the store. */
  stop(): Promise<void>;
}

/** Starts everything that waits and watches; the application itself comes up with `bringUp`. */
export async function startDaemon(place: Place, options: DaemonOptions): Promise<Daemon> {
  makePlace(place);
  const lock = await lockDaemon(place);
  try {
    const engine = await openEngine(place, { environment: options.environment });
    try {
      return await wire(place, engine, lock, options);
    } catch (error) {
      await engine.close();
      await stopStore(place);
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function wire(
  place: Place,
  engine: Engine,
  lock: DaemonLock,
  { print, warn, serve, token, onRollout }: DaemonOptions,
): Promise<Daemon> {
  requireSecrets(engine);
  let url: string | null = null;
  let jobs: Jobs | undefined;
  const report = quietly(warn);
  const parts = await createParts(engine, { baseUrl: () => url, print, report });
  const usecases = createUseCases({
    engine,
    ...parts,
    daemon: () => ({ running: true, pid: process.pid, url, startedAt: lock.startedAt }),
    onBackgroundError: (error) => warn(error.message),
    wake: (id) => void jobs?.wake(id).catch(report),
  });
  const server = await serve(usecases);
  url = server.url;
  lock.announce(url, token);
  const timers: NodeJS.Timeout[] = [];
  let stopping: Promise<void> | undefined;

  async function bringUp(): Promise<Recovery> {
    const recovery = await recover(engine, onRollout);
    await afterRollout(engine, parts);
    await parts.incidents.resume((await parts.watch.list()).map(({ id }) => id));
    parts.watch.start();
    parts.outbox.start();
    await firstLook(parts.watch);
    engine.bus.onRolloutEnded(() => void afterRollout(engine, parts).catch(report));
    timers.push(every(TICK_MS, () => parts.incidents.tick(), report));
    timers.push(every(TICK_MS, () => engine.platform.traffic.ensure(), report));
    timers.push(every(KEEP_UP_MS, () => keepUp(engine), report));
    timers.push(every(ROTATE_MS, () => rotateLogs(engine), report));
    jobs = await startJobs(
      engine,
      {
        rollout: (id) => finishAbandoned(engine, id),
        housekeeping: () => tidyUp(engine, warn),
      },
      report,
    );
    return recovery;
  }

  return {
    url,
    usecases,
    bringUp,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };

  async function stop(): Promise<void> {
    for (const timer of timers) clearInterval(timer);
    await parts.watch.stop().catch(report);
    await parts.incidents.close().catch(report);
    await parts.outbox.stop().catch(report);
    await jobs?.stop().catch(report);
    await stopApplication(engine);
    await server.close();
    await engine.close();
    await stopStore(place);
    lock.release();
  }
}

/** New addresses, new checks; services that succeeded for the first time get their restarts. */
async function afterRollout(engine: Engine, { watch, incidents }: Parts): Promise<void> {
  const specs = await currentChecks(engine);
  await watch.setChecks(specs);
  for (const service of new Set(specs.flatMap((spec) => spec.service ?? []))) await incidents.grantFirstEpoch(service);
}

/** Runs every check once, so that the first status says what is true; a slow one is not waited for. */
async function firstLook(watch: Watch): Promise<void> {
  const looks = (await watch.list()).map(({ id }) => watch.runNow(id));
  await Promise.race([Promise.allSettled(looks), systemClock.sleep(FIRST_LOOK_MS)]);
}

/** A rollout that somebody drives needs no second driver. */
async function finishAbandoned(engine: Engine, id: string): Promise<void> {
  const left = await engine.deployer.abandoned(engine.environment);
  if (left.some((row) => row.id === id)) await finish(engine, id);
}

/** The store, the router and the application's databases run whatever happens to them; rollouts they interrupted go on. */
async function keepUp(engine: Engine): Promise<void> {
  await reviveStore(engine.place, engine.store);
  await repairRoutes(engine);
  for (const { id } of await engine.deployer.abandoned(engine.environment)) await finish(engine, id);
  await reap(engine.deploy, engine.environment);
  for (const [name, { url }] of Object.entries(engine.manifest.stores))
    if (url === undefined) await engine.platform.databases.ensure(name, { signal: AbortSignal.timeout(KEEP_UP_MS) });
}

/** Copies of releases that nothing needs go; a broken audit is said aloud. */
async function tidyUp({ store, manifest, platform }: Engine, warn: (line: string) => void): Promise<void> {
  const kept = await keptReleases(store.db, manifest.project);
  await platform.promote(
    kept.map(({ name }) => name),
    { signal: AbortSignal.timeout(KEEP_UP_MS) },
  );
  const verdict = await verifyLedger(store.db);
  if (!verdict.intact) warn(`the audit is broken: ${verdict.why}`);
}

/** A missing secret stops the start, not the night shift. */
function requireSecrets({ manifest, secretDigest }: Engine): void {
  for (const part of ["services", "stores", "checks", "notify", "remedies"] as const)
    for (const [name, value] of Object.entries(manifest[part]))
      secretDigest(
        strings(value).filter((text) => secretNames(text).length > 0),
        `${part}.${name}`,
      );
}

async function rotateLogs(engine: Engine): Promise<void> {
  for (const unit of await liveUnits(engine.store.db, { app: engine.manifest.project, env: engine.environment }))
    await engine.platform.logs?.rotate(unitRef(unit));
}

function every(ms: number, work: () => Promise<unknown>, report: (error: unknown) => void): NodeJS.Timeout {
  let running = false;
  return setInterval(() => {
    if (running) return;
    running = true;
    work()
      .catch(report)
      .finally(() => {
        running = false;
      });
  }, ms);
}

/** The same complaint at most once a minute: a store that is away would otherwise fill the terminal. */
function quietly(warn: (line: string) => void): (error: unknown) => void {
  const said = new Map<string, number>();
  return (error) => {
    const known = typeof error === "string" ? undefined : toKnownError(error);
    const line = known ? `${known.code}: ${known.message}` : String(error);
    if (Date.now() - (said.get(line) ?? 0) < 60_000) return;
    said.set(line, Date.now());
    warn(line);
  };
}
