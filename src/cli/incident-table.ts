import { actionsText } from "../contract/action-text.ts";
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
      actionsText(item.actions) || "–",
    ]),
  );
}

/** `no open incident; last: inc-m1 api process gone, resolved 10 s ago (--all shows them)` */
export function noneOpen(last: IncidentSummary | undefined, now = Date.now()): string {
  if (!last) return "no open incident";
  const end = last.resolvedAt ? `, resolved ${ago(last.resolvedAt, now)}` : "";
  return `no open incident; last: ${last.id} ${last.service} ${last.symptom}${end} (--all shows them)`;
}
