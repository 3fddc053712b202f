import type { Registry } from "prom-client";
import { withRedactedErrors } from "../core/redact-error.ts";
import { createRecorder } from "../deploy/analysis/record.ts";
import { reap } from "../deploy/reap.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { requirePrograms } from "../watch/programs.ts";
import { createSelfWatch, SELF_BEAT_MS } from "../watch/self.ts";
import { SLO_BEAT_MS } from "../watch/slo/report.ts";
import { createBackfills } from "./backfills.ts";
import { type Background, inBackground } from "./background.ts";
import { beat } from "./deadman.ts";
import { pointTo } from "./elsewhere.ts";
import { openEngine } from "./engine.ts";
import { RECEIVER_BEAT_MS } from "./heartbeats.ts";
import { type Jobs, startJobs } from "./jobs.ts";
import { createUseCases } from "./local.ts";
import { lockDaemon } from "./lock.ts";
import { createLoops } from "./loops.ts";
import { createMeters } from "./meters/meters.ts";
import { tellOutside } from "./outside.ts";
import { createParts } from "./parts.ts";
import { makePlace, type Place } from "./place.ts";
import type { Planned } from "./planned.ts";
import { createPreviews } from "./previews.ts";
import { createWishLook } from "./queue.ts";
import { type Recovery, recover } from "./recover.ts";
import { createReporter } from "./reporter.ts";
import { keepReports } from "./reports/round.ts";
import { requireSecrets } from "./require.ts";
import { judgeObjectives } from "./slo.ts";
import { applicationSteps } from "./stop-application.ts";
import { endAll, orHurry, type StopStep } from "./stop-steps.ts";
import { isShared, reviveStore, stopStore } from "./store.ts";
import { createCheckRenewal, finishAbandoned, firstLook, keepStore, keepUp, rotateLogs, tidyUp } from "./upkeep.ts";
import type { UseCases } from "./usecases.ts";

const TICK_MS = 1_000;
const KEEP_UP_MS = 5_000;
const RENEW_MS = 10_000;
const ROTATE_MS = 30_000;
const RECORD_MS = 15_000;
const PREVIEWS_MS = 60_000;
const DEADMAN_MS = 60_000;

export interface DaemonOptions {
  environment?: string;
  print(line: string): void;
  /** Something went wrong in the background and is tried again. */
  warn(line: string): void;
  /** What the server asks callers for. */
  token?: string;
  /** Throws when `serve` could not listen; asked before anything is made. */
  canServe(): Promise<void>;
  /** Serves the use cases; answers the address. */
  serve(usecases: UseCases, metrics: Registry): Promise<{ url: string; close(): Promise<void> }>;
  /** A rollout of the start begins. */
  onRollout(row: RolloutRow): void;
  /** A later one, which somebody else or the healing began, begins or ends. */
  onLaterRollout(row: RolloutRow): void;
  /** The person who starts it; null where a program does. */
  orderedBy: string | null;
  /** Aborts when the start is to be given up. */
  signal: AbortSignal;
  /** Aborts when the stop is to wait for nothing that it can kill. */
  hurry: AbortSignal;
}

export interface Daemon {
  url: string;
  usecases: UseCases;
  /** Deploys what is missing; rejects when that fails and nothing runs. */
  bringUp(): Promise<Recovery>;
  /** Stops services, router, databases and the store. Throws `SM-STOP-INCOMPLETE`, after having tried everything. */
  stop(): Promise<void>;
}

/**
 * Starts everything that waits and watches; the application itself comes up with `bringUp`. A start that fails or is given up
 * takes back what it made; given up, it rejects with the signal's reason.
 */
export async function startDaemon(place: Place, options: DaemonOptions): Promise<Daemon> {
  const made: StopStep[] = [];
  try {
    return await start(place, options, made);
  } catch (error) {
    await endAll(made);
    throw options.signal.aborted ? options.signal.reason : error;
  }
}

