import { isForDevelopment, isWindows } from "../dockerfile.ts";
import type { Complaint } from "../finding.ts";
import { installProblems } from "../interpret/installs.ts";
import { programProblems } from "../interpret/program.ts";
import { rightsProblems } from "../interpret/rights.ts";
import { walkStages } from "../interpret/walk.ts";
import { serviceOf } from "../services.ts";
import type { Validator } from "./validator.ts";

/** Whether the image can be built and started, as far as its files tell. */
export const dockerfileWorks: Validator = {
  id: "dockerfile-works",
  kinds: ["dockerfile"],
  async validate(file, context): Promise<Complaint[]> {
    const walked = walkStages(file, context, (site) => installProblems(file, context.tree, site));
    if (walked.document.stages.some((stage) => isWindows(walked.document, stage))) return [];
    // Work on the code brings it by a mount.
    if (isForDevelopment(file.path)) return walked.complaints;
    const service = serviceOf(file, context.services);
    return [
      ...walked.complaints,
      ...programProblems(file, context.tree, { walked, service }),
      ...rightsProblems(file, walked),
    ];
  },
};
