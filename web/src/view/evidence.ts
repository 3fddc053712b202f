import type { Evidence } from "../../../src/contract/incident.ts";
import { plain } from "./format.ts";

type Metrics = Evidence["metrics"];

/** Zero in these says only that there is no process. */
const OF_LIVING: ReadonlySet<string> = new Set(["cpu_percent", "memory_mb", "inflight"]);

/** The figures for people, what explains most first. Others follow under their own names, underscores as spaces. */
const LABELS: Record<string, readonly [label: string, unit: string]> = {
  last_exit: ["Last exit", ""],
  replicas_running: ["Replicas running", ""],
  errors_5xx: ["Server errors (5xx)", ""],
  requests: ["Requests so far", ""],
  inflight: ["Requests in flight", ""],
  memory_mb: ["Memory", " MB"],
  cpu_percent: ["CPU", " %"],
};

/** The collected figures as label and text in the order of their weight, without those that have no value. */
export function figuresOf(metrics: Metrics): Record<string, string> {
  const { replicas, ...rest } = metrics;
  const dead = metrics.replicas_running === 0;
  const names = [...Object.keys(LABELS), ...Object.keys(rest).filter((name) => !LABELS[name])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = rest[name];
      if (value === null || value === undefined || (dead && value === 0 && OF_LIVING.has(name))) return [];
      const [label, unit] = LABELS[name] ?? [name.replaceAll("_", " "), ""];
      const whole = name === "replicas_running" && typeof replicas === "number" ? ` of ${replicas}` : "";
      const text = typeof value === "number" ? value.toLocaleString("en-US") : plain(value);
      return [[label, `${text}${unit}${whole}`]];
    }),
  );
}
