import { recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { complain } from "../places.ts";
import { isOnlyCalled, permissionsOf, secretsIn, textsIn } from "./jobs.ts";
import { inputOf, type Job, type Step, stepUses, type Workflow, workflowOf } from "./workflow.ts";

/** SM24 */
export const cloudKeys: Rule = {
  id: "SM24",
  title: "clouds and registries are reached by OIDC",
  help: "A job proves who it is; no key lies anywhere that works for years.",
  severity: "warning",
  origins: ["use-trusted-publishing"],
  kinds: ["github-actions"],
  check(file) {
    const workflow = workflowOf(file);
    if (!workflow) return [];
    return [...tokenRight(workflow), ...workflow.jobs.flatMap((job) => ofJob(workflow, job))];
  },
};

/** Inputs that hold a key which does not expire, and what replaces it. */
const KEY_INPUTS: Record<string, readonly (readonly [input: string, instead: string])[]> = {
  "aws-actions/configure-aws-credentials": [["aws-access-key-id", "use `role-to-assume` and `id-token: write`"]],
  "google-github-actions/auth": [["credentials_json", "use `workload_identity_provider` and `id-token: write`"]],
  "google-github-actions/setup-gcloud": [
    ["service_account_key", "use google-github-actions/auth with `workload_identity_provider`"],
  ],
  "azure/login": [["creds", "use `client-id`, `tenant-id`, `subscription-id` and `id-token: write`"]],
};
const KEY_VARIABLES: readonly (readonly [name: RegExp, instead: string])[] = [
  [/^AWS_SECRET_ACCESS_KEY$/, "use aws-actions/configure-aws-credentials with `role-to-assume`"],
  [
    /^(?:GOOGLE_CREDENTIALS|GOOGLE_APPLICATION_CREDENTIALS_JSON|GCP_SA_KEY|GCLOUD_SERVICE_KEY)$/,
    "use google-github-actions/auth with `workload_identity_provider`",
  ],
  [/^(?:ARM_CLIENT_SECRET|AZURE_CLIENT_SECRET)$/, "use azure/login with `client-id` and `id-token: write`"],
];
/** Other services that speak the protocol of S3 know no OIDC. */
const OTHER_S3 = /endpoint|minio|cloudflare|r2\b|backblaze|wasabi|digitaloceanspaces|linode|scaleway/i;

function ofJob(workflow: Workflow, job: Job): Complaint[] {
  const { document } = workflow;
  const foreign =
    textsIn(job.value).some((text) => OTHER_S3.test(text)) ||
    OTHER_S3.test(Object.keys(recordAt(job.value, ["env"])).join(" "));
  const levels = [{ path: job.path, value: job.value }, ...job.steps];
  const variables = levels.flatMap(({ path, value }) =>
    Object.entries(recordAt(value, ["env"])).flatMap(([name, text]) => {
      const found = KEY_VARIABLES.find(([pattern]) => pattern.test(name));
      if (!found || secretsIn(text).length === 0 || (foreign && name.startsWith("AWS_"))) return [];
      return [complain(document, [...path, "env", name], `${name} is a key that does not expire: ${found[1]}`)];
    }),
  );
  return [...variables, ...job.steps.flatMap((step) => ofStep(workflow, step, foreign))];
}

function ofStep(workflow: Workflow, step: Step, foreign: boolean): Complaint[] {
  const { document } = workflow;
  if (step.uses?.kind === "repository") {
    const keys = (KEY_INPUTS[step.uses.name] ?? [])
      .filter(([input]) => secretsIn(inputOf(step, input)).length > 0 && !(foreign && input.startsWith("aws-")))
      .map(([input, instead]) =>
        complain(document, [...step.path, "with", input], `\`${input}\` is a key that does not expire: ${instead}`),
      );
    return [...keys, ...packageIndex(workflow, step)];
  }
  const token = recordAt(step.value, ["env"]).NODE_AUTH_TOKEN;
  const npm = step.run !== undefined && /(?:^|[\s;&|])npm\s+publish\b/.test(step.run) && secretsIn(token).length > 0;
  const registry = (step.job?.steps ?? [])
    .map((other) => inputOf(other, "registry-url"))
    .find((url) => typeof url === "string");
  // Other indexes than that of npm itself take tokens only.
  if (!npm || (registry !== undefined && !/\/\/\w+\.npmjs\./.test(registry))) return [];
  const message =
    "npm takes packages from a trusted workflow without a token: set it up there and drop NODE_AUTH_TOKEN";
  return [complain(document, [...step.path, "run"], message, { severity: "note" })];
}

function packageIndex({ document }: Workflow, step: Step): Complaint[] {
  if (!stepUses(step, "pypa/gh-action-pypi-publish") || secretsIn(inputOf(step, "password")).length === 0) return [];
  const index = inputOf(step, "repository-url") ?? inputOf(step, "repository_url") ?? "pypi.org";
  if (!/(?:^|[/.])pypi\.org/.test(String(index))) return [];
  const message =
    "PyPI takes packages from a trusted workflow without a password: set it up there, drop `password`, add `id-token: write`";
  return [complain(document, [...step.path, "with", "password"], message)];
}

/** `id-token: write` where several jobs get it, and its absence where a role is asked for. */
function tokenRight(workflow: Workflow): Complaint[] {
  const { document, value, jobs } = workflow;
  const everywhere = stringAt(value, ["permissions", "id-token"]) === "write" && jobs.length > 1;
  const spread = everywhere
    ? [
        complain(
          document,
          ["permissions", "id-token"],
          "all jobs can prove to be this repository: give `id-token: write` to the job that logs in",
        ),
      ]
    : [];
  const idle = jobs.flatMap((job) => (isIdle(job) ? [idleRight(workflow, job)] : []));
  if (isOnlyCalled(workflow)) return [...spread, ...idle];
  const missing = jobs.flatMap((job) => {
    const given = permissionsOf(workflow, job);
    const login = job.steps.find(asksForRole);
    if (!login || given === undefined || given === "write-all" || stringAt(given, ["id-token"]) === "write") return [];
    return [
      complain(
        document,
        login.path,
        "this login asks for an identity that the job may not have: add `id-token: write` to its `permissions`",
      ),
    ];
  });
  return [...spread, ...idle, ...missing];
}

/** Actions and commands that are known to ask for no identity. */
const PLAIN_ACTION =
  /^(?:actions\/(?:checkout|cache|setup-[\w-]+|upload-artifact|download-artifact)|pnpm\/action-setup|astral-sh\/setup-uv|ruby\/setup-ruby|oven-sh\/setup-bun|denoland\/setup-deno|golangci\/golangci-lint-action)$/;
const PLAIN_COMMAND =
  /^(?:(?:npm|pnpm|yarn|bun)\s+(?:ci|install|i|test|t|(?:run\s+)?(?:lint|test|build|typecheck|format|check)(?:[:-][\w:-]+)?)|go\s+(?:test|vet|build|mod\s+\w+)|cargo\s+(?:test|build|clippy|fmt|check)|(?:uv\s+run\s+)?(?:pytest|ruff|mypy)|bundle\s+exec\s+(?:rspec|rubocop)|(?:dotnet)\s+(?:test|build|restore)|echo)(?:\s+[^;&|]*)?$/;

/** Whether a job may prove who it is and all of its steps are known to have no use for that. */
function isIdle({ value, steps, calls }: Job): boolean {
  return (
    !calls &&
    steps.length > 0 &&
    stringAt(value, ["permissions", "id-token"]) === "write" &&
    steps.every(({ uses, run }) =>
      uses
        ? uses.kind === "repository" && PLAIN_ACTION.test(uses.name)
        : (run ?? "")
            .split(/\n|&&/)
            .map((line) => line.trim())
            .every((line) => line === "" || line.startsWith("#") || PLAIN_COMMAND.test(line)),
    )
  );
}

function idleRight({ document }: Workflow, { path }: Job): Complaint {
  return complain(
    document,
    [...path, "permissions", "id-token"],
    "no step of this job logs in anywhere: leave `id-token: write` to the job that does",
  );
}

function asksForRole(step: Step): boolean {
  const runner = stringAt(step.job?.value, ["runs-on"]) ?? "";
  if (stepUses(step, "google-github-actions/auth")) return inputOf(step, "workload_identity_provider") !== undefined;
  if (!stepUses(step, "aws-actions/configure-aws-credentials") || inputOf(step, "role-to-assume") === undefined)
    return false;
  // Elsewhere the machine may have a role of its own, or a step before brought keys.
  const others = ["aws-access-key-id", "role-chaining", "web-identity-token-file"].some(
    (name) => inputOf(step, name) !== undefined,
  );
  return /^(?:ubuntu|windows|macos)-/.test(runner) && !others;
}
