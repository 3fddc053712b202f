import type { Check, CheckResult, CheckSeries } from "../contract/check.ts";
import type { Clock } from "../core/clock.ts";
import { ExternalError, UserError } from "../core/errors.ts";
import type { Redactor } from "../core/redact.ts";
import type { Store } from "../store/connect.ts";
import { createDelivery } from "./deliver.ts";
import { toCheck, toCheckResult } from "./describe.ts";
import { createGate, within } from "./gate.ts";
import { createKeeper } from "./keeper.ts";
import { type RunReport, runProbe } from "./probes/run.ts";
import { createRunner } from "./runner.ts";
import type { Start } from "./schedule.ts";
import { Series } from "./series.ts";
import { forgetStates, loadStates, markDelivered, recordEvent, undelivered } from "./state.ts";
import { recheckDelayMs } from "./timing.ts";
import type { CheckSpec, HostReach, ProcessLookup, VerdictEvent } from "./types.ts";
import { decide, type Effect, newCheck, seenBlind, type VerdictState } from "./verdict.ts";

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
  /** Asked about runs that failed: why that is planned right now and says nothing about the target; null when it is not. */
  planned?(): Promise<string | null>;
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
  list(): Promise<Check[]>;
  /** What each check says right now; asks no store. */
  verdicts(): Pick<Check, "id" | "service" | "verdict">[];
  /** History of the last `windowMs` milliseconds. Throws UserError `SM-CHECK-UNKNOWN`. */
  series(id: string, windowMs: number): Promise<CheckSeries>;
  /** Runs a check as soon as there is room; the result counts like any other. Throws UserError `SM-CHECK-UNKNOWN`, ExternalError `SM-WATCH-STOPPED`. */
  runNow(id: string): Promise<RunReport>;
}

