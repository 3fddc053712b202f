import type { Tally } from "./analysis/e-process.ts";

/** One side since the comparison began. */
export interface SideCounts extends Tally {
  /** Milliseconds, of units that have warmed up; null with too few requests. */
  p99: number | null;
}

export interface GuardInput {
  candidate: SideCounts;
  /** The stable side beside it, or before the shift when it gets no requests any more. */
  baseline: SideCounts;
  /** Failed health probes of the candidate in a row. */
  failedProbes: number;
  /** How often units of the candidate were started again. */
  restarts: number;
  /** Failed requests of the candidate in a row. */
  failuresInRow: number;
}

const FAILED_PROBES = 3;
const FAILURES_IN_ROW = 5;
/** Where the old release fails as often, a row of failures says nothing about the new one. */
const SOUND_BASELINE = 0.1;
const LEAST_REQUESTS = 20;
const LEAST_ERRORS = 5;
const LEAST_FOR_P99 = 500;
/** A doubled p99 of a few milliseconds is the machine, not the release. */
const P99_NOISE_MS = 50;

/**
 * Why the candidate must go at once, or undefined. Error rate above max(5 %, 5 × baseline) with at least 20 requests and 5 errors:
 * without the "5 errors" one healthy rollout in fifteen would be aborted at 1 % baseline (design, section 13).
 */
export function guard(input: GuardInput): { code: string; message: string } | undefined {
  const { candidate, baseline, failedProbes, restarts, failuresInRow } = input;
  if (failedProbes >= FAILED_PROBES)
    return { code: "SM-UNIT-UNHEALTHY", message: `the health check failed ${failedProbes} times in a row` };
  if (restarts > 0) return { code: "SM-UNIT-RESTARTED", message: `it ended and was started again (${restarts} ×)` };
  const rate = rateOf(candidate);
  const base = rateOf(baseline);
  if (failuresInRow >= FAILURES_IN_ROW && base < SOUND_BASELINE)
    return {
      code: "SM-GUARD-ERRORS",
      message: `${failuresInRow} requests in a row failed on the new release, ${percent(base)} of ${baseline.requests} on the old`,
    };
  if (candidate.requests >= LEAST_REQUESTS && candidate.bad >= LEAST_ERRORS && rate > Math.max(0.05, 5 * base))
    return {
      code: "SM-GUARD-ERRORS",
      message: `${percent(rate)} of ${candidate.requests} requests failed on the new release, ${percent(base)} of ${baseline.requests} on the old`,
    };
  if (
    candidate.requests >= LEAST_FOR_P99 &&
    baseline.p99 &&
    candidate.p99 &&
    candidate.p99 > Math.max(2 * baseline.p99, baseline.p99 + P99_NOISE_MS)
  )
    return {
      code: "SM-GUARD-LATENCY",
      message: `p99 is ${candidate.p99.toFixed(0)} ms on the new release, ${baseline.p99.toFixed(0)} ms on the old`,
    };
  return undefined;
}

function rateOf({ requests, bad }: Tally): number {
  return requests === 0 ? 0 : bad / requests;
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}
