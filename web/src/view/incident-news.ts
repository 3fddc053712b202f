import { type Incident, type IncidentSummary, isOver } from "../../../src/contract/incident.ts";

type Mended = IncidentSummary & { resolvedAt: string };

/** Incidents that are open, the worst first, and the one that was resolved last. A mere suspicion is neither. */
export function incidentNews(incidents: readonly IncidentSummary[]): {
  open: IncidentSummary[];
  mended: Mended | undefined;
} {
  const open = incidents.filter(({ state }) => !isOver(state) && state !== "suspect");
  const mended = incidents.filter((incident): incident is Mended => incident.resolvedAt !== null);
  return {
    open: open.sort((a, b) => a.severity.localeCompare(b.severity)),
    mended: mended.sort((a, b) => b.resolvedAt.localeCompare(a.resolvedAt))[0],
  };
}

/** The checks that fail; once they pass again, those that failed when the incident was opened. */
export function failedChecksOf({ failedChecks, timeline }: Pick<Incident, "failedChecks" | "timeline">): string[] {
  if (failedChecks.length > 0) return failedChecks;
  const checks = timeline.find(({ kind }) => kind === "opened")?.data.checks;
  return Array.isArray(checks) ? checks.map(String) : [];
}
