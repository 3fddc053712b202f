import { listAt, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import { embeddedIn, parseExpression } from "./expression.ts";
import { contextsIn } from "./flow.ts";
import { type Job, type Step, stepUses, type Workflow } from "./workflow.ts";

const DEPLOY = /(?:^|[^a-z])(?:deploy|deploys|deployment|deploying|rollout|roll-out|promote)(?![a-z])/i;
const PREVIEW = /(?:^|[^a-z])(?:previews?|review[-_ ]?apps?|ephemeral)(?![a-z])/i;
const PRODUCTION = /(?:^|[^a-z])(?:prod|production|live)(?![a-z])/i;

/** Whether only other workflows start it. */
export function isOnlyCalled({ triggers }: Workflow): boolean {
  return triggers.size > 0 && [...triggers.keys()].every((event) => event === "workflow_call");
}

/** The name of the environment a job deploys to; it may hold `${{ }}`. */
export function environmentOf({ value }: Job): string | undefined {
  return stringAt(value, ["environment"]) ?? stringAt(value, ["environment", "name"]);
}

/** Commands and actions that do nothing but bring a release to a platform; tests of a cluster never need them. */
const DEPLOYING_COMMAND =
  /\bkubectl\s+(?:-\S+\s+(?:\S+\s+)?)*set\s+image\b|\baws\s+ecs\s+update-service\b|\baws\s+lambda\s+update-function-code\b|\bgcloud\s+(?:run|app|functions)\s+deploy\b|\baz\s+(?:containerapp\s+(?:update|up)|webapp\s+deploy)\b|\bfly(?:ctl)?\s+deploy\b|\brailway\s+up\b|\b(?:vercel|netlify)[^\S\n]+(?:[^\s;&|]+[^\S\n]+)*--prod\b|\bstationmaster\s+deploy\b/;
const DEPLOYING_ACTIONS = [
  "aws-actions/amazon-ecs-deploy-task-definition",
  "azure/webapps-deploy",
  "azure/container-apps-deploy-action",
  "google-github-actions/deploy-cloudrun",
  "google-github-actions/deploy-appengine",
  "digitalocean/app_action",
];

const TARGET = /^(?:prod|production|live|staging)(?![a-z])/i;

/** Whether a job brings something to where it runs, by its id, name and environment or by what it does. */
export function isDeploy(job: Job): boolean {
  const { id, value, steps } = job;
  return (
    TARGET.test(environmentOf(job) ?? "") ||
    [id, stringAt(value, ["name"]) ?? ""].some((text) => DEPLOY.test(text)) ||
    steps.some((step) => DEPLOYING_COMMAND.test(step.run ?? "") || stepUses(step, ...DEPLOYING_ACTIONS))
  );
}

/** Whether what a job deploys is for one pull request. */
export function isPreview(job: Job): boolean {
  return [job.id, stringAt(job.value, ["name"]) ?? "", environmentOf(job) ?? ""].some((text) => PREVIEW.test(text));
}

/** Whether a job deploys to production, as its environment or, without one, its name says. */
export function isProduction(job: Job): boolean {
  const environment = environmentOf(job);
  if (environment !== undefined) return PRODUCTION.test(environment) && !environment.includes("${{");
  return isDeploy(job) && PRODUCTION.test(`${job.id} ${stringAt(job.value, ["name"]) ?? ""}`);
}

/** The names of the secrets that a value reads, without the token of the run. */
export function secretsIn(value: unknown): string[] {
  const found = new Set<string>();
  for (const { expression } of textsIn(value).flatMap(embeddedIn))
    for (const [root, name] of contextsIn(expression))
      if (root === "secrets" && name && name !== "*" && name !== "github_token") found.add(name.toUpperCase());
  return [...found];
}

/** All texts of a value, keys left out. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The contexts that an `if:` looks at, as `github.ref`; undefined where there is none. */
export function conditionOf(value: Record<string, unknown>): string[] | undefined {
  const text = stringAt(value, ["if"]);
  if (text === undefined) return undefined;
  const embedded = embeddedIn(text);
  const expressions = embedded.length > 0 ? embedded.map(({ expression }) => expression) : [parseExpression(text)];
  return expressions.flatMap(contextsIn).map((path) => path.join("."));
}

/** The rights of the token in a job: its own, else those of the workflow; undefined where nothing says so. */
export function permissionsOf(workflow: Workflow, job: Job): unknown {
  return valueAt(job.value, ["permissions"]) ?? valueAt(workflow.value, ["permissions"]);
}

/** The jobs a job waits for, at any distance. */
export function ancestorsOf(workflow: Workflow, job: Job): Job[] {
  const found = new Map<string, Job>();
  const open = [...job.needs];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const parent = workflow.jobs.find((other) => other.id === id);
    if (!parent || found.has(id)) continue;
    found.set(id, parent);
    open.push(...parent.needs);
  }
  return [...found.values()];
}

const PUBLISHING_ACTIONS = [
  "pypa/gh-action-pypi-publish",
  "js-devtools/npm-publish",
  "softprops/action-gh-release",
  "ncipollo/release-action",
  "goreleaser/goreleaser-action",
  "rubygems/release-gem",
  "changesets/action",
  "cycjimmy/semantic-release-action",
  "katyo/publish-crates",
  "actions/attest-build-provenance",
];
const PUBLISHING_COMMAND =
  /(?:^|[\s;&|])(?:(?:npm|pnpm|yarn|bun)(?:\s+npm)?\s+publish|cargo\s+publish|twine\s+upload|uv\s+publish|poetry\s+publish|gem\s+push|gh\s+release\s+(?:create|upload)|goreleaser\s+release|semantic-release)(?![\w-])/;

/** Whether a step gives something to the world under the project's name. */
export function publishes(step: Step): boolean {
  if (stepUses(step, ...PUBLISHING_ACTIONS)) return true;
  return step.run !== undefined && PUBLISHING_COMMAND.test(step.run) && !/--dry-run/.test(step.run);
}

/** Whether a release or a tag starts the workflow, and no branch. */
export function isRelease({ triggers }: Workflow): boolean {
  const push = recordAt(triggers.get("push"));
  const tags = listAt(push, ["tags"]).length > 0 && push.branches === undefined;
  return triggers.has("release") || tags;
}
