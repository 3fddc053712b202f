import type { Evidence } from "../contract/incident.ts";
import { localTime } from "./output.ts";

/** Figures whose name alone does not read well. */
const WORDS: Record<string, (value: number | string) => string> = {
  cpu_percent: (value) => `CPU ${value} %`,
  memory_mb: (value) => `memory ${value} MB`,
  errors_5xx: (value) => `errors (5xx) ${value}`,
  inflight: (value) => `in flight ${value}`,
};

/** The evidence of an incident for people: figures (`last exit SIGKILL`), processes, log lines, changes, what is missing. */
export function evidenceLines({
  metrics,
  processes = [],
  environmentHash,
  logs,
  changes,
  missing,
}: Evidence): string[] {
  const facts = Object.entries(metrics).flatMap(([name, value]) =>
    value === null ? [] : (WORDS[name]?.(value) ?? `${name.replaceAll("_", " ")} ${value}`),
  );
  return [
    ...(facts.length > 0 ? [`  ${facts.join(" · ")}`] : []),
    ...processes.map((line) => `  ${line}`),
    ...(environmentHash ? [`  settings ${environmentHash.slice(0, 12)}`] : []),
    ...logs.map((line) => `  | ${line}`),
    ...changes.map(({ at, text }) => `  ${localTime(at)} ${text}`),
    ...missing.map((item) => `  missing: ${item}`),
  ];
}
