import type { LiveEvent } from "../../../src/contract/status.ts";

/** The query keys (prefixes) that an event makes out of date. Series have a slow poll of their own, but show an outage at once. */
export function outdatedBy(event: LiveEvent): string[][] {
  switch (event.type) {
    case "status":
      return [["status"], ["approvals"], ["silences"]];
    case "rollout":
      return [
        ["status"],
        ["rollouts"],
        ["rollout", event.id],
        ["traffic", event.id],
        ["releases"],
        ["migrations"],
        ["audit"],
      ];
    case "incident":
      return [
        ["status"],
        ["incidents"],
        ["incident", event.id],
        ["healing-plan", event.id],
        ["notifications"],
        ["audit"],
        ["series"],
      ];
    case "checks":
      return [["checks"], ["check"], ["results"]];
  }
}
