import type { IncidentFlag, IncidentSummary } from "../../../src/contract/incident.ts";
import { clock } from "./format.ts";

const TEXT: Record<IncidentFlag, (incident: IncidentSummary) => string> = {
  acknowledged: ({ acknowledgement }) =>
    acknowledgement
      ? `acknowledged by ${acknowledgement.actor} until ${clock(acknowledgement.until).slice(0, 5)}`
      : "acknowledged",
  escalated: () => "escalated to a person",
  frozen: () => "healing stopped",
  flapping: () => "flapping",
  suppressed: ({ suppressedBy = [] }) =>
    suppressedBy.length > 0 ? `kept quiet by ${suppressedBy.join(", ")}` : "kept quiet",
  recurring: () => "recurring",
};

/** What is true of an incident beside its state, in words. */
export function flagTexts(incident: IncidentSummary): string[] {
  const { acknowledged, escalated, flags = [] } = incident;
  const all = new Set<IncidentFlag>([
    ...(acknowledged ? (["acknowledged"] as const) : []),
    ...(escalated ? (["escalated"] as const) : []),
    ...flags,
  ]);
  return [...all].map((flag) => TEXT[flag](incident));
}
