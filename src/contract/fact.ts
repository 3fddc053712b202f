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
