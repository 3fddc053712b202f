import type { GuardInput } from "../guards.ts";
import { baselineAlone } from "./observe.ts";
import { type JudgeState, plus } from "./state.ts";

const LEAST = 500;
const MOST = 1_000;
const PART = 100;

/**
 * The least of the 99th percentiles of each hundred of the last 500 to 1,000 answers, in the order they came: what is slow all the
 * time. A pause of the process makes all answers under way slow at once, in one hundred or two. Milliseconds; null with fewer.
 */
export function lastingP99(times: readonly number[]): number | null {
  if (times.length < LEAST) return null;
  const latest = times.slice(-MOST);
  const parts = Array.from({ length: Math.floor(latest.length / PART) }, (_, part) =>
    latest.slice(part * PART, (part + 1) * PART),
  );
  return Math.min(...parts.map(p99));
}

/** By nearest rank. */
function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] as number;
}

/** What guards look at: requests of both sides so far, how long their latest took, and failures of the new one in a row. */
export function countsOf(
  { metrics, recent, row }: JudgeState,
  beside: boolean,
): Pick<GuardInput, "candidate" | "baseline" | "failuresInRow"> {
  const { candidate, baseline, before, open } = metrics.errors;
  const old = beside ? plus(baseline, open.baseline) : baselineAlone({ before, baseline });
  return {
    candidate: { ...plus(candidate, open.candidate), p99: lastingP99(recent.candidate) },
    baseline: { ...old, p99: recent.stable.length < LEAST ? null : p99(recent.stable) },
    failuresInRow: row,
  };
}
