import type { CheckSeries, SeriesPoint } from "../../../src/contract/check.ts";

const HOUR_MS = 3_600_000;

export interface Segment {
  from: number;
  to: number;
  kind: "none" | "up" | "part" | "down";
  /** Failed runs as a share of failed and passed ones; 0 without runs. */
  failShare: number;
  runs: number;
  fails: number;
}

/** Whether the check ran at all in the time of the series. */
export function hasRuns({ points }: Pick<CheckSeries, "points">): boolean {
  return points.some(isRun);
}

/** Whether the first run of a series of a day is so recent that an hour shows all of it. */
export function isYoung({ points, stepMs }: Pick<CheckSeries, "points" | "stepMs">, now: number): boolean {
  const first = points.find(isRun);
  return first === undefined || now - Date.parse(first.at) < HOUR_MS + stepMs;
}

/** When the newest step of a series ends, milliseconds since the epoch; a step that has just begun and is still empty does not count. */
export function endOf({ points, stepMs }: Pick<CheckSeries, "points" | "stepMs">): number | undefined {
  const last = points.at(-1);
  return last && Date.parse(last.at) + (isRun(last) ? stepMs : 0);
}

function isRun(point: SeriesPoint): boolean {
  return point.ok + point.slow + point.fail > 0;
}

/** Cuts the `windowMs` before `now` into equal segments; unknown runs count on neither side, so a segment of them is `none`. */
export function segmentsOf(
  points: readonly SeriesPoint[],
  { now, windowMs, count = 48 }: { now: number; windowMs: number; count?: number },
): Segment[] {
  const width = windowMs / count;
  const start = now - windowMs;
  const sums = Array.from({ length: count }, () => ({ runs: 0, fails: 0 }));
  for (const point of points) {
    const index = Math.floor((Date.parse(point.at) - start) / width);
    // The newest point may start a moment after a clock that lags; the oldest may begin before the window.
    const sum = sums[Math.min(count - 1, index)];
    if (!sum) continue;
    sum.runs += point.ok + point.slow + point.fail;
    sum.fails += point.fail;
  }
  return sums.map(({ runs, fails }, index) => {
    const failShare = runs === 0 ? 0 : fails / runs;
    const from = start + index * width;
    return { from, to: from + width, kind: kindOf(runs, failShare), failShare, runs, fails };
  });
}

function kindOf(runs: number, failShare: number): Segment["kind"] {
  if (runs === 0) return "none";
  if (failShare === 0) return "up";
  return failShare >= 0.5 ? "down" : "part";
}

/** Passed share of all runs in the segments; null without runs. */
export function uptimeOf(segments: readonly Segment[]): number | null {
  const runs = segments.reduce((sum, segment) => sum + segment.runs, 0);
  if (runs === 0) return null;
  return 1 - segments.reduce((sum, segment) => sum + segment.fails, 0) / runs;
}
