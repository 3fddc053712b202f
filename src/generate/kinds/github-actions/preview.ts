import type { GeneratedFile } from "../../kind.ts";
import type { Plan } from "../../plan.ts";

export function previewWorkflow(_plan: Plan): GeneratedFile[] {
  return [];
}