/** `made` gets what ends each thing that was made, the latest first. */
async function start(place: Place, options: DaemonOptions, made: StopStep[]): Promise<Daemon> {
  const { signal, hurry, warn, token } = options;
  makePlace(place);
  const lock = await lockDaemon(place);
  made.unshift({ what: "the lock", end: lock.release }, { what: "the note where it is", end: pointTo(place) });
  await options.canServe();
  signal.throwIfAborted();
  made.unshift({ what: "the store", end: () => stopStore(place) });
  const engine = await openEngine(place, { environment: options.environment });
  made.unshift({ what: "the connection to the store", end: () => orHurry(engine.close(), hurry) });
  signal.throwIfAborted();
  requireSecrets(engine.project);
  await requirePrograms(engine.manifest.checks);

  let url: string | null = null;
  let jobs: Jobs | undefined;
  const { report, storeAnswers } = createReporter(warn, { redact: engine.redact });
  const loops = createLoops(report);
  const meters = createMeters(engine, report);
  const parts = await createParts(engine, {
    onResult: meters.ran,
    baseUrl: () => url,
    print: options.print,
    report,
    track: loops.track,
    shares: isShared() ? "daemon" : undefined,
  });
  meters.follow(parts.watch);
  const checks = createCheckRenewal(engine, parts);
  const background: Background = {
    onBackgroundError: report,
    wake: (id) => void jobs?.wake(id).catch(report),
    track: loops.track,
  };
  const previews = createPreviews({ engine, report });
  const usecases = createUseCases({
    ...{ engine, previews },
    ...parts,
    ...background,
    daemon: () => ({ running: true, pid: process.pid, url, startedAt: lock.startedAt }),
    refresh: checks.renew,
    stopping: loops.stopping,
  });
  const tracked = withRedactedErrors<UseCases>(
    { ...usecases, restart: (...given) => loops.track(usecases.restart(...given)) },
    engine.redact,
  );
  signal.throwIfAborted();
  const server = await options.serve(tracked, meters.registry);
  const goOn = (work: Promise<unknown>) => void loops.track(work).catch(report);
  async function bringUp(): Promise<Recovery> {
    const { stopping } = loops;
    const recovery = await recover(engine, { ...options, background: goOn });
    stopping.throwIfAborted();
    await checks.renew();
    await parts.crew.start();
    stopping.throwIfAborted();
    await parts.heartbeats.alive();
    parts.watch.start();
    parts.outbox?.start();
    await firstLook(parts.watch, stopping);
    engine.bus.onRolloutBegan(options.onLaterRollout);
    engine.bus.onRolloutEnded(options.onLaterRollout);
    engine.bus.onRolloutEnded(() => void loops.track(checks.renew()).catch(report));
    // It may have ended before anybody listened.
    if (recovery.goesOn) await checks.renew();
    loops.every(RENEW_MS, checks.retry);
    loops.every(TICK_MS, () => parts.incidents.tick());
    loops.every(TICK_MS, () => parts.callAgain());
    loops.every(TICK_MS, async () => void (await engine.platform.traffic.ensure?.(report)));
    loops.every(TICK_MS, () => keepStore(engine, storeAnswers));
    loops.every(KEEP_UP_MS, () => keepUp(engine, stopping, goOn));
    // Apart from the rest: it waits for as long as a service has grace.
    loops.every(KEEP_UP_MS, () => reap(engine.deploy, engine.environment));
    loops.every(RECEIVER_BEAT_MS, () => parts.heartbeats.alive());
    loops.every(SELF_BEAT_MS, parts.whenLeading(createSelfWatch(engine, parts.watch)));
    loops.every(
      SLO_BEAT_MS,
      parts.whenLeading(() => judgeObjectives(engine, parts.watch)),
    );
    loops.every(ROTATE_MS, () => rotateLogs(engine));
    const record = createRecorder(engine.deploy);
    loops.every(RECORD_MS, () => record(engine.environment, AbortSignal.timeout(RECORD_MS)));
    const fill = createBackfills(engine);
    loops.every(TICK_MS, () => fill(stopping));
    loops.every(PREVIEWS_MS, () => previews.round());
    loops.every(DEADMAN_MS, () => beat(engine, parts.heartbeats.alive, stopping));
    tellOutside(loops, engine, { parts, usecases, baseUrl: () => url });
    const begin = (planned: Planned) => inBackground(engine, planned, background);
    loops.every(TICK_MS, createWishLook(engine, { holder: null, begin }));
    const reports = () => keepReports({ engine, watch: parts.watch, ask: usecases });
    jobs = await startJobs(
      engine,
      {
        rollout: (id) => loops.track(finishAbandoned(engine, id)),
        reports: () => loops.track(reports()),
        housekeeping: async () => {
          // What failed at its time is made an hour later.
          await Promise.all([loops.track(tidyUp(engine, warn, stopping)), loops.track(reports())]);
        },
      },
      report,
    );
    // What was due while no daemon ran.
    void loops.track(reports()).catch(report);
    return recovery;
  }

  // From outside to inside: nobody asks any more, nothing is begun any more, then what runs, at last what all of it needs.
  made.unshift(
    { what: "the server", end: () => orHurry(server.close(), hurry) },
    { what: "the store", end: () => reviveStore(place, engine.store).catch(report) },
    { what: "the rollouts", end: () => orHurry(engine.deployer.stop(), hurry) },
    { what: "the previews", end: () => orHurry(previews.stop(), hurry) },
    { what: "the calls of jobs", end: async () => parts.heartbeats.stop() },
    { what: "the checks", end: () => orHurry(parts.watch.stop(), hurry) },
    { what: "its part of them", end: () => orHurry(parts.crew.stop(), hurry) },
    { what: "the incidents", end: () => orHurry(parts.incidents.close(), hurry) },
    // After the incidents, whose end is the end of what heals.
    { what: "the upkeep", end: () => orHurry(loops.idle(), hurry) },
    { what: "the messages", end: () => orHurry(parts.outbox?.stop() ?? Promise.resolve(), hurry) },
    { what: "the jobs", end: () => orHurry(jobs?.stop() ?? Promise.resolve(), hurry) },
    ...(engine.platform.ends ? applicationSteps({ place, platform: engine.platform, engine, hurry }) : []),
  );
  url = server.url;
  lock.announce({ url, environment: engine.environment, token });
  let stopped: Promise<void> | undefined;
  return {
    url,
    usecases: tracked,
    bringUp: () => loops.track(bringUp()),
    stop: () => {
      loops.halt();
      stopped ??= endAll(made);
      return stopped;
    },
  };
}
