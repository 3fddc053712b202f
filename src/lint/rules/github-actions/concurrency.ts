import { recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { complain } from "../places.ts";
import { environmentOf, isDeploy, isOnlyCalled, isPreview } from "./jobs.ts";
import { type Job, type Workflow, workflowOf } from "./workflow.ts";

/** SM26 */
export const concurrency: Rule = {
  id: "SM26",
  title: "checks are cancelled by the next one, deploys wait for each other",
  help: "A new push makes an older check useless; a deploy is never cut short by the next.",
  severity: "warning",
  origins: ["concurrency-limits"],
  kinds: ["github-actions"],
  check(file) {
    const workflow = workflowOf(file);
    if (!workflow || isOnlyCalled(workflow)) return [];
    const deploys = workflow.jobs.filter((job) => !job.calls && deploysSomewhere(job));
    return deploys.length > 0 ? deploys.flatMap((job) => ofDeploy(workflow, job)) : ofChecks(workflow);
  },
};

function deploysSomewhere(job: Job): boolean {
  return isDeploy(job) && !isPreview(job) && (environmentOf(job) !== undefined || job.steps.length > 0);
}

function ofDeploy({ document, value }: Workflow, { path, value: job }: Job): Complaint[] {
  const [at, found] =
    job.concurrency === undefined ? [["concurrency"], value.concurrency] : [[...path, "concurrency"], job.concurrency];
  if (found === undefined)
    return [
      complain(
        document,
        path,
        "two deploys can run at once: add `concurrency: { group: <environment>, cancel-in-progress: false }`",
      ),
    ];
  if (valueAt(found, ["cancel-in-progress"]) !== true) return [];
  return [
    complain(
      document,
      [...at, "cancel-in-progress"],
      "the next run stops a deploy in the middle: set `cancel-in-progress: false`",
    ),
  ];
}

function ofChecks({ document, value, jobs, triggers }: Workflow): Complaint[] {
  if (!triggers.has("pull_request")) return [];
  const found = value.concurrency;
  if (found === undefined) {
    if (jobs.length === 0 || jobs.every(({ value: job }) => job.concurrency !== undefined)) return [];
    const message =
      "older runs of a pull request go on: add `concurrency` with `group: ${{ github.workflow }}-${{ github.ref }}` and `cancel-in-progress: true`";
    return [complain(document, ["jobs"], message, { severity: "note" })];
  }
  const group = stringAt(found) ?? stringAt(found, ["group"]) ?? "";
  const cancels = recordAt(found)["cancel-in-progress"];
  if (cancels === true && group !== "" && !group.includes("${{"))
    return [
      complain(
        document,
        ["concurrency"],
        `all pull requests share the group "${group}" and cancel each other: add \`\${{ github.ref }}\` to it`,
      ),
    ];
  if (cancels !== undefined && cancels !== false) return [];
  return [
    complain(document, ["concurrency"], "older runs are queued, not cancelled: set `cancel-in-progress: true`", {
      severity: "note",
    }),
  ];
}
