import type { GeneratedFile, Kind } from "../../kind.ts";
import { previewOf } from "../../pipeline/preview.ts";
import { deliveryOf } from "../../pipeline/targets/registry.ts";
import { targetNames } from "../target-names.ts";
import { ciWorkflow } from "./ci.ts";
import { productionWorkflow, stagingWorkflow } from "./deploy.ts";
import { foreignChecks, imagesBeside } from "./foreign.ts";
import { previewWorkflow } from "./preview.ts";
import { securityWorkflow } from "./security.ts";

/** Pipelines of GitHub: checks, staging, production, previews, scans. */
export const githubActions: Kind = {
  id: "github-actions",
  title: "GitHub Actions",
  wanted: ({ ci }) => ci === "github-actions",
  render(given) {
    if (given.services.length === 0) return [];
    const plan = targetNames(given);
    const other = foreignChecks(plan);
    const beside = other === undefined ? undefined : imagesBeside(other, plan);
    // Empty where the target runs nothing of this: the notes say so.
    const { steps, notes } = deliveryOf(plan, "staging");
    const deploys = steps.length > 0 ? [stagingWorkflow(plan), productionWorkflow(plan)] : [];
    const preview = previewOf(plan);
    const more = [
      ...(other === undefined ? [] : [`${other} runs the tests already: no other workflow is written for them`]),
      ...(preview.kind === "none" ? [preview.why] : []),
      ...(deploys.length > 0 ? [] : notes),
    ];
    const checks = other === undefined ? ciWorkflow(plan) : undefined;
    const files: GeneratedFile[] = [
      ...(checks ? [checks] : []),
      ...(beside ? [beside] : []),
      ...deploys,
      ...previewWorkflow(plan),
      securityWorkflow(plan),
    ];
    const [first, ...others] = files;
    return first ? [{ ...first, notes: [...more, ...(first.notes ?? [])] }, ...others] : [];
  },
};
