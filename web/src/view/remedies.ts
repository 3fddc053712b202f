import type { RemedyKind } from "../../../src/contract/incident.ts";

/** What a remedy does to a service, for the person who has to allow it. */
export const REMEDY_EFFECT: Record<RemedyKind, (service: string) => string> = {
  "clear-sessions": (service) =>
    `${service} is asked to drop its stale sessions. Users whose session is stale sign in again.`,
  "reconnect-pool": (service) => `${service} is asked to make its connections anew, such as those to its database.`,
  "drop-cache": (service) => `${service} is asked to drop a cache. It is slower until the cache is filled again.`,
  restart: (service) => `Failing replicas of ${service} are replaced by fresh ones of the same release.`,
  redeploy: (service) => `The last release of ${service} that was good is deployed again.`,
  escalate: (service) => `People are told that ${service} needs them.`,
};
