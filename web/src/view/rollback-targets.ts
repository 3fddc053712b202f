import type { Release } from "../../../src/contract/rollout.ts";

/** The releases one may return to, newest first. */
export function rollbackTargets(releases: readonly Release[]): Release[] {
  return releases
    .filter(({ current, served }) => served && !current)
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}
