import type { Verdict } from "../contract/check.ts";
import { failingFrom } from "./change-point.ts";
import { type Steady, steadied } from "./steady.ts";
import { recheckCount, recheckDelayMs, timingFor } from "./timing.ts";
import type { CheckSpec, RunResult, VerdictEvent } from "./types.ts";

type Outcome = RunResult["outcome"];
type Failure = Pick<RunResult, "class" | "family" | "detail">;

/** What is known of one check. Times are epoch milliseconds. */
export interface VerdictState {
  verdict: Verdict;
  since: number | null;
  /** When the first failed run of the present episode began. */
  onset: number | null;
  failure: Failure | null;
  /** The last 21 scheduled runs, oldest first. */
  outcomes: readonly { at: number; outcome: Outcome }[];
  /** How many of them count for the m-of-n rules: those since the last outage. */
  scored: number;
  /** Confirmation under way: how many runs failed so far. */
  confirming: number | null;
  /** OK runs in a row while not UP, and when the first of them was due. */
  recovery: { runs: number; from: number } | null;
  /** Failed runs whose meaning is still open: outage, blip, or a fault of our own. */
  held: readonly RunResult[];
  /** How long it has been looked at without a gap; null before the first run. */
  steady: Steady | null;
}

interface RunEvent {
  result: RunResult;
  /** Why our own view cannot be trusted right now; null when it can. */
  blind: string | null;
  /** In [0, 1), for the spread of the re-check. */
  random: number;
  /** How slow it is against what is usual at this hour, in words; left out when it is not. */
  brownOut?: string;
  /** Since when about (epoch ms), where that can be said. */
  slowSince?: number | null;
}

export type Effect =
  | { type: "recheck"; inMs: number }
  | ({ type: "verdict" } & Pick<
      VerdictEvent,
      "from" | "to" | "class" | "family" | "detail" | "at" | "onset" | "about" | "facts"
    >)
  | { type: "blip" }
  | { type: "count"; result: RunResult };

export interface Decision {
  state: VerdictState;
  effects: Effect[];
}

type Rules = Pick<CheckSpec, "everyMs" | "recheck" | "certain">;

const KEPT_OUTCOMES = 21;
const INTERMITTENT = { window: 20, failures: 4, share: 0.2, clearBelow: 2 };
const DEGRADED = { window: 10, slow: 5 };
const NO_FAILURE: Failure = { class: null, family: null, detail: null };

export const newCheck: VerdictState = {
  verdict: "UNKNOWN",
  since: null,
  onset: null,
  failure: null,
  outcomes: [],
  scored: 0,
  confirming: null,
  recovery: null,
  held: [],
  steady: null,
};

/**
 * What one run means. DOWN takes `recheck` confirmation runs that fail too, and so does DEGRADED where only a part is gone; a
 * run that fails while our own machine or store stalls is UNKNOWN and costs nothing. Pure: the same state and event give the same answer.
 */
export function decide(before: VerdictState, event: RunEvent, rules: Rules): Decision {
  const result = event.blind ? seenBlind(event.result, event.blind) : event.result;
  const seen = { ...before, steady: steadied(before.steady, result, rules.everyMs) };
  const state = result.kind === "scheduled" ? remember(seen, result) : seen;
  if (result.outcome === "fail") return failed(state, result, event.random, rules);
  if (result.outcome === "unknown") return unseen(state, result);
  return passed(state, result, rules, event);
}

/** Whether a run would make the check DOWN: the moment to ask whether it is our own view that is lost. */
export function isDeciding(
  { verdict, confirming }: Pick<VerdictState, "verdict" | "confirming">,
  result: Pick<RunResult, "outcome" | "class" | "kind">,
  rules: Rules,
): boolean {
  if (result.outcome !== "fail" || verdict === "DOWN" || isPartial(result)) return false;
  if (confirming !== null && result.kind === "scheduled") return false;
  return (confirming ?? 0) + 1 > recheckCount(rules, result.class);
}

/** What a run is worth while our own machine or store stalls: a success stands, anything else says nothing about the target. */
export function seenBlind(result: RunResult, why: string): RunResult {
  return result.outcome === "ok"
    ? result
    : { ...result, outcome: "unknown", class: "prober", family: "none", detail: why };
}

function remember(state: VerdictState, { startedAt, outcome }: RunResult): VerdictState {
  const outcomes = [...state.outcomes, { at: startedAt, outcome }].slice(-KEPT_OUTCOMES);
  return { ...state, outcomes, scored: Math.min(state.scored + 1, KEPT_OUTCOMES) };
}

