import type { Gap } from "../contract/scan.ts";
import type { Service } from "./services.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a service lacks to be deployed and watched, each with evidence and the patch that would add it. */
export function findGaps(_service: Service, _snapshot: Snapshot): Gap[] {
  return [];
}
