import { type Tally, update, upperBound } from "./e-process.ts";
import { type Answer, type JudgeState, METRICS, type Metric, type MetricState, NOTHING, plus } from "./state.ts";

/** What one look brought. */
export interface Look {
  answers: readonly Answer[];
  candidate: ReadonlySet<string>;
  stable: ReadonlySet<string>;
  /** The old release gets requests at the same time. */
  beside: boolean;
  /** Epoch ms. */
  now: number;
  /** Tolerated ratio of the rates. */
  ratio: number;
}

/** A process that has just started is slow, whatever its release. */
const WARM_UP_MS = 30_000;
const RECENT = 2_000;
/** Of each side in a second: the latest answers are those of a minute, not of a second. */
const KEPT_A_SECOND = 20;
const LOOK_MS = 500;
const QUANTILES = { "latency-p95": 0.95, "latency-p99": 0.99 } as const;
/** Five answers above the 99th percentile are the least to say where it is. */
const LEAST = 500;
/**
 * One answer a unit and half second counts as a latency. A pause of a process (garbage collection) makes all answers under way
 * slow at once, and the test needs draws that are independent: with all of them counted, pauses of 0.5 s twice a minute fail one
 * good release in five, so thinned out none of sixty (simulated).
 */
const PACE_MS = 500;
/** What is quicker is not slow, whatever the old release does: a doubled 2 ms is nothing that a user waits for. */
const NOISE_MS = 20;

/**
 * The first look at a service: what the data plane remembers of the old release from before. Not a comparison, since it was not
 * at the same time, but it says what is slow.
 */
export function prime(state: JudgeState, { answers, stable }: Pick<Look, "answers" | "stable">): JudgeState {
  const known = { ...state.recent, stable: latest(state.recent.stable, timesOf(answers, stable)) };
  return freeze({ ...state, recent: known });
}

/** Takes in a look: counts it, and closes each interval in which both sides (the new release, where it is alone) have a request. */
export function observe(state: JudgeState, look: Look): JudgeState {
  const { answers, candidate, stable, beside, now } = look;
  const seen = { ...state.seen };
  let { row, own } = state;
  for (const { unit, failed, own: ours } of answers) {
    if (!candidate.has(unit)) continue;
    seen[unit] ??= now;
    // A path of ours that fails now and then on both sides says nothing about failures in a row.
    if (ours) own += 1;
    else row = failed ? row + 1 : 0;
  }
  const warm = new Set([...candidate].filter((unit) => (seen[unit] ?? now) + WARM_UP_MS <= now));
  const paced = pace(state.timed, answers, now);
  const timed = { ...state.timed, ...Object.fromEntries(paced.map(({ unit }) => [unit, now])) };
  const asked = answers.filter(({ own: ours }) => ours);
  const users = answers.filter(({ own: ours }) => !ours);
  const metrics = mapMetrics(state, (metric, known) => {
    const [counted, compared] = metric === "errors" ? [users, candidate] : [paced, warm];
    const counts = (units: ReadonlySet<string>) => tally(metric, known, counted, units);
    const open = {
      candidate: plus(known.open.candidate, counts(compared)),
      baseline: beside && compared.size > 0 ? plus(known.open.baseline, counts(stable)) : NOTHING,
    };
    const closed = close({ ...known, open }, look);
    return metric === "errors" ? withOwn(closed, asked, look) : closed;
  });
  const most = (KEPT_A_SECOND * Math.max(LOOK_MS, now - (state.lookedAt ?? now))) / 1_000;
  const taken = (units: ReadonlySet<string>) => thinned(timesOf(answers, units), most);
  const recent = {
    candidate: latest(state.recent.candidate, taken(warm)),
    stable: beside ? latest(state.recent.stable, taken(stable)) : state.recent.stable,
  };
  return freeze({ metrics, own, seen, row, timed, recent, lookedAt: now });
}

/**
 * Requests of our own are an interval of their own: both sides get as many of them, but not as many of users', so together with
 * those a path that fails on both would look worse where few users are.
 */
