import type { IncidentSummary } from "../contract/incident.ts";
import { ago, state, table } from "./output.ts";

/** Incidents for people, one a line. */
export function incidentTable(incidents: readonly IncidentSummary[]): string {
  return table(
    ["incident", "severity", "state", "service", "symptom", "opened", "actions"],
    incidents.map((item) => [
      item.id,
      state(item.severity),
      state(item.state),
      item.service,
      item.symptom,
      ago(item.openedAt),
      item.actions.map(({ remedy, outcome }) => `${remedy} ${outcome}`).join(", ") || "–",
    ]),
  );
}
