import type { Release } from "../../../src/contract/rollout.ts";
import { isActive } from "./states.ts";

/** The releases one may return to, newest first. */
export function rollbackTargets(releases: readonly Release[]): Release[] {
  return releases
    .filter((release) => !release.current && !(release.state && isActive({ state: release.state })))
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}
