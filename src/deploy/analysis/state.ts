import { NO_EVIDENCE, type Sums, type Tally } from "./e-process.ts";

/** What is compared. The latencies are yes or no as well: slower than the old release's 95th and 99th percentile. */
export const METRICS = ["errors", "latency-p95", "latency-p99"] as const;
export type Metric = (typeof METRICS)[number];

/** One request as the judge sees it; `ms` null where the data plane does not tell. */
export interface Answer {
  unit: string;
  failed: boolean;
  ms: number | null;
  /** Stationmaster itself sent the request. */
  own?: true;
}

export interface MetricState {
  /** Requests of the new release that count, beside the old one and alone. */
  candidate: Tally;
  /** Of the old one, at the same time. */
  baseline: Tally;
  sums: Sums;
  /** Milliseconds above which an answer is slow; null while too few were seen, and for errors. */
  threshold: number | null;
  /** The old release before the shift, and where that was read; null where nothing is known. */
  before: (Tally & { from: string }) | null;
  /** Of the interval that is not closed yet. */
  open: { candidate: Tally; baseline: Tally };
}

/** What the judge of one service knows; all but `open`, `recent`, `lookedAt`, `timed` and `row` outlives a crash. */
export interface JudgeState {
  metrics: Record<Metric, MetricState>;
  /** Requests that Stationmaster itself sent to the new release; as many went to the old one. */
  own: number;
  /** When each unit of the new release first answered, epoch ms. */
  seen: Readonly<Record<string, number>>;
  /** Times of the latest answers, ms: of the old release, and of units of the new one that have warmed up. */
  recent: Readonly<Record<"candidate" | "stable", readonly number[]>>;
  /** When the last look was, epoch ms; null before the first. */
  lookedAt: number | null;
  /** When an answer of each unit last counted as a latency, epoch ms. */
  timed: Readonly<Record<string, number>>;
  /** Failures of the new release in a row. */
  row: number;
}

export const NOTHING: Tally = { requests: 0, bad: 0 };

export function plus(one: Tally, other: Tally): Tally {
  return { requests: one.requests + other.requests, bad: one.bad + other.bad };
}

export function freshState(): JudgeState {
  const metrics = Object.fromEntries(METRICS.map((metric) => [metric, freshMetric()])) as JudgeState["metrics"];
  return { metrics, own: 0, seen: {}, recent: { candidate: [], stable: [] }, lookedAt: null, timed: {}, row: 0 };
}

function freshMetric(): MetricState {
  return {
    candidate: NOTHING,
    baseline: NOTHING,
    sums: NO_EVIDENCE,
    threshold: null,
    before: null,
    open: { candidate: NOTHING, baseline: NOTHING },
  };
}
