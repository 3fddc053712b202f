import type { RemedyKind } from "../../../src/contract/incident.ts";

/** What a remedy does to a service, for the person who has to allow it. */
export const REMEDY_EFFECT: Record<RemedyKind, (service: string) => string> = {
  "clear-sessions": (service) =>
    `${service} is asked to drop its stale sessions. Users whose session is stale sign in again.`,
  restart: (service) => `Failing replicas of ${service} are replaced by fresh ones of the same release.`,
  redeploy: (service) => `The last release of ${service} that was good is deployed again.`,
  escalate: (service) => `People are told that ${service} needs them.`,
};
