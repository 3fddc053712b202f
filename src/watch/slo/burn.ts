import { HOUR_MS, MINUTE_MS } from "../buckets.ts";

/** Milliseconds of each window that is looked at. */
export const WINDOWS = {
  "5m": 5 * MINUTE_MS,
  "30m": 30 * MINUTE_MS,
  "1h": HOUR_MS,
  "6h": 6 * HOUR_MS,
  "3d": 72 * HOUR_MS,
} as const;
export type Window = keyof typeof WINDOWS;

/** Results that count in a window: UNKNOWN and maintenance are on neither side. */
export interface Tally {
  passed: number;
  failed: number;
  /** How long ago the first of them began, ms. */
  spanMs: number;
}

export const noTally: Tally = { passed: 0, failed: 0, spanMs: 0 };

export interface BurnRule {
  /** How many times too fast the budget is used up. */
  burn: number;
  /** Over a long window, so that it matters, and a short one, so that it is not over yet. */
  long: Window;
  short: Window;
}

/**
 * The first that holds counts. The windows and rates are those of the multi-window alerts of Google's SRE workbook: 14.4 uses 2 % of
 * the budget of 30 days in an hour, 6 uses 5 % in six hours, 1 uses 10 % in three days.
 */
const BURN_RULES: readonly BurnRule[] = [
  { burn: 14.4, long: "1h", short: "5m" },
  { burn: 6, long: "6h", short: "30m" },
  { burn: 1, long: "3d", short: "6h" },
];

/** Fewer than these say nothing: at one run a minute and 99.9 % a single failure burns 16.7 over an hour. */
const LEAST = { results: 30, failures: 3, shortFailures: 2 };
/** What was watched for less of the long window says nothing of it: minutes after the first start each failure looks like much. */
const LEAST_SHARE = 0.5;

/** Failures against those that are allowed; `objective` from 0 to 1. Null without results. */
export function burnRate({ passed, failed }: Pick<Tally, "passed" | "failed">, objective: number): number | null {
  const all = passed + failed;
  return all === 0 ? null : failed / all / (1 - objective);
}

/** The first rule that holds in both of its windows. */
export function firingRule(tallies: Readonly<Record<Window, Tally>>, objective: number): BurnRule | null {
  return (
    BURN_RULES.find(({ burn, long, short }) => {
      const [whole, recent] = [tallies[long], tallies[short]];
      if (whole.passed + whole.failed < LEAST.results || whole.failed < LEAST.failures) return false;
      if (whole.spanMs < WINDOWS[long] * LEAST_SHARE || recent.failed < LEAST.shortFailures) return false;
      return [whole, recent].every((tally) => (burnRate(tally, objective) ?? 0) >= burn);
    }) ?? null
  );
}
