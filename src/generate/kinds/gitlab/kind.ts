import { yamlText } from "../../../formats/write-yaml.ts";
import type { Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import { imageServices } from "../../pipeline/release.ts";
import { deliveryOf } from "../../pipeline/targets/registry.ts";
import type { Plan } from "../../plan.ts";
import { targetNames } from "../target-names.ts";
import { checkJobs, scanJobs } from "./checks.ts";
import { buildJob, deployJob, deployNotes, trialJob } from "./deploy.ts";

/** The pipeline of GitLab: checks, scans, one build, staging, and production on a click. */
export const gitlab: Kind = {
  id: "gitlab",
  title: "GitLab CI",
  wanted: ({ ci }) => ci === "gitlab",
  render(given) {
    if (given.services.length === 0) return [];
    const plan = targetNames(given);
    // Some targets build commits themselves, for each environment.
    const build = deliveryOf(plan, "staging").images ? ", one build" : "";
    return [
      {
        path: ".gitlab-ci.yml",
        text: yamlText(pipeline(plan), {
          header: [`Checks${build}, staging and production of ${plan.project}. ${NOTE}`],
          spaced: true,
          comments: [[["default"], "What an older push began is stopped by the next, deployments apart."]],
        }),
        ownership: "managed",
        why: `checks, scans${build}, staging, production on a click`,
        notes: deployNotes(plan),
      },
    ];
  },
};

function pipeline(plan: Plan): object {
  const { images: built, steps } = deliveryOf(plan, "staging");
  const images = built ? imageServices(plan) : [];
  const deploys = steps.length > 0;
  const checks = { ...checkJobs(plan), ...scanJobs(plan, images) };
  const before = [...Object.keys(checks), ...(images.length > 0 ? ["build"] : [])];
  return {
    stages: ["test", ...(images.length > 0 ? ["build"] : []), "scan", ...(deploys ? ["staging", "production"] : [])],
    workflow: {
      rules: [
        { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
        { if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" },
      ],
    },
    default: { interruptible: true, retry: { max: 1, when: ["runner_system_failure", "stuck_or_timeout_failure"] } },
    ...(images.length > 0 ? { build: buildJob(plan, images), "build-trial": trialJob(plan, images) } : {}),
    ...checks,
    ...(deploys
      ? {
          "deploy-staging": deployJob(plan, "staging", before),
          "deploy-production": deployJob(plan, "production", [
            ...before.filter((name) => name === "build"),
            "deploy-staging",
          ]),
        }
      : {}),
  };
}
