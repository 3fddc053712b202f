import { dockerfileOf, isForDevelopment, isWindows } from "../dockerfile.ts";
import type { Complaint } from "../finding.ts";
import { type BuildContext, contextsOf } from "../interpret/context.ts";
import { installProblems } from "../interpret/installs.ts";
import { outcomeProblems } from "../interpret/outcome.ts";
import { programProblems } from "../interpret/program.ts";
import { rightsProblems } from "../interpret/rights.ts";
import { walkStages } from "../interpret/walk.ts";
import type { LintFile } from "../lint-file.ts";
import type { RuleContext } from "../rule.ts";
import { serviceOf } from "../services.ts";
import type { Validator } from "./validator.ts";

/** Whether the image can be built and started, as far as its files tell. */
export const dockerfileWorks: Validator = {
  id: "dockerfile-works",
  kinds: ["dockerfile"],
  async validate(file, rules): Promise<Complaint[]> {
    const document = dockerfileOf(file);
    if (document.stages.some((stage) => isWindows(document, stage))) return [];
    // Of folders that fit equally well that one is meant with which it works.
    const tries = contextsOf(file, rules).map((context) => problemsIn(file, rules, context));
    return tries.reduce((best, next) => (next.length < best.length ? next : best));
  },
};

function problemsIn(file: LintFile, rules: RuleContext, context: BuildContext): Complaint[] {
  const walked = walkStages(file, { rules, context }, (site) => installProblems(file, rules.tree, site));
  // Work on the code brings it by a mount.
  if (isForDevelopment(file.path)) return walked.complaints;
  const service = serviceOf(file, rules.services);
  return [
    ...walked.complaints,
    ...programProblems(file, rules.tree, { walked, service }),
    ...outcomeProblems(file, rules.tree, walked),
    ...rightsProblems(file, walked),
  ];
}
