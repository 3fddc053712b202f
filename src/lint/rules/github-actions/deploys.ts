import { stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { complain } from "../places.ts";
import { ancestorsOf, isProduction } from "./jobs.ts";
import { inputOf, type Job, type Step, type Workflow, workflowOf } from "./workflow.ts";

/** SM29 */
export const deploys: Rule = {
  id: "SM29",
  title: "production gets the digest of this run, with a smoke test and a way back",
  help: "Production gets the image that was tested, is looked at afterwards, and goes back by itself.",
  severity: "warning",
  origins: [],
  kinds: ["github-actions"],
  check(file) {
    const workflow = workflowOf(file);
    return workflow ? workflow.jobs.flatMap((job) => [...byTag(workflow, job), ...unproven(workflow, job)]) : [];
  },
};

/** Programs that put an image onto a platform of one's own. */
const PLACES =
  /\bkubectl\s+(?:-\S+\s+(?:\S+\s+)?)*(?:set\s+image|apply|rollout\s+restart)\b|\bhelm\s+(?:-\S+\s+)*(?:upgrade|install)\b|\baws\s+ecs\s+update-service\b|\bdocker\s+(?:stack\s+deploy|service\s+update)\b|\bdocker[ -]compose\s+(?:-\S+\s+\S+\s+)*up\b|\bgcloud\s+run\s+deploy\b|\baz\s+containerapp\s+(?:update|up)\b|\bfly(?:ctl)?\s+deploy\b|\bdocker\s+run\s+-d/;
const LATEST = /[\w./${}-]+:latest\b/;
/** What carries a release out, watches it and goes back. */
const WHOLE = /\bstationmaster\s+deploy\b/;

function byTag({ document }: Workflow, job: Job): Complaint[] {
  return job.steps.flatMap(({ run, path }) => {
    if (run === undefined || !PLACES.test(run) || WHOLE.test(run)) return [];
    const line = run
      .split("\n")
      .find((text) => LATEST.test(text) && !/\bdocker\s+(?:build|tag|push|pull|rmi|image)\b|^\s*#/.test(text));
    if (line === undefined) return [];
    const message = `${LATEST.exec(line)?.[0]} may be another image than the one this run built: deploy the digest that the build job outputs`;
    return [complain(document, [...path, "run"], message)];
  });
}

const CHECKS =
  /\b(?:curl|wget|httpie|smoke|health|k6|newman|playwright|cypress)\b|stationmaster\s+(?:check|status|verify)/i;
const GOES_BACK =
  /\brollback\b|\brollout\s+undo\b|--atomic\b|--rollback-on-failure\b|\bprevious\b|deployment-circuit-breaker/i;

function unproven(workflow: Workflow, job: Job): Complaint[] {
  const at = job.steps.findIndex(({ run }) => run !== undefined && PLACES.test(run));
  if (at === -1 || !isProduction(job) || job.steps.some(({ run }) => WHOLE.test(run ?? ""))) return [];
  const later = [
    ...job.steps.slice(at),
    ...workflow.jobs.filter((other) => ancestorsOf(workflow, other).includes(job)).flatMap(({ steps }) => steps),
  ];
  const missing = [
    ...(later.some((step) => CHECKS.test(wordsOf(step))) ? [] : ["a smoke test behind it"]),
    ...(later.some((step) => GOES_BACK.test(wordsOf(step)))
      ? []
      : ["a step with `if: failure()` that goes back to the release before"]),
  ];
  if (missing.length === 0) return [];
  const message = `this deploy to production lacks ${missing.join(" and ")}`;
  return [complain(workflow.document, job.steps[at]?.path ?? job.path, message, { severity: "note" })];
}

function wordsOf(step: Step): string {
  return [
    stringAt(step.value, ["name"]),
    stringAt(step.value, ["id"]),
    step.run,
    step.uses?.raw,
    inputOf(step, "command"),
  ].join(" ");
}
