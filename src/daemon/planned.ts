import type { PlannedRollout } from "../deploy/deployer.ts";
import type { Project } from "./project.ts";

/** A rollout, and what is in force once it has begun. */
export interface Planned extends PlannedRollout {
  project: Project;
}
