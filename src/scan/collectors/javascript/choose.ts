import { declaredStart } from "./declared-start.ts";
import { anyServes } from "./entry.ts";
import type { FoundFramework } from "./framework.ts";
import type { Project } from "./project.ts";

/**
 * The framework that makes the package what it is: one that is used goes before one that is only there, and a server before the
 * pages it serves, unless pages are all that `start` shows.
 */
export function chooseFramework(project: Project, found: readonly FoundFramework[]): FoundFramework | undefined {
  const used = found.filter((one) => one.used);
  const [first = found[0]] = used;
  if (first?.row.role !== "server") return first;
  const client = used.find(({ row }) => row.role === "client");
  if (!client) return first;
  const declared = declaredStart(project, { others: true });
  if (declared) return declared.role === "static" ? client : first;
  return !project.manifest.scripts.has("start") && anyServes(project) ? first : client;
}
