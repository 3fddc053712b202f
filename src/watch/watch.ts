import type { Check, CheckResult, CheckSeries } from "../contract/check.ts";
import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import type { Store } from "../store/connect.ts";
import { createAnchors } from "./anchors.ts";
import { toCheck, toCheckResult } from "./describe.ts";
import type { Start } from "./entry.ts";
import { createGate, within } from "./gate.ts";
import { createJudge, type PlannedOutage } from "./judge.ts";
import type { Address } from "./probes/address.ts";
import type { Refusals } from "./probes/probe.ts";
import { type RunReport, runProbe } from "./probes/run.ts";
import { stopped, unknownCheck } from "./problems.ts";
import { createRecords } from "./records.ts";
import { createRunner } from "./runner.ts";
import type { SchedulerFigures, Timed } from "./schedule.ts";
import { forgetStates, loadStates, type Remembered } from "./state.ts";
import { createSynthetics, type Statement } from "./synthetic.ts";
import { targetOf } from "./target.ts";
import { createTeller } from "./teller.ts";
import { recheckDelayMs } from "./timing.ts";
import type { CheckSpec, HeartbeatLookup, HostReach, ProcessLookup, VerdictEvent } from "./types.ts";
import { decide, type Effect, newCheck, type Slowness, type VerdictState } from "./verdict.ts";

const LOAD_DEADLINE_MS = 3_000;
const STOP_DEADLINE_MS = 5_000;

export interface WatchOptions {
  store: Store;
  environment: string;
  clock: Clock;
  redact: Redactor;
  processes: ProcessLookup;
  /** For addresses on the loopback of a host. */
  reach?: HostReach;
  heartbeats?: HeartbeatLookup;
  /** Asked about runs that failed: whether that is planned right now and says nothing about the target. */
  planned?(): Promise<PlannedOutage>;
  /** Other workers run checks too: changes of verdicts are recorded for the one that leads, and states of checks that are not here stay. */
  shared?: boolean;
  /** `host:port` of targets that have nothing to do with what is watched, asked before a check is called DOWN. */
  anchors?: readonly string[];
  /** Whether runs of a check that began at `at` (epoch ms) count as maintenance. */
  inMaintenance?(checkId: string, at: number): boolean;
  /** Each change of a verdict, in order per check; at least once: after a crash the last one may come again (same check and `at`). */
  onVerdict(event: VerdictEvent): Promise<void> | void;
  /** Each run, as it was judged. */
  onResult?(spec: CheckSpec, report: RunReport): void;
  /** What went wrong inside and is tried again: for the log. */
  onProblem?(what: string, error: unknown): void;
}

/** Runs the checks of one environment and tells what they mean. */
export interface Watch {
  /** From now on exactly these; checks known before continue where they were. */
  setChecks(specs: readonly CheckSpec[]): Promise<void>;
  start(): void;
  /** Waits for running probes (their deadline at most), then writes what is in memory. */
  stop(): Promise<void>;
  /** Resolves when no run of a check that was taken away is under way. */
  quiet(): Promise<void>;
  list(): Promise<Check[]>;
  /** What each check says right now; asks no store. */
  verdicts(): Pick<Check, "id" | "type" | "service" | "critical" | "verdict">[];
  /** How the scheduler keeps up. */
  figures(): SchedulerFigures;
  /** Tells what is computed from checks instead of asked; only changes are told. Rejects while the store is away. */
  say(statement: Statement): Promise<void>;
  /** The checks that are computed: they do not end with the list of checks. Rejects while the store is away. */
  synthetic(): Promise<{ id: string; verdict: Check["verdict"] }[]>;
  /** History of the last `windowMs` milliseconds. Throws UserError `SM-CHECK-UNKNOWN`. */
  series(id: string, windowMs: number): Promise<CheckSeries>;
  /** Runs a check as soon as there is room; the result counts like any other. Throws UserError `SM-CHECK-UNKNOWN`, ExternalError `SM-WATCH-STOPPED`. */
  runNow(id: string): Promise<RunReport>;
  /** Has a check run as soon as there is room, by whoever runs it; nothing happens where nobody does. */
  ask(id: string): void;
  /** Another process said meanwhile what is computed: it is read anew. */
  reread(): void;
}

