import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule, RuleContext } from "../../rule.ts";
import { complain } from "../places.ts";
import { deployedTo, type Pipeline, type PipelineJob, pipelineOf } from "./pipeline.ts";

/** SM30 */
export const gitlab: Rule = {
  id: "SM30",
  title: "pipelines use rules, deploys are serial and guarded, checks can be cancelled",
  help: "Two deploys to one environment overwrite each other unless a resource group makes the second wait; checks of an older push only cost time.",
  severity: "warning",
  origins: [],
  kinds: ["gitlab-ci"],
  check(file, context) {
    const pipeline = pipelineOf(file, context);
    if (!pipeline) return [];
    return [
      ...pipeline.jobs.flatMap((job) => [...oldFilters(pipeline, job), ...ofDeploy(pipeline, job, context)]),
      ...uncancelled(file, pipeline, context),
    ];
  },
};

function oldFilters({ document }: Pipeline, { path, value }: PipelineJob): Complaint[] {
  return ["only", "except"]
    .filter((key) => value[key] !== undefined)
    .map((key) =>
      complain(
        document,
        [...path, key],
        `\`${key}\` gets no new features and cannot stand beside \`rules\`: write \`rules\``,
      ),
    );
}

const PRODUCTION = /^(?:prod|production|live)(?:$|[-/])/i;

function ofDeploy(pipeline: Pipeline, job: PipelineJob, context: RuleContext): Complaint[] {
  const { document } = pipeline;
  const { path, settings, open, hidden } = job;
  const environment = deployedTo(job);
  // An environment for each branch has nobody to wait for.
  if (!hidden && environment === undefined && isNamedDeploy(job))
    return [
      complain(
        document,
        path,
        "this deploy has no `environment:`, so that it cannot be protected and nobody sees what runs where: name one",
      ),
    ];
  if (hidden || environment === undefined || environment.includes("$")) return [];
  const found: Complaint[] = [];
  const at = settings === job.value || job.value.environment !== undefined ? [...path, "environment"] : path;
  if (settings.resource_group === undefined && !open)
    found.push(
      complain(document, at, `two deploys to ${environment} can run at once: add \`resource_group: ${environment}\``),
    );
  const byDefault = defaultsOf(context).some(({ interruptible }) => interruptible === true);
  if (settings.interruptible === true || (settings.interruptible === undefined && byDefault && !open))
    found.push(
      complain(document, path, "a newer pipeline stops this deploy in the middle: set `interruptible: false`"),
    );
  const production =
    PRODUCTION.test(environment) || stringAt(settings, ["environment", "deployment_tier"]) === "production";
  if (production && !open && !isLimited(settings) && recordAt(pipeline.value, ["workflow"]).rules === undefined)
    found.push(
      complain(
        document,
        at,
        "every branch deploys to production: add `rules` with `if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH`",
      ),
    );
  return found;
}

/** Whether a job is a deploy by its own name, and not one of pages, packages or what is only tried. */
function isNamedDeploy({ name, settings, open }: PipelineJob): boolean {
  return (
    !open &&
    settings.environment === undefined &&
    settings.script !== undefined &&
    /(?:^|[^a-z])(?:deploy|rollout|promote)(?![a-z])/i.test(name) &&
    !/(?:pages|docs?|documentation|package|registry|test|check|lint|build|plan|dry|prepare|notify|stop|artifacts?)/i.test(
      name,
    )
  );
}

function isLimited(settings: Record<string, unknown>): boolean {
  return ["rules", "only", "except"].some((key) => settings[key] !== undefined) || settings.when === "manual";
}

function defaultsOf({ files }: RuleContext): Record<string, unknown>[] {
  return files
    .filter(({ kind }) => kind === "gitlab-ci")
    .flatMap((file) => file.documents().map(({ value }) => recordAt(value, ["default"])));
}

function uncancelled(file: LintFile, pipeline: Pipeline, context: RuleContext): Complaint[] {
  const { document, value, jobs, includes, root } = pipeline;
  const checks = jobs.filter(
    (job) => !job.hidden && deployedTo(job) === undefined && job.settings.trigger === undefined,
  );
  const [first] = checks;
  // What is included may say it.
  if (!root || includes || !first) return [];
  const said = context.files.some(
    ({ kind, text }) => kind === "gitlab-ci" && /\binterruptible\b|\bauto_cancel\b/.test(text),
  );
  const lonely = listAt(value, ["stages"]).length === 0 && checks.length === 1;
  if (said || lonely || file.text.includes("!reference")) return [];
  const message = "checks of older pushes run to their end: add `default: { interruptible: true }`";
  return [complain(document, first.path, message, { severity: "note" })];
}