function failed(state: VerdictState, result: RunResult, random: number, rules: Rules): Decision {
  const failure: Failure = { class: result.class, family: result.family, detail: result.detail };
  const to = isPartial(result) ? "DEGRADED" : "DOWN";
  if (state.verdict === "DOWN" || state.verdict === to) {
    const effects = [...state.held, result].map((item): Effect => ({ type: "count", result: item }));
    return { state: { ...state, failure, recovery: null, confirming: null, held: [] }, effects };
  }
  const confirming = state.confirming;
  const onset = confirming === null ? result.startedAt : (state.onset ?? result.startedAt);
  const holding: VerdictState = { ...state, failure, onset, recovery: null, held: [...state.held, result] };
  // Scheduled runs that fall between do not count: a confirmation has really waited.
  if (confirming !== null && result.kind === "scheduled") return { state: holding, effects: [] };
  const failures = (confirming ?? 0) + 1;
  if (failures > recheckCount(rules, result.class)) {
    const release = holding.held.map((held): Effect => ({ type: "count", result: held }));
    const about = changeOf(holding, "fail");
    return move({ ...holding, confirming: null, held: [], scored: 0 }, to, result, release, { about });
  }
  const recheck: Effect = { type: "recheck", inMs: recheckDelayMs(rules.everyMs, failures, result.class, random) };
  const next = { ...holding, confirming: failures };
  // INTERMITTENT and DEGRADED stay what they are until it is certain that all is lost.
  const suspect = state.verdict === "UP" || state.verdict === "UNKNOWN";
  return suspect ? move(next, "SUSPECT", result, [recheck]) : { state: next, effects: [recheck] };
}

/** Whether a part of the service is left: it has less, but it is not down. */
function isPartial({ class: name }: Pick<Failure, "class">): boolean {
  return name === "replica-gone";
}

/** Our own fault: what is open becomes unknown; a known outage stays one. */
function unseen(state: VerdictState, result: RunResult): Decision {
  const open = state.held.map(
    (held): Effect => ({ type: "count", result: seenBlind(held, result.detail ?? "the prober failed") }),
  );
  const effects: Effect[] = [...open, { type: "count", result }];
  const next: VerdictState = { ...state, outcomes: withdrawn(state), confirming: null, held: [], recovery: null };
  if (state.verdict !== "UP" && state.verdict !== "SUSPECT") return { state: next, effects };
  const { class: name, family, detail } = result;
  return move({ ...next, failure: { class: name, family, detail } }, "UNKNOWN", result, effects);
}

/** What was held failed for our own reasons: it must not look like failing now and then later. */
function withdrawn({ outcomes, held }: VerdictState): VerdictState["outcomes"] {
  const begun = new Set(held.map(({ startedAt }) => startedAt));
  return outcomes.map((run) => (begun.has(run.at) ? { ...run, outcome: "unknown" } : run));
}

export type Slowness = Pick<RunEvent, "brownOut" | "slowSince">;

function passed(state: VerdictState, result: RunResult, rules: Rules, slowness: Slowness): Decision {
  const effects: Effect[] = state.held.map((held) => ({ type: "count", result: held }));
  if (state.confirming !== null) effects.push({ type: "blip" });
  effects.push({ type: "count", result });
  const next: VerdictState = { ...state, confirming: null, held: [], recovery: progress(state, result) };
  switch (state.verdict) {
    case "UP":
      return result.kind === "scheduled" ? soften(next, result, effects, slowness) : { state: next, effects };
    case "SUSPECT":
      // What fails at each of its turns and passes when asked again would never be looked at while UP.
      return intermittent(next, result, effects) ?? move(next, "UP", result, effects);
    case "UNKNOWN":
      return move(next, "UP", result, effects);
    default:
      return recovered(next, result, rules) && !(state.verdict === "DEGRADED" && slowness.brownOut)
        ? move({ ...next, scored: isOutage(next) ? 0 : next.scored }, "UP", result, effects)
        : { state: next, effects };
  }
}

/** The runs of an outage are over with it; they say nothing about failing now and then. */
function isOutage({ verdict, failure }: VerdictState): boolean {
  return verdict === "DOWN" || (verdict === "DEGRADED" && failure !== null && isPartial(failure));
}

function progress({ recovery, verdict }: VerdictState, { outcome, plannedAt }: RunResult): VerdictState["recovery"] {
  if (verdict === "UP" || (verdict === "DEGRADED" && outcome === "slow")) return null;
  // The wall clock may have been set back meanwhile.
  return recovery
    ? { runs: recovery.runs + 1, from: Math.min(recovery.from, plannedAt) }
    : { runs: 1, from: plannedAt };
}

