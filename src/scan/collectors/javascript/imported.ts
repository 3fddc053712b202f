import { anyServes, works } from "./entry.ts";
import { isDeployed, workerOf } from "./kind.ts";
import type { Project } from "./project.ts";

const EXPORTS = /\bmodule\.exports\s*=|\bexports\.\w+\s*=|^export\s/m;

/**
 * Whether a file is there for others that import it: it hands something out, and nothing of the package works by itself. What is
 * published may listen, and yet only where others call it.
 */
export function isImported(project: Project, file: string, published: boolean): boolean {
  const code = project.view.snapshot.code(file, "javascript")?.bare ?? "";
  if (!EXPORTS.test(code) || isDeployed(project)) return false;
  if (workerOf(project) && works(project, file)) return false;
  return published || !anyServes(project);
}