interface Tracked {
  spec: CheckSpec;
  target: Address | null;
  state: VerdictState;
  last: CheckResult | null;
  /** Callers of `runNow`, waiting for the next run that starts. */
  waiters: PromiseWithResolvers<RunReport>[];
}

/** Creates the watch; nothing runs before `start`, and after `stop` it is done for. */
export function createWatch(options: WatchOptions): Watch {
  const {
    store,
    environment,
    clock,
    redact,
    processes,
    reach,
    heartbeats,
    planned = async () => () => null,
    shared = false,
    anchors: configured = [],
    inMaintenance = () => false,
    onVerdict,
    onResult = () => {},
    onProblem = () => {},
  } = options;
  const checks = new Map<string, Tracked>();
  const refusals: Refusals = new Map();
  const gate = createGate(clock);
  const anchors = createAnchors({ clock, configured });
  const judge = createJudge({ clock, gate, anchors, planned });
  const teller = createTeller({ store, environment, clock, gate, onVerdict, shared, onProblem });
  const records = createRecords({ store, clock, gate, inMaintenance, isBeingTold: teller.isRecording, onProblem });
  const synthetics = createSynthetics({ store, environment, clock, teller });
  const runner = createRunner({ clock, perform, onSkipped: (id, count) => records.skip(id, count) });
  const running = new Map<Tracked, Promise<unknown>>();
  let started = false;
  let setting: Promise<void> = Promise.resolve();

  async function perform(start: Start): Promise<{ timedOut: boolean }> {
    const tracked = checks.get(start.id);
    if (!tracked) return { timedOut: false };
    const run = look(tracked, start);
    running.set(tracked, run);
    return await run.finally(() => running.delete(tracked));
  }

  async function look(tracked: Tracked, start: Start): Promise<{ timedOut: boolean }> {
    const begun = clock.monotonic();
    const { spec } = tracked;
    const waiters = tracked.waiters.splice(0);
    const plannedAt = Math.round(clock.now() - begun + start.plannedAt);
    const report = await runProbe(spec, {
      ...{ clock, redact, processes, reach, heartbeats, refusals },
      ...{ plannedAt, kind: start.kind },
    });
    const judged = await judge(report, {
      ...{ begun, service: spec.service, target: tracked.target, state: tracked.state, rules: spec },
    });
    const slowness = await records.slowness(spec.id, judged, tracked.state.verdict);
    if (checks.get(start.id) === tracked) apply(tracked, judged, slowness);
    for (const waiter of waiters) waiter.resolve(judged);
    try {
      onResult(spec, judged);
    } catch (error) {
      onProblem("a listener for results failed", error);
    }
    return { timedOut: report.class === "connect-timeout" || report.class === "read-timeout" };
  }

  function apply(tracked: Tracked, report: RunReport, slowness: Slowness): void {
    const { phases: _, body: __, ...result } = report;
    const { spec, state: before } = tracked;
    // The store is away, and the check flaps: its verdict goes on from here when what is known is written.
    if (teller.isFull(spec.id)) {
      records.count(spec.id, result);
      return;
    }
    const event = { result, blind: null, random: Math.random(), ...slowness };
    const { state, effects } = decide(before, event, spec);
    tracked.state = state;
    tracked.last = toCheckResult(report);
    records.state({ spec, state, last: tracked.last });
    records.result(spec.id, tracked.last, { moved: state.verdict !== before.verdict, keepAll: spec.keepRaw ?? false });
    if (state.confirming === null) runner.settle(spec.id);
    for (const effect of effects) carryOut(tracked, effect);
  }

  function carryOut({ spec, state, last }: Tracked, effect: Effect): void {
    if (effect.type === "recheck") runner.confirm(spec.id, effect.inMs);
    if (effect.type === "count") records.count(spec.id, effect.result);
    if (effect.type === "blip") records.blip(spec.id);
    if (effect.type !== "verdict") return;
    const { type: _, ...change } = effect;
    const { id: checkId, service, component, critical, everyMs, places, impact } = spec;
    const event: VerdictEvent = {
      ...{ checkId, environment, service, component, critical, everyMs, places, impact },
      ...change,
    };
    teller.send(event, { spec, state, last });
  }

  async function replace(specs: readonly CheckSpec[]): Promise<void> {
    const isKnown = ({ id, owned }: CheckSpec) => checks.has(id) && checks.get(id)?.spec.owned?.epoch === owned?.epoch;
    const added = specs.filter((spec) => !isKnown(spec));
    const anew = new Set(added);
    const targets = new Map(specs.map((spec) => [spec, targetOf(spec)]));
    const remembered = await recall(added);
    if (shared) await records.handOn(checks, specs);
    const before = new Map(checks);
    checks.clear();
    for (const spec of specs) {
      const found = before.get(spec.id);
      before.delete(spec.id);
      const { state = newCheck, last = null } = anew.has(spec) ? (remembered.get(spec.id) ?? {}) : (found ?? {});
      // Who waits for a run waits for that of the next owner too.
      const tracked = { spec, target: targets.get(spec) ?? null, state, last, waiters: found?.waiters ?? [] };
      checks.set(spec.id, found && !anew.has(spec) ? Object.assign(found, tracked) : tracked);
    }
    records.retain(checks);
    for (const [id, { waiters }] of before) for (const waiter of waiters.splice(0)) waiter.reject(unknownCheck(id));
    runner.set([...checks.values()].map(timed));
    if (!shared)
      await within(forgetStates(store, environment, [...checks.keys()]), LOAD_DEADLINE_MS).catch((error: unknown) =>
        onProblem("states of checks that ended were not removed", error),
      );
    teller.begin();
    if (started) for (const { id } of added) resumeConfirmation(id);
  }

  /** States of an earlier process; without the store the checks begin anew. */
  async function recall(specs: readonly CheckSpec[]): Promise<Map<string, Remembered>> {
    if (specs.length === 0) return new Map();
    try {
      return await within(loadStates(store, specs, clock.now()), LOAD_DEADLINE_MS);
    } catch (error) {
      onProblem("the earlier states of the checks could not be read", error);
      return new Map();
    }
  }

  function resumeConfirmation(id: string): void {
    const found = checks.get(id);
    if (found?.state.verdict !== "SUSPECT") return;
    const failure = found.state.failure?.class ?? null;
    runner.confirm(id, recheckDelayMs(found.spec.everyMs, 1, failure, Math.random()));
  }

  function find(id: string): Tracked {
    const found = checks.get(id);
    if (!found) throw unknownCheck(id);
    return found;
  }

  async function runNow(id: string): Promise<RunReport> {
    const found = find(id);
    if (!started) throw stopped();
    const waiter = Promise.withResolvers<RunReport>();
    found.waiters.push(waiter);
    runner.request(id);
    return await waiter.promise;
  }

  return {
    setChecks: (specs) => {
      const set = setting.then(() => replace(specs));
      setting = set.catch(() => {});
      return set;
    },
    start: () => {
      if (started) return;
      started = true;
      gate.start();
      records.start();
      runner.start();
      for (const id of checks.keys()) resumeConfirmation(id);
    },
    stop: async () => {
      started = false;
      await setting;
      await runner.stop();
      for (const { spec, state, waiters } of checks.values()) {
        for (const result of state.held) records.count(spec.id, result);
        for (const waiter of waiters.splice(0)) waiter.reject(stopped());
      }
      await teller.stop(STOP_DEADLINE_MS);
      await records.stop(STOP_DEADLINE_MS);
      gate.stop();
    },
    quiet: async () => {
      const gone = [...running].filter(([tracked]) => checks.get(tracked.spec.id) !== tracked);
      await Promise.allSettled(gone.map(([, run]) => run));
    },
    list: async () => {
      const summaries = await records.summaries([...checks.keys()]);
      return [...checks.values()].map((tracked) =>
        toCheck(
          { ...tracked, slowed: runner.stretchOf(tracked.spec.id), summary: summaries.get(tracked.spec.id) },
          redact,
        ),
      );
    },
    verdicts: () =>
      [...checks.values()].map(({ spec: { id, type, service, critical }, state: { verdict } }) => ({
        ...{ id, type, service, critical, verdict },
      })),
    figures: () => runner.figures(),
    say: (statement) => synthetics.say(statement),
    synthetic: async () => [...(await synthetics.all())].map(([id, { verdict }]) => ({ id, verdict })),
    series: async (id, windowMs) => await records.series(find(id).spec.id, windowMs),
    runNow,
    ask: (id) => void runNow(id).catch(() => {}),
    reread: synthetics.forget,
  };
}

function timed({ spec: { id, everyMs, critical }, target }: Tracked): Timed {
  return { id, everyMs, critical, target: target && `${target.host} ${target.port}` };
}
