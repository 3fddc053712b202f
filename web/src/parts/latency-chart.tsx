import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { CheckSeries } from "../../../src/contract/check.ts";
import { useStore } from "../store.ts";
import { theme } from "../theme.ts";
import { useDark } from "../use-media.ts";
import { latency } from "../view/format.ts";
import { aloneIn } from "../view/gaps.ts";

const HEIGHT = 220;

/** p50, p95 and p99 over time. The lines differ in dash as well as in colour. */
export function LatencyChart({ series }: { series: CheckSeries }) {
  const box = useRef<HTMLDivElement>(null);
  const chosen = useStore(theme);
  const dark = useDark();
  const chart = useRef<uPlot>(null);
  const latest = useRef(series);
  latest.current = series;

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read when the chart is made, so a new theme makes a new one.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const plot = new uPlot(
      optionsFor(element, () => rangeOf(latest.current)),
      dataOf(latest.current),
      element,
    );
    chart.current = plot;
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [chosen, dark]);

  useEffect(() => chart.current?.setData(dataOf(series)), [series]);

  const last = series.points.findLast((point) => point.p95 !== null);
  const label = last
    ? `Latency chart. Last: p50 ${latency(last.p50)}, p95 ${latency(last.p95)}, p99 ${latency(last.p99)}`
    : "Latency chart without data";
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

/** Until the pointer chooses a moment, the legend shows the newest values. */
function showNewest(plot: uPlot): void {
  const newest = plot.data[2]?.findLastIndex((value) => value != null) ?? -1;
  if (plot.cursor.idx == null && newest >= 0) plot.setLegend({ idx: newest });
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

/** Few values are shown as dots too: a line needs two. */
const FEW = 20;

function areFew(plot: uPlot): boolean {
  return [...(plot.data[2] ?? [])].filter((value) => value != null).length <= FEW;
}

function dataOf({ points }: CheckSeries): uPlot.AlignedData {
  return [
    points.map((point) => Date.parse(point.at) / 1_000),
    points.map((point) => point.p50),
    points.map((point) => point.p95),
    points.map((point) => point.p99),
  ];
}

function optionsFor(element: HTMLElement, range: () => [number, number]): uPlot.Options {
  const color = (name: string) => resolveColor(element, name);
  const axis = {
    stroke: color("--muted"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { stroke: color("--line"), width: 1 },
    font: "12px ui-sans-serif, system-ui, sans-serif",
  };
  const line = (label: string, name: string, dash?: number[]): uPlot.Series => ({
    label,
    stroke: color(name),
    width: 1.5,
    ...(dash && { dash }),
    points: {
      show: areFew,
      filter: (plot, index, show) => (show ? null : aloneIn(plot.data[index] ?? [])),
      size: 5,
      fill: color(name),
    },
    value: (_, value) => latency(value ?? null),
  });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    hooks: { draw: [showNewest] },
    cursor: { points: { size: 6 }, drag: { setScale: false, x: false, y: false } },
    scales: { x: { range }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, size: 34, values: (_, splits, __, ___, step) => splits.map((value) => tick(value, step)) },
      { ...axis, size: 62, values: (_, splits) => splits.map((value) => latency(value)) },
    ],
    series: [
      { label: "time", value: "{HH}:{mm}" },
      line("p50", "--series-1"),
      line("p95", "--series-2", [6, 3]),
      line("p99", "--series-3", [2, 3]),
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

/** A canvas knows no custom properties: the browser resolves the colour on an element that is thrown away. */
function resolveColor(parent: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  parent.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
