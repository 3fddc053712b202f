import type { SeriesPoint } from "../../../src/contract/check.ts";

/** Lines (SVG path data) through the p95 values, broken where a point has none. Empty without two neighbouring values. */
export function sparkPath(
  points: readonly SeriesPoint[],
  { width, height }: { width: number; height: number },
): string {
  const values = points.map((point) => point.p95);
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return "";
  const top = Math.max(...known, 1);
  const stepX = width / Math.max(1, values.length - 1);
  let path = "";
  let pen = false;
  values.forEach((value, index) => {
    if (value === null) {
      pen = false;
      return;
    }
    const y = height - (value / top) * (height - 2) - 1;
    path += `${pen ? "L" : "M"}${(index * stepX).toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
  });
  return path;
}
