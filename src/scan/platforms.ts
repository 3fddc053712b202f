import type { Evidence } from "./fact.ts";
import type { Snapshot } from "./snapshot.ts";

/** A platform or tool that the repository is already set up for, and the file that says so. */
export interface PlatformConfig {
  id: string;
  file: string;
  evidence: Evidence[];
}

/** Configurations of platforms, nearest to the root first. */
export function findPlatforms(_snapshot: Snapshot): PlatformConfig[] {
  return [];
}