interface Tracked {
  spec: CheckSpec;
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
    planned = async () => null,
    onVerdict,
    onResult = () => {},
    onProblem = () => {},
  } = options;
  const checks = new Map<string, Tracked>();
  const gate = createGate(clock);
  const series = new Series({ store, clock, gate });
  const keeper = createKeeper({ store, clock, gate, series, onProblem });
  const noted = (checkId: string, seq: number) => gate.write(() => markDelivered(store, checkId, seq));
  const delivery = createDelivery({ clock, onVerdict, markDelivered: noted, onProblem });
  const runner = createRunner({ clock, perform, onSkipped: (id, count) => series.skip(id, count) });
  let started = false;
  let setting: Promise<void> = Promise.resolve();

  async function perform(start: Start): Promise<{ timedOut: boolean }> {
    const begun = clock.monotonic();
    const tracked = checks.get(start.id);
    if (!tracked) return { timedOut: false };
    const { spec } = tracked;
    const waiters = tracked.waiters.splice(0);
    const plannedAt = Math.round(clock.now() - begun + start.plannedAt);
    const report = await runProbe(spec, { clock, redact, processes, reach, plannedAt, kind: start.kind });
    const blind = report.outcome === "ok" ? null : ((await gate.blind(begun)) ?? (await planned().catch(() => null)));
    const judged: RunReport = blind ? { ...report, ...seenBlind(report, blind) } : report;
    if (checks.get(start.id) === tracked) apply(tracked, judged);
    for (const waiter of waiters) waiter.resolve(judged);
    try {
      onResult(spec, judged);
    } catch (error) {
      onProblem("a listener for results failed", error);
    }
    return { timedOut: report.class === "connect-timeout" || report.class === "read-timeout" };
  }

  function apply(tracked: Tracked, report: RunReport): void {
    const { phases: _, body: __, ...result } = report;
    const { state, effects } = decide(tracked.state, { result, blind: null, random: Math.random() }, tracked.spec);
    tracked.state = state;
    tracked.last = toCheckResult(report);
    keeper.changed({ spec: tracked.spec, state });
    if (state.confirming === null) runner.settle(tracked.spec.id);
    for (const effect of effects) carryOut(tracked, effect);
  }

  function carryOut({ spec, state }: Tracked, effect: Effect): void {
    if (effect.type === "recheck") runner.confirm(spec.id, effect.inMs);
    if (effect.type === "count") series.add(spec.id, effect.result);
    if (effect.type !== "verdict") return;
    const { type: _, ...change } = effect;
    const { id: checkId, service, component, critical, everyMs, places } = spec;
    const event: VerdictEvent = { checkId, environment, service, component, critical, everyMs, places, ...change };
    delivery.send(event, () => gate.write(() => recordEvent(store, event, { spec, state })));
  }

  async function replace(specs: readonly CheckSpec[]): Promise<void> {
    const added = specs.filter(({ id }) => !checks.has(id));
    const states = await recall(added);
    const before = new Map(checks);
    checks.clear();
    for (const spec of specs) {
      const known = before.get(spec.id);
      before.delete(spec.id);
      if (known) known.spec = spec;
      checks.set(spec.id, known ?? { spec, state: states.get(spec.id) ?? newCheck, last: null, waiters: [] });
    }
    for (const [id, { waiters }] of before) for (const waiter of waiters.splice(0)) waiter.reject(unknownCheck(id));
    runner.set(specs);
    await within(forgetStates(store, environment, [...checks.keys()]), LOAD_DEADLINE_MS).catch((error: unknown) =>
      onProblem("states of checks that ended were not removed", error),
    );
    if (started) for (const { id } of added) resumeConfirmation(id);
  }

  /** States and undelivered changes of an earlier process; without the store the checks begin anew. */
  async function recall(specs: readonly CheckSpec[]): Promise<Map<string, VerdictState>> {
    if (specs.length === 0) return new Map();
    try {
      const ids = specs.map(({ id }) => id);
      const read = Promise.all([loadStates(store, specs, clock.now()), undelivered(store, ids)]);
      const [states, events] = await within(read, LOAD_DEADLINE_MS);
      for (const recorded of events) delivery.resend(recorded);
      return states;
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

  return {
    setChecks: (specs) => {
      setting = setting.then(() => replace(specs));
      return setting;
    },
    start: () => {
      if (started) return;
      started = true;
      gate.start();
      keeper.start();
      runner.start();
      for (const id of checks.keys()) resumeConfirmation(id);
    },
    stop: async () => {
      started = false;
      await setting;
      await runner.stop();
      for (const { spec, state, waiters } of checks.values()) {
        for (const result of state.held) series.add(spec.id, result);
        for (const waiter of waiters.splice(0)) waiter.reject(stopped());
      }
      await delivery.stop(STOP_DEADLINE_MS);
      await keeper.stop(STOP_DEADLINE_MS);
      gate.stop();
    },
    list: async () => {
      const summaries = await series.summaries([...checks.keys()]);
      return [...checks.values()].map((tracked) =>
        toCheck({ ...tracked, summary: summaries.get(tracked.spec.id) }, redact),
      );
    },
    verdicts: () =>
      [...checks.values()].map(({ spec: { id, service }, state: { verdict } }) => ({ id, service, verdict })),
    series: async (id, windowMs) => await series.series(find(id).spec.id, windowMs),
    runNow: async (id) => {
      const found = find(id);
      if (!started) throw stopped();
      const waiter = Promise.withResolvers<RunReport>();
      found.waiters.push(waiter);
      runner.request(id);
      return await waiter.promise;
    },
  };
}

function unknownCheck(id: string): UserError {
  return new UserError({
    code: "SM-CHECK-UNKNOWN",
    message: `there is no check ${id}`,
    next: "see the list of checks",
  });
}

function stopped(): ExternalError {
  return new ExternalError({
    code: "SM-WATCH-STOPPED",
    message: "the watch is not running",
    next: "start it with stationmaster up",
    retryable: true,
  });
}
