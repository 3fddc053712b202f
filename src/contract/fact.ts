import type { Evidence } from "./incident.ts";

type Unit = "count" | "percent" | "ms" | "seconds" | "bytes" | "moment";

const FACTS: Readonly<Record<string, readonly [label: string, unit: Unit]>> = {
  alive: ["alive", "count"],
  restarts: ["restarts", "count"],
  lossPercent: ["lost", "percent"],
  roundTripMs: ["round trip", "ms"],
  notAfter: ["valid until", "moment"],
  secondsLeft: ["valid for", "seconds"],
  memoryUsed: ["memory used", "bytes"],
  memoryMost: ["memory limit", "bytes"],
  clients: ["clients", "count"],
  loadMs: ["page loaded in", "ms"],
  connections: ["connections", "count"],
  connectionsMost: ["connection limit", "count"],
  lagSeconds: ["behind by", "seconds"],
};

/** What is measured of a service at the beginning of an incident. */
const FIGURES: Readonly<Record<string, readonly [label: string, unit: string]>> = {
  cpu_percent: ["CPU", " %"],
  memory_mb: ["memory", " MB"],
  errors_5xx: ["errors (5xx)", ""],
  inflight: ["in flight", ""],
};

/** The figures of an incident's evidence as label and text, in the order they came; null for what is not known. */
export function figureTexts(figures: Evidence["metrics"]): [label: string, text: string | null][] {
  return Object.entries(figures).map(([name, value]) => {
    const [label, unit] = FIGURES[name] ?? [name.replaceAll("_", " "), ""];
    return [label, value === null ? null : `${value}${unit}`];
  });
}

/** How a door writes what needs units. */
interface Writer {
  duration(ms: number): string;
  bytes(count: number): string;
  /** An ISO time. */
  moment(at: string): string;
}

/**
 * The facts of a run as label and text, in the order they came. When a heartbeat is due is left out: its calls are shown with it. A fact that has
 * no label yet stands under its own name.
 */
export function factTexts(facts: Readonly<Record<string, number>>, writer: Writer): [label: string, text: string][] {
  return Object.entries(facts)
    .filter(([name]) => name !== "dueSeconds")
    .map(([name, value]) => {
      const [label, unit] = FACTS[name] ?? [name, "count"];
      return [label, textOf(value, unit, writer)];
    });
}

function textOf(value: number, unit: Unit, { duration, bytes, moment }: Writer): string {
  if (unit === "percent") return `${value} %`;
  if (unit === "ms") return duration(value);
  if (unit === "seconds") return duration(value * 1_000);
  if (unit === "bytes") return bytes(value);
  return unit === "moment" ? moment(new Date(value * 1_000).toISOString()) : value.toLocaleString("en-US");
}
