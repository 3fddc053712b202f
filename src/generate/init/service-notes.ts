import type { ScannedService, ScanReport } from "../../contract/scan.ts";
import { CERTAIN } from "../../scan/fact.ts";
import { certaintyOf, isPages } from "./seen.ts";

/** What is assumed of a service, and what has to be known before it is started. */
export function serviceNotes(
  service: ScannedService,
  report: ScanReport,
  { health, start, worker }: { health: string | null; start: string; worker: boolean },
): string[] {
  const { name, env, migrations } = service;
  const { facts } = report;
  const unsure = (fact: string) =>
    facts[`${name}.${fact}`] !== undefined && certaintyOf(service, fact, report) < CERTAIN;
  const reads = start.includes("${PORT}") || env.some((variable) => variable.name === "PORT");
  const fixed = facts[`${name}.port`]?.source === "code" || facts[`${name}.port`] === undefined;
  return [
    ...(!isPages(service) && start !== "" && certaintyOf(service, "start", report) < CERTAIN
      ? [`the start command is assumed: see stationmaster scan --why ${name}.start`]
      : []),
    ...(!worker && service.health && unsure("health")
      ? [`the health path is assumed: see stationmaster scan --why ${name}.health`]
      : []),
    ...(worker || health ? [] : ["no health path found: an open port counts as healthy"]),
    ...(worker || reads || !fixed
      ? []
      : ["PORT is not mentioned: a service has to listen on the port that this variable names"]),
    ...(migrations ? [`it has migrations (${migrations.command}): \`migrate\` runs them before a release`] : []),
  ];
}

/** Variables that it needs and that nothing gives it yet. */
export function variableNotes({ env }: ScannedService, given: Record<string, string>): string[] {
  const missing = env
    .filter(
      ({ name, class: kind, phase, required }) =>
        required && phase === "run" && kind !== "provided" && !(name in given),
    )
    .map(({ name }) => name)
    .sort();
  const [first] = missing;
  if (first === undefined) return [];
  const shown = missing.slice(0, MOST).join(", ");
  const more = missing.length > MOST ? ` and ${missing.length - MOST} more` : "";
  return [`nothing gives it ${shown}${more} yet: add it under \`env\`, such as ${first}: \${secret:${first}}`];
}

const MOST = 6;
