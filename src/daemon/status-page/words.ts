import type { PublicIncident, PublicState } from "../../contract/status-page.ts";

export const STATE_WORDS: Record<PublicState, string> = {
  operational: "Operational",
  degraded: "Disturbed",
  outage: "Outage",
  unknown: "Unknown",
};

export const OVERALL_WORDS: Record<PublicState, string> = {
  operational: "All services are operational",
  degraded: "Some services are disturbed",
  outage: "Some services are not available",
  unknown: "The state of some services is not known",
};

export const INCIDENT_WORDS: Record<PublicIncident["state"], string> = {
  investigating: "Being looked into",
  watching: "Recovered, being watched",
  resolved: "Resolved",
};

const WORST_FIRST: readonly PublicState[] = ["outage", "degraded", "unknown"];

export function overallState(states: readonly PublicState[]): PublicState {
  return WORST_FIRST.find((state) => states.includes(state)) ?? (states.length > 0 ? "operational" : "unknown");
}

/** A share of passed runs as people read it, never rounded up to a whole: 0.99996 is `99.99 % uptime`. */
export function uptimeWords(share: number | null): string {
  if (share === null) return "no data";
  return share === 1 ? "100 % uptime" : `${(Math.floor(share * 10_000) / 100).toFixed(2)} % uptime`;
}
