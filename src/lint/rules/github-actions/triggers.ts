import { stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { complain } from "../places.ts";
import { embeddedIn } from "./expression.ts";
import { contextsIn } from "./flow.ts";
import { conditionOf, environmentOf, isPreview, secretsIn, textsIn } from "./jobs.ts";
import { inputOf, type Job, type Step, stepUses, type Workflow, workflowOf } from "./workflow.ts";

/** SM23 */
export const triggers: Rule = {
  id: "SM23",
  title: "code of pull requests runs without secrets",
  help: "Code of a pull request does not run with the secrets of the repository.",
  severity: "error",
  origins: ["dangerous-triggers"],
  kinds: ["github-actions"],
  check(file) {
    const workflow = workflowOf(file);
    return workflow ? [...headCode(workflow), ...previews(workflow)] : [];
  },
};

const HEAD =
  /^github\.(?:head_ref$|event\.pull_request\.(?:head\.|number$|merge_commit_sha$)|event\.number$|event\.issue\.number$|event\.workflow_run\.(?:head_|pull_requests\.)|event\.pull_request\.head$)/;

function headCode(workflow: Workflow): Complaint[] {
  const { document, jobs, triggers: events } = workflow;
  const event = ["pull_request_target", "workflow_run"].find((name) => events.has(name));
  if (!event) return [];
  return jobs
    .filter((job) => !isGuarded(job, event))
    .flatMap((job) => {
      // An environment may ask for a review first; nothing here says whether it does.
      const severity = environmentOf(job) === undefined ? "error" : "warning";
      return job.steps
        .filter((step) => !isGuarded(step, event))
        .flatMap((step) => takesHead(step, event))
        .map(({ path, what }) => {
          const message = `${what} brings the code of a pull request into a run of \`${event}\`, which has secrets: use \`pull_request\`, or check out nothing of it`;
          return complain(document, path, message, { severity });
        });
    });
}

function takesHead(step: Step, event: string) {
  if (stepUses(step, "actions/checkout")) {
    const key = ["ref", "repository"].find((name) => {
      const given = inputOf(step, name);
      return (
        typeof given === "string" &&
        embeddedIn(given).some(({ expression }) => contextsIn(expression).some((path) => HEAD.test(path.join("."))))
      );
    });
    return key ? [{ path: [...step.path, "with", key], what: "this checkout" }] : [];
  }
  const fetches =
    step.run !== undefined && /\bgh\s+pr\s+checkout\b|\bgit\s+fetch\b.*\bpull\/|\brefs\/pull\//.test(step.run);
  return fetches && event === "pull_request_target" ? [{ path: [...step.path, "run"], what: "this script" }] : [];
}

/** Whether a condition looks at where the code comes from, or lets a person decide. */
function isGuarded(owner: Job | Step, event: string): boolean {
  const looked = conditionOf(owner.value) ?? [];
  if (
    looked.some((path) =>
      /head\.repo\.(?:full_name|fork|owner)|head_repository\.|workflow_run\.event$|event\.label|pull_request\.labels|author_association|github\.actor$|pull_request\.user\.login/.test(
        path,
      ),
    )
  )
    return true;
  return event === "workflow_run" && looked.some((path) => /workflow_run\.head_branch$/.test(path));
}

/** Previews with secrets fail for forks, unless the job is for branches of the repository only. */
function previews({ document, jobs, triggers: events }: Workflow): Complaint[] {
  if (!events.has("pull_request")) return [];
  return jobs
    .filter((job) => isPreview(job) && conditionOf(job.value) === undefined && secretsIn(job.value).length > 0)
    .filter(
      ({ steps, needs }) =>
        needs.length === 0 &&
        !steps.some(({ value }) => conditionOf(value)?.some((path) => /head\.repo|fork/.test(path))),
    )
    .filter((job) => !textsIn(job.value).some((text) => /github\.event\.pull_request\.head\.repo/.test(text)))
    .map((job) =>
      complain(
        document,
        stringAt(job.value, ["name"]) ? [...job.path, "name"] : job.path,
        "pull requests of forks have no secrets here: add `if: github.event.pull_request.head.repo.full_name == github.repository`",
        { severity: "warning" },
      ),
    );
}