function withOwn(state: MetricState, asked: readonly Answer[], look: Look): MetricState {
  const counts = (units: ReadonlySet<string>) => tally("errors", state, asked, units);
  const open = { candidate: counts(look.candidate), baseline: look.beside ? counts(look.stable) : NOTHING };
  return { ...close({ ...state, open }, look), open: state.open };
}

/** The first answer of each unit whose last one is long enough ago. */
function pace(timed: JudgeState["timed"], answers: readonly Answer[], now: number): Answer[] {
  const chosen = new Map<string, Answer>();
  for (const answer of answers) {
    const last = timed[answer.unit] ?? Number.NEGATIVE_INFINITY;
    if (answer.ms !== null && !chosen.has(answer.unit) && now - last >= PACE_MS) chosen.set(answer.unit, answer);
  }
  return [...chosen.values()];
}

function tally(
  metric: Metric,
  { threshold }: MetricState,
  answers: readonly Answer[],
  units: ReadonlySet<string>,
): Tally {
  let [requests, bad] = [0, 0];
  for (const { unit, failed, ms } of answers) {
    if (!units.has(unit) || (metric !== "errors" && (threshold === null || ms === null))) continue;
    requests += 1;
    if (metric === "errors" ? failed : (ms ?? 0) > (threshold ?? 0)) bad += 1;
  }
  return { requests, bad };
}

function close(state: MetricState, { beside, ratio }: Look): MetricState {
  const { candidate, baseline } = state.open;
  if (candidate.requests === 0 || (beside && baseline.requests === 0)) return state;
  const interval = beside
    ? { candidate, baseline, ratio }
    : { candidate, p0: ratio * upperBound(baselineAlone(state)) };
  return {
    ...state,
    candidate: plus(state.candidate, candidate),
    baseline: plus(state.baseline, baseline),
    sums: update(state.sums, interval),
    open: { candidate: NOTHING, baseline: NOTHING },
  };
}

/** What is known of the old release once it gets no requests: all of its answers before that. */
export function baselineAlone({ before, baseline }: Pick<MetricState, "before" | "baseline">): Tally {
  return plus(before ?? NOTHING, baseline);
}

/** Sets the thresholds for the intervals that begin now; one that is open keeps its own. */
function freeze(state: JudgeState): JudgeState {
  const sorted = Float64Array.from(state.recent.stable).sort();
  const metrics = mapMetrics(state, (metric, known) => {
    const { candidate, baseline } = known.open;
    const opened = candidate.requests + baseline.requests > 0;
    if (metric === "errors" || opened || sorted.length < LEAST) return known;
    const quantile = sorted[Math.ceil(sorted.length * QUANTILES[metric]) - 1] as number;
    // What a percentile says, and no more: answers that came together are not as many draws.
    const before = { requests: LEAST, bad: Math.round(LEAST * (1 - QUANTILES[metric])), from: "before the shift" };
    return { ...known, threshold: Math.max(NOISE_MS, quantile), before };
  });
  return { ...state, metrics };
}

/** A failure is no answer that took so long. */
function timesOf(answers: readonly Answer[], units: ReadonlySet<string>): number[] {
  return answers.flatMap(({ unit, failed, ms }) => (units.has(unit) && !failed && ms !== null ? [ms] : []));
}

function thinned(times: readonly number[], most: number): number[] {
  const step = Math.ceil(times.length / most);
  return times.filter((_, index) => index % step === 0);
}

function latest(recent: readonly number[], added: readonly number[]): readonly number[] {
  return added.length === 0 ? recent : [...recent, ...added].slice(-RECENT);
}

function mapMetrics(
  { metrics }: JudgeState,
  change: (metric: Metric, state: MetricState) => MetricState,
): JudgeState["metrics"] {
  return Object.fromEntries(
    METRICS.map((metric) => [metric, change(metric, metrics[metric])]),
  ) as JudgeState["metrics"];
}
