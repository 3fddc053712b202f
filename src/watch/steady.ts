import type { RunResult } from "./types.ts";

/** Runs that follow each other without a gap over two intervals. Times in epoch ms. */
export interface Steady {
  since: number;
  /** Until when the last run speaks for its target: one that comes later follows a gap. */
  until: number;
}

/** What is known with one more run. One that learned nothing about its target is none; after a gap it begins anew. */
export function steadied(
  known: Steady | null,
  { startedAt, outcome }: Pick<RunResult, "startedAt" | "outcome">,
  everyMs: number,
): Steady | null {
  if (outcome === "unknown") return known;
  const since = known !== null && startedAt <= known.until ? known.since : startedAt;
  return { since, until: startedAt + 2 * everyMs };
}
