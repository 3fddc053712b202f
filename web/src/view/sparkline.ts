import type { SeriesPoint } from "../../../src/contract/check.ts";
import { isAlone } from "./gaps.ts";

/** A short history is not stretched: the line begins further right. */
const LEAST_STEPS = 10;

/**
 * Lines (SVG path data) through the p95 values, broken where a point has none; a value without neighbours is a dot.
 * The oldest value stands at the left edge once there are ten steps. Empty without values.
 */
export function sparkPath(
  points: readonly SeriesPoint[],
  { width, height }: { width: number; height: number },
): string {
  const first = points.findIndex((point) => point.p95 !== null);
  if (first < 0) return "";
  const values = points.slice(first).map((point) => point.p95);
  const top = Math.max(...values.map((value) => value ?? 0), 1);
  const stepX = width / Math.max(LEAST_STEPS, values.length - 1);
  let path = "";
  values.forEach((value, index) => {
    if (value === null) return;
    const x = (width - (values.length - 1 - index) * stepX).toFixed(1);
    const y = (height - (value / top) * (height - 4) - 2).toFixed(1);
    path += `${values[index - 1] == null ? "M" : "L"}${x} ${y}${isAlone(values, index) ? "h0" : ""}`;
  });
  return path;
}
