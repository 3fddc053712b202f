import type uPlot from "uplot";
import { evidenceText } from "../../../src/contract/judgement.ts";
import type { EvidenceSeries } from "../view/evidence-series.ts";
import { clock } from "../view/format.ts";
import { Chart, lookOf, type Paint, showNewest } from "./chart.tsx";

/** Evidence below this is none; lines leave the chart there. */
const FLOOR = 0.01;
const LEAST_SPAN_S = 60;

/** The e-values of one service over time, on a scale of powers of ten, with the line at which the release fails. */
export function EvidenceChart({ series }: { series: EvidenceSeries }) {
  const { service, metrics, values, needed } = series;
  const newest = metrics.map((metric, index) => {
    const last = values[index]?.findLast((value) => value != null);
    return `${metric} ${text(last ?? null)}`;
  });
  return (
    <Chart
      value={series}
      shape={metrics.join()}
      label={`Evidence against the new release of ${service}. Last: ${newest.join(", ")}; it fails at ${text(needed)}`}
      dataOf={dataOf}
      optionsOf={optionsFor}
    />
  );
}

function dataOf({ times, values }: EvidenceSeries): uPlot.AlignedData {
  return [times, ...values];
}

function optionsFor(paint: Paint, latest: () => EvidenceSeries): Omit<uPlot.Options, "width" | "height"> {
  const { axis, line } = paint;
  return {
    hooks: { draw: [showNewest, (plot) => drawLimit(plot, latest().needed, paint)] },
    cursor: { points: { size: 6 }, drag: { setScale: false, x: false, y: false } },
    scales: {
      x: { range: () => spanOf(latest()) },
      y: { distr: 3, log: 10, range: (_, __, max) => [FLOOR, Math.max(latest().needed, max ?? 0) * 4] },
    },
    axes: [
      { ...axis, size: 34, space: 80, values: (_, splits) => splits.map((value) => clock(value * 1_000)) },
      { ...axis, size: 62, values: (_, splits) => splits.map((value) => (value == null ? "" : text(value))) },
    ],
    series: [
      { label: "time", value: "{HH}:{mm}:{ss}" },
      ...latest().metrics.map((metric, index) => line(metric, { ...lookOf(index), text })),
    ],
  };
}

/** From the first reading to the newest, a short history at the right. */
function spanOf({ times }: EvidenceSeries): [number, number] {
  const to = times.at(-1) ?? 0;
  return [Math.min(times[0] ?? to, to - LEAST_SPAN_S), to];
}

function drawLimit(plot: uPlot, needed: number, { color }: Paint): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const y = plot.valToPos(needed, "y", true);
  ctx.save();
  ctx.strokeStyle = color("--bad");
  ctx.fillStyle = color("--bad");
  ctx.lineWidth = 1.5 * ratio;
  ctx.setLineDash([8 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `${12 * ratio}px ui-sans-serif, system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.fillText(`fails at ${text(needed)}`, bbox.left + 6 * ratio, y - 3 * ratio);
  ctx.restore();
}

function text(value: number | null): string {
  return value === null ? "–" : evidenceText(value);
}
