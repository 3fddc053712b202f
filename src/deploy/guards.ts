/** Requests and server errors of one side since the comparison began. */
export interface SideCounts {
  requests: number;
  errors: number;
  /** Milliseconds; null with too few requests. */
  p99: number | null;
}

export interface GuardInput {
  candidate: SideCounts;
  /** The stable side beside it, or before the shift when it gets no requests any more. */
  baseline: SideCounts;
  /** Failed health probes of the candidate in a row. */
  failedProbes: number;
}

const FAILED_PROBES = 3;
const LEAST_REQUESTS = 20;
const LEAST_ERRORS = 5;
const LEAST_FOR_P99 = 500;
/** A doubled p99 of a few milliseconds is the machine, not the release. */
const P99_NOISE_MS = 50;

/**
 * Why the candidate must go, or undefined. Error rate above max(5 %, 5 × baseline) with at least 20 requests and 5 errors:
 * without the "5 errors" one healthy rollout in fifteen would be aborted at 1 % baseline (design, section 13).
 */
export function guard({
  candidate,
  baseline,
  failedProbes,
}: GuardInput): { code: string; message: string } | undefined {
  if (failedProbes >= FAILED_PROBES)
    return { code: "SM-UNIT-UNHEALTHY", message: `the health check failed ${failedProbes} times in a row` };
  const rate = candidate.requests === 0 ? 0 : candidate.errors / candidate.requests;
  const base = baseline.requests === 0 ? 0 : baseline.errors / baseline.requests;
  if (candidate.requests >= LEAST_REQUESTS && candidate.errors >= LEAST_ERRORS && rate > Math.max(0.05, 5 * base))
    return {
      code: "SM-GUARD-ERRORS",
      message: `${percent(rate)} of ${candidate.requests} requests failed on the new release, ${percent(base)} on the old`,
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

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}
