import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";
import { complain } from "../places.ts";
import { actionOf } from "./workflow.ts";

/** SM18 */
export const syntax: Rule = {
  id: "SM18",
  title: "workflows and actions are well formed",
  help: "What the judge of workflows does not see: files that are no YAML, and the steps of composite actions.",
  severity: "error",
  origins: ["actionlint", "shellcheck"],
  kinds: ["github-actions"],
  check: (file) => [...unreadable(file), ...composite(file)],
};

/** Of actions only: actionlint says it of workflows. */
function unreadable(file: LintFile): Complaint[] {
  if (/(?:^|\/)workflows\//.test(file.path)) return [];
  return file
    .documents()
    .flatMap(({ problems }) => problems.slice(0, 1))
    .map((problem) => ({ ...problem, message: `no YAML: ${problem.message}` }));
}

function composite(file: LintFile): Complaint[] {
  const action = actionOf(file);
  if (!action) return [];
  return action.steps.flatMap(({ path, value, run, uses }) => {
    if (run !== undefined && value.shell === undefined)
      return [
        complain(action.document, [...path, "run"], "a `run` of a composite action needs `shell`: add `shell: bash`"),
      ];
    if (run === undefined && !uses) return [complain(action.document, path, "this step has neither `run` nor `uses`")];
    return [];
  });
}