function recovered(state: VerdictState, { plannedAt }: RunResult, { everyMs, certain }: Rules): boolean {
  if (certain) return true;
  const { recoveryRuns, recoverySpreadMs } = timingFor(everyMs);
  // A tenth of an interval is the start jitter of both ends.
  const spread = plannedAt - (state.recovery?.from ?? plannedAt) + everyMs / 10;
  if ((state.recovery?.runs ?? 0) < recoveryRuns || spread < recoverySpreadMs) return false;
  if (state.verdict === "INTERMITTENT")
    return tally(state, INTERMITTENT.window, "fail").length < INTERMITTENT.clearBelow;
  if (state.verdict === "DEGRADED") return tally(state, DEGRADED.window, "slow").length < DEGRADED.slow;
  return true;
}

/** To failing now and then; null while it does not. */
function intermittent(state: VerdictState, result: RunResult, effects: Effect[]): Decision | null {
  const failures = tally(state, INTERMITTENT.window, "fail");
  const seen = Math.min(state.scored, INTERMITTENT.window);
  if (failures.length < INTERMITTENT.failures || failures.length < INTERMITTENT.share * seen) return null;
  const next = { ...state, onset: failures[0]?.at ?? result.startedAt, recovery: null };
  const detail = `${failures.length} of the last ${seen} runs failed; the last: ${state.failure?.detail ?? "unknown"}`;
  const failure = { ...(state.failure ?? NO_FAILURE), detail };
  return move(next, "INTERMITTENT", result, effects, { failure, about: changeOf(state, "fail") });
}

/** From UP to the milder states: failing now and then, or slow. */
function soften(state: VerdictState, result: RunResult, effects: Effect[], slowness: Slowness): Decision {
  const failing = intermittent(state, result, effects);
  if (failing) return failing;
  // A date, or a limit that is near, stays what it is however often one asks.
  if (result.outcome === "slow" && (result.class === "tls-expiring" || result.class === "full"))
    return move({ ...state, onset: result.startedAt, recovery: null }, "DEGRADED", result, effects);
  const slow = tally(state, DEGRADED.window, "slow");
  if (slow.length < DEGRADED.slow) {
    const { brownOut, slowSince: about = null } = slowness;
    if (brownOut === undefined) return { state, effects };
    const failure: Failure = { class: "slow", family: "latency", detail: brownOut };
    return move({ ...state, onset: result.startedAt, recovery: null }, "DEGRADED", result, effects, { failure, about });
  }
  const detail = `${slow.length} of the last ${Math.min(state.scored, DEGRADED.window)} runs were slow; the last: ${result.detail ?? "in time"}`;
  const failure: Failure = { class: "slow", family: "latency", detail };
  const next = { ...state, onset: slow[0]?.at ?? result.startedAt, recovery: null };
  return move(next, "DEGRADED", result, effects, { failure, about: changeOf(state, "slow") });
}

/** When it began to be so often, as far as the runs since the last outage say. */
function changeOf(state: VerdictState, outcome: Outcome): number | null {
  const runs = state.outcomes.slice(-Math.max(1, state.scored)).filter((run) => run.outcome !== "unknown");
  const from = failingFrom(runs.map((run) => run.outcome === outcome));
  return from === null ? null : (runs[from]?.at ?? null);
}

function tally({ outcomes, scored }: VerdictState, window: number, outcome: Outcome) {
  const from = outcomes.length - Math.min(window, scored, outcomes.length);
  return outcomes.slice(from).filter((run) => run.outcome === outcome);
}

function move(
  state: VerdictState,
  to: Verdict,
  result: RunResult,
  effects: Effect[],
  { failure = result, about = null }: { failure?: Failure; about?: number | null } = {},
): Decision {
  const at = Math.round(result.startedAt + result.durationMs);
  const well = to === "UP";
  const { class: name, family, detail } = well ? NO_FAILURE : failure;
  const onset = well ? at : (state.onset ?? result.startedAt);
  const { facts } = result;
  const event: Effect = {
    ...{ type: "verdict", from: state.verdict, to, class: name, family, detail, at, onset, facts },
    ...(about === null || about === onset ? {} : { about }),
  };
  const next: VerdictState = {
    ...state,
    verdict: to,
    since: at,
    failure: well ? state.failure : { class: name, family, detail },
  };
  return { state: well ? { ...next, onset: null, recovery: null } : next, effects: [...effects, event] };
}
