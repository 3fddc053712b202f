import { longestTimeout } from "../config/check-options.ts";
import type { CheckSpec } from "./types.ts";

/**
 * Every delay that follows from how often a check runs, in milliseconds.
 *
 * The figures people quote (3 s, 10 s, 60 s, 2 min, 10 min, 15 min) suit checks at 30 s or slower. A check that runs each second has
 * seen ten results in ten seconds, so the same certainty takes a fraction of the time: each delay is the smaller of that figure
 * and a few intervals, with floors where a machine under load needs real time whatever the interval.
 */
export interface Timing {
  /** OK runs in a row that end an outage, spread over at least `recoverySpreadMs`. */
  recoveryRuns: number;
  recoverySpreadMs: number;
  /**
   * How long a healing action may take to show its OK runs. A service boots in seconds, not in intervals: never under 20 s.
   * Never under 4 intervals either, or a slow check could not run often enough to show them.
   */
  graceMs: number;
  /** Pause between the first and the second restart: what the first one stirred up (pools, caches) settles first. */
  betweenRestartsMs: number;
  /** How long the checks must go on passing once an earlier release is back, until that counts as mended. */
  provenMs: number;
  /** Quiet time after recovery until the incident counts as resolved. */
  quietMs: number;
}

const SECOND = 1_000;
const MINUTE = 60_000;

/** The delays of a check that runs every `everyMs`. */
export function timingFor(everyMs: number): Timing {
  return {
    recoveryRuns: 3,
    recoverySpreadMs: Math.min(MINUTE, 2 * everyMs),
    graceMs: Math.max(4 * everyMs, Math.min(MINUTE, Math.max(20 * SECOND, 10 * everyMs))),
    betweenRestartsMs: Math.min(2 * MINUTE, Math.max(5 * SECOND, 6 * everyMs)),
    provenMs: Math.min(10 * MINUTE, Math.max(20 * SECOND, 8 * everyMs)),
    quietMs: Math.min(15 * MINUTE, Math.max(30 * SECOND, 12 * everyMs)),
  };
}

const JITTER = 0.2;

/** A dead process is certain: the kernel says so, not the network. */
function isCertain(failure: string | null): boolean {
  return failure === "process-gone" || failure === "replica-gone";
}

/** How many confirmation runs must fail before a failure is believed. */
export function recheckCount(spec: Pick<CheckSpec, "recheck">, failure: string | null): number {
  return isCertain(failure) ? Math.min(1, spec.recheck) : spec.recheck;
}

/**
 * Time until confirmation run number `n` (1 = first) after the run before it; `random` in [0, 1) spreads it by ±20 %, so that
 * the checks that one fault broke do not all come back in the same instant.
 */
export function recheckDelayMs(everyMs: number, n: number, failure: string | null, random: number): number {
  const spread = 1 - JITTER + 2 * JITTER * random;
  if (isCertain(failure)) return Math.min(SECOND, everyMs) * spread;
  return (n === 1 ? Math.min(3 * SECOND, everyMs) : Math.min(10 * SECOND, 2 * everyMs)) * spread;
}

/** A run never takes longer than half the interval, so that a failing check still runs at its rate. */
export function timeoutFor(everyMs: number, wantedMs: number): number {
  return Math.min(wantedMs, longestTimeout(everyMs));
}
