import type { PlannedService } from "../../plan.ts";

/** The folder that an image is built from: the root of the workspace, or the one that holds all that the service is built with. */
export function contextOf({
  workspace,
  path,
  internal,
}: Pick<PlannedService, "path" | "workspace" | "internal">): string {
  const parts = (workspace ?? path).split("/").filter((part) => part !== ".");
  for (const other of internal) {
    const theirs = other.split("/");
    const common = parts.findIndex((part, index) => part !== theirs[index]);
    if (common !== -1) parts.length = common;
  }
  return parts.join("/") || ".";
}
