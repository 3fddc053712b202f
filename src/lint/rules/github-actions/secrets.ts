import { stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { complain } from "../places.ts";
import { type Expression, embeddedIn } from "./expression.ts";
import { environmentOf, isDeploy, isPreview, permissionsOf, secretsIn, textsIn } from "./jobs.ts";
import { type Workflow, workflowOf } from "./workflow.ts";

/** SM25 */
export const secrets: Rule = {
  id: "SM25",
  title: "secrets are given by name, deploys run in an environment",
  help: "Each job gets the secrets it names and no other.",
  severity: "warning",
  origins: ["secrets-inherit", "overprovisioned-secrets", "secrets-outside-env"],
  kinds: ["github-actions"],
  check(file) {
    const workflow = workflowOf(file);
    return workflow ? [...inherited(workflow), ...all(workflow), ...outside(workflow)] : [];
  },
};

function inherited({ document, jobs }: Workflow): Complaint[] {
  return jobs
    .filter(({ value }) => value.secrets === "inherit")
    .map(({ path }) =>
      complain(
        document,
        [...path, "secrets"],
        "`inherit` hands over every secret: list those the called workflow needs",
      ),
    );
}

/** `toJSON(secrets)` and `secrets[name]`: the run gets them all. */
function all({ document, value, jobs }: Workflow): Complaint[] {
  const places = [
    { path: ["env"], value: value.env },
    ...jobs.flatMap(({ path, value: job, steps }) => [
      { path: [...path, "env"], value: job.env },
      { path: [...path, "with"], value: job.with },
      ...steps,
    ]),
  ];
  return places.flatMap(({ path, value: part }) => {
    const found = textsIn(part)
      .flatMap(embeddedIn)
      .find(({ expression }) => takesAll(expression));
    return found
      ? [
          complain(
            document,
            path,
            `${found.raw} hands all secrets to the job: name those it needs, as \`secrets.NAME\``,
          ),
        ]
      : [];
  });
}

function takesAll(expression: Expression | undefined): boolean {
  switch (expression?.kind) {
    case "context":
      return expression.path[0] === "secrets" && (expression.path.length === 1 || expression.path[1] === "*");
    case "call":
      return expression.args.some(takesAll);
    case "not":
      return takesAll(expression.of);
    case "binary":
      return takesAll(expression.left) || takesAll(expression.right);
    default:
      return false;
  }
}

/** Without an environment any branch can read the secrets of a deploy. */
function outside(workflow: Workflow): Complaint[] {
  const { document, jobs } = workflow;
  return jobs
    .filter(
      (job) => !job.calls && isDeploy(job) && environmentOf(job) === undefined && job.value.environment === undefined,
    )
    .flatMap((job) => {
      const [first] = secretsIn(job.value);
      if (first !== undefined)
        return [
          complain(
            document,
            job.path,
            `this deploy reads ${first} on any branch: add \`environment:\` and keep the secret there`,
          ),
        ];
      // What the cloud lets in is bound to the environment, or to every branch.
      if (isPreview(job) || stringAt(permissionsOf(workflow, job), ["id-token"]) !== "write") return [];
      return [
        complain(
          document,
          job.path,
          "this deploy proves who it is on any branch: add `environment:` and let the cloud trust that one only",
        ),
      ];
    });
}
