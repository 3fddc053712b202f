import type { JudgeNote } from "../../../src/contract/judgement.ts";
import type { TrafficView } from "../../../src/contract/rollout.ts";

/** What the judge holds of each service at the moment it was asked (ms since the epoch). */
export function readingsOf(views: readonly TrafficView[], at: number): JudgeNote[] {
  return views.flatMap(({ service, analysis = [] }) =>
    analysis.map(({ metric, evidence, needed }) => ({ service, metric, evidence, needed, at })),
  );
}

/** Evidence about one service over time: a row of values for each metric; undefined where a metric was not read, null where the line breaks. */
export interface EvidenceSeries {
  service: string;
  metrics: string[];
  /** The e-value at which the release fails. */
  needed: number;
  /** Seconds since the epoch. */
  times: number[];
  values: (number | null | undefined)[][];
}

/** Readings further apart are not joined by a line: nobody knows what was between them. Notes of a long time are up to a tenth of it apart. */
const APART_MS = 60_000;
const APART_PART = 0.2;

/** The readings as lines, by service in the order of their names. */
export function seriesOf(readings: readonly JudgeNote[]): EvidenceSeries[] {
  const services = Map.groupBy(
    [...readings].sort((a, b) => a.at - b.at),
    ({ service }) => service,
  );
  return [...services].sort(([a], [b]) => a.localeCompare(b)).map(([service, list]) => lineUp(service, list));
}

function lineUp(service: string, readings: readonly JudgeNote[]): EvidenceSeries {
  const perMetric = Map.groupBy(readings, ({ metric }) => metric);
  const points = [...perMetric.values()].map(withGaps);
  const moments = [...new Set(points.flatMap((list) => [...list.keys()]))].sort((a, b) => a - b);
  return {
    service,
    metrics: [...perMetric.keys()],
    needed: Math.min(...readings.map(({ needed }) => needed)),
    times: moments.map((at) => at / 1_000),
    values: points.map((list) => moments.map((at) => list.get(at))),
  };
}

function withGaps(readings: readonly JudgeNote[]): Map<number, number | null> {
  const points = new Map<number, number | null>();
  const first = readings[0]?.at ?? 0;
  let last: number | undefined;
  for (const { at, evidence } of readings) {
    if (last !== undefined && at - last > Math.max(APART_MS, APART_PART * (last - first))) points.set(last + 1, null);
    points.set(at, evidence);
    last = at;
  }
  return points;
}
