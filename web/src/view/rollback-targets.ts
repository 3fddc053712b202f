import type { Release } from "../../../src/contract/rollout.ts";
import { isActive } from "./states.ts";

/** The releases one may return to, newest first, and the one to suggest: the newest good one older than what serves now. */
export function rollbackTargets(releases: readonly Release[]): { targets: Release[]; suggested: Release | undefined } {
  const current = releases.find((release) => release.current);
  const targets = releases
    .filter((release) => !release.current && !(release.state && isActive({ state: release.state })))
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  const older = (release: Release) => !current || Date.parse(release.createdAt) < Date.parse(current.createdAt);
  const good = targets.filter((release) => release.state === "SUCCEEDED");
  return { targets, suggested: good.find(older) ?? good[0] ?? targets[0] };
}
