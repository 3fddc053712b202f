import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useStore } from "../store.ts";
import { theme } from "../theme.ts";
import { useDark } from "../use-media.ts";
import { aloneIn } from "../view/gaps.ts";

const HEIGHT = 220;

interface Props<T> {
  value: T;
  /** A chart is made anew when this changes, such as with another set of lines. */
  shape?: string;
  /** What it shows, in words. */
  label: string;
  dataOf: (value: T) => uPlot.AlignedData;
  /** Everything but the size; `latest` answers the value of the moment. */
  optionsOf: (paint: Paint, latest: () => T) => Omit<uPlot.Options, "width" | "height">;
}

/** Values over time, drawn in the colours of the theme. */
export function Chart<T>({ value, shape = "", label, dataOf, optionsOf }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const chosen = useStore(theme);
  const dark = useDark();
  const chart = useRef<uPlot>(null);
  const latest = useRef(value);
  latest.current = value;

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read when the chart is made, so a new theme makes a new one.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const size = () => ({ width: element.clientWidth, height: HEIGHT });
    const options = optionsOf(createPaint(element), () => latest.current);
    const plot = new uPlot({ ...options, ...size() }, dataOf(latest.current), element);
    chart.current = plot;
    const observer = new ResizeObserver(() => plot.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [chosen, dark, shape]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the function is the same in meaning at each call.
  useEffect(() => chart.current?.setData(dataOf(value)), [value]);

  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

export interface Paint {
  color(name: string): string;
  axis: uPlot.Axis;
  /** A line whose single values are dots, as are all while there are few. */
  line(label: string, look: { color: string; dash?: number[]; text: (value: number | null) => string }): uPlot.Series;
}

const DASHES: readonly (number[] | undefined)[] = [undefined, [6, 3], [2, 3]];

/** The look of the line at `index`: lines differ in dash as well as in colour. */
export function lookOf(index: number): { color: string; dash?: number[] } {
  const kind = index % DASHES.length;
  return { color: `--series-${kind + 1}`, ...(DASHES[kind] && { dash: DASHES[kind] }) };
}

/** Until the pointer chooses a moment, the legend shows the newest values. */
export function showNewest(plot: uPlot): void {
  const newest = Math.max(-1, ...plot.data.slice(1).map((values) => lastIndex(values)));
  if (plot.cursor.idx == null && newest >= 0) plot.setLegend({ idx: newest });
}

function lastIndex(values: uPlot.AlignedData[number]): number {
  return Array.from(values).findLastIndex((value) => value != null);
}

/** Few values are shown as dots too: a line needs two. */
const FEW = 20;

function areFew(plot: uPlot, index: number): boolean {
  return Array.from(plot.data[index] ?? []).filter((value) => value != null).length <= FEW;
}

function createPaint(element: HTMLElement): Paint {
  const color = (name: string) => resolveColor(element, name);
  return {
    color,
    axis: {
      stroke: color("--muted"),
      grid: { stroke: color("--line"), width: 1 },
      ticks: { stroke: color("--line"), width: 1 },
      font: "12px ui-sans-serif, system-ui, sans-serif",
    },
    line: (label, { color: name, dash, text }) => ({
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
      value: (_, value) => text(value ?? null),
    }),
  };
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
