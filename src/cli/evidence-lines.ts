import { figureTexts } from "../contract/fact.ts";
import type { Evidence } from "../contract/incident.ts";
import { localTime } from "./output.ts";

/** The evidence of an incident for people: figures (`last exit SIGKILL`), processes, log lines, changes, what is missing. */
export function evidenceLines({
  metrics,
  processes = [],
  environmentHash,
  logs,
  changes,
  missing,
}: Evidence): string[] {
  const facts = figureTexts(metrics).flatMap(([label, text]) => (text === null ? [] : `${label} ${text}`));
  return [
    ...(facts.length > 0 ? [`  ${facts.join(" · ")}`] : []),
    ...processes.map((line) => `  ${line}`),
    ...(environmentHash ? [`  settings ${environmentHash.slice(0, 12)}`] : []),
    ...logs.map((line) => `  | ${line}`),
    ...changes.map(({ at, text }) => `  ${localTime(at)} ${text}`),
    ...missing.map((item) => `  missing: ${item}`),
  ];
}
