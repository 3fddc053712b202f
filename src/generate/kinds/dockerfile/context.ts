import type { PlannedService } from "../../plan.ts";

/** The folder an image is built from: the root of its workspace, or its own. */
export function contextOf({ workspace, path }: PlannedService): string {
  return workspace ?? path;
}
