import { createHash } from "node:crypto";
import type { VerdictEvent } from "../watch/types.ts";

/** What makes two failures the same incident: where it is and the family of the failure, never the text of a message. */
export function incidentKey({
  environment,
  service,
  component,
  family,
}: Pick<VerdictEvent, "environment" | "service" | "component" | "family">): string {
  return createHash("sha256")
    .update(JSON.stringify([environment, service, component, family ?? "none"]))
    .digest("hex");
}

/** The two names under which restarts are counted. */
export function serviceScope(app: string, environment: string, service: string): string {
  return `service:${app}/${environment}/${service}`;
}

export function keyScope(app: string, key: string): string {
  return `incident:${app}/${key}`;
}
