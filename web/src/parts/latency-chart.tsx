import type uPlot from "uplot";
import type { CheckSeries } from "../../../src/contract/check.ts";
import { latency } from "../view/format.ts";
import { Chart, lookOf, type Paint, showNewest } from "./chart.tsx";

/** p50, p95 and p99 over time. */
export function LatencyChart({ series }: { series: CheckSeries }) {
  const last = series.points.findLast((point) => point.p95 !== null);
  const label = last
    ? `Latency chart. Last: p50 ${latency(last.p50)}, p95 ${latency(last.p95)}, p99 ${latency(last.p99)}`
    : "Latency chart without data";
  return <Chart value={series} label={label} dataOf={dataOf} optionsOf={optionsFor} />;
}

/** A history shorter than this many steps is not stretched over the whole width. */
const LEAST_STEPS = 15;

/** From the first value to the newest step; seconds since the epoch. */
function rangeOf({ points, stepMs }: CheckSeries): [number, number] {
  const first = points.find((point) => point.p95 !== null) ?? points[0];
  const to = Date.parse(points.at(-1)?.at ?? new Date().toISOString()) / 1_000;
  const from = Date.parse(first?.at ?? new Date().toISOString()) / 1_000;
  return [Math.min(from, to - (LEAST_STEPS * stepMs) / 1_000), to];
}

function dataOf({ points }: CheckSeries): uPlot.AlignedData {
  return [
    points.map((point) => Date.parse(point.at) / 1_000),
    points.map((point) => point.p50),
    points.map((point) => point.p95),
    points.map((point) => point.p99),
  ];
}

function optionsFor({ axis, line }: Paint, latest: () => CheckSeries): Omit<uPlot.Options, "width" | "height"> {
  return {
    hooks: { draw: [showNewest] },
    cursor: { points: { size: 6 }, drag: { setScale: false, x: false, y: false } },
    scales: { x: { range: () => rangeOf(latest()) }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, size: 34, values: (_, splits, __, ___, step) => splits.map((value) => tick(value, step)) },
      { ...axis, size: 62, values: (_, splits) => splits.map((value) => latency(value)) },
    ],
    series: [
      { label: "time", value: "{HH}:{mm}" },
      ...["p50", "p95", "p99"].map((name, index) => line(name, { ...lookOf(index), text: latency })),
    ],
  };
}

const DAY_S = 86_400;

/** An axis label for a moment (seconds since the epoch): the date at midnight or where steps are days, else the time. */
function tick(at: number, step: number): string {
  const date = new Date(at * 1_000);
  const midnight = date.getHours() === 0 && date.getMinutes() === 0;
  if (midnight || step >= DAY_S) return date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
