import type { LiveEvent } from "../../../src/contract/status.ts";

/** The query keys (prefixes) that an event makes out of date. Series are left to their own slow poll. */
export function outdatedBy(event: LiveEvent): string[][] {
  switch (event.type) {
    case "status":
      return [["status"]];
    case "rollout":
      return [["status"], ["rollouts"], ["rollout", event.id], ["traffic", event.id], ["releases"], ["audit"]];
    case "incident":
      return [["status"], ["incidents"], ["incident", event.id], ["audit"]];
    case "checks":
      return [["checks"]];
  }
}
