import type { GeneratedFile } from "../../kind.ts";
import {
  addressNeed,
  buildScript,
  buildVariables,
  builtDigest,
  type Delivery,
  environmentName,
  imageServices,
  imageVariable,
  type Needed,
  registryHost,
  registryNeeds,
  repositoryOf,
  type Stage,
  smokeStep,
} from "../../pipeline/release.ts";
import { deliveryOf } from "../../pipeline/targets/registry.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { jobId } from "./ci.ts";
import { LOGINS } from "./login.ts";
import { PASSED, WORDS } from "./stages.ts";
import { toolSteps } from "./tool.ts";
import { environmentOf, secretName, settingOf, variableName } from "./variables.ts";
import { BASH, checkout, RUNNER, script, type Values, type WorkflowStep, workflowText } from "./workflow.ts";

/** Images are built outside of environments. */
const FOR_ALL = "set it for the repository";
/** The registry's own password where it is not GitHub's. */
const REGISTRY_NEEDS: readonly Needed[] = [
  { name: "REGISTRY_USER", secret: false, what: `user of the registry; ${FOR_ALL}` },
  { name: "REGISTRY_PASSWORD", secret: true, what: `token of that user; ${FOR_ALL}` },
];

/** Builds once, deploys to staging by digest, and marks what passed there. */
export function stagingWorkflow(plan: Plan): GeneratedFile {
  const delivery = deliveryOf(plan, "staging");
  const images = delivery.images ? imageServices(plan) : [];
  const given = Object.fromEntries(
    images.map((service) => [
      imageVariable(service),
      `${imageText(service)}@\${{ needs.build.outputs.${jobId(service)} }}`,
    ]),
  );
  const mark = script(
    "Mark what passed here",
    images
      .map(
        (service) =>
          `docker buildx imagetools create --tag "${repositoryOf(service)}:staging-$GITHUB_SHA" "$${imageVariable(service)}"`,
      )
      .join("\n"),
    environmentOf(
      images.map((service) => `$${imageVariable(service)} ${repositoryOf(service)}`).join(" "),
      registryNeeds(images),
      given,
    ),
  );
  const jobs = {
    ...(images.length > 0 ? { build: buildJob(images, plan) } : {}),
    deploy: {
      name: `Deploy to ${environmentName(plan, "staging")}`,
      ...(images.length > 0 ? { needs: "build" } : {}),
      ...deployJob(plan, "staging", delivery, {
        before: loginSteps(images),
        given,
        after: images.length > 0 ? [mark] : [],
        packages: "write",
      }),
    },
  };
  const workflow = {
    name: "deploy-staging",
    on: { push: { branches: [plan.defaultBranch] }, workflow_dispatch: {} },
    permissions: { contents: "read" },
    // A deployment is never cut short: the next one waits.
    concurrency: { group: "deploy-staging", "cancel-in-progress": false },
    defaults: BASH,
    jobs,
  };
  return file(plan, workflow, "staging", delivery);
}

/** Promotes the digest that staging ran; where the target takes no images, it builds a commit that staging ran. */
export function productionWorkflow(plan: Plan): GeneratedFile {
  const delivery = deliveryOf(plan, "production");
  const images = delivery.images ? imageServices(plan) : [];
  const given = Object.fromEntries(
    images.map((service) => [
      imageVariable(service),
      `${imageText(service)}@\${{ steps.images.outputs.${jobId(service)} }}`,
    ]),
  );
  const find: WorkflowStep = {
    id: "images",
    ...script(
      "Find what passed staging",
      findScript(images),
      environmentOf(images.map((service) => repositoryOf(service)).join(" "), registryNeeds(images)),
    ),
  };
  const asked = script("Look whether staging has passed", PASSED, { env: { GH_TOKEN: "${{ github.token }}" } });
  const workflow = {
    name: "deploy-production",
    on: { release: { types: ["published"] }, workflow_dispatch: {} },
    permissions: { contents: "read" },
    concurrency: { group: "deploy-production", "cancel-in-progress": false },
    defaults: BASH,
    jobs: {
      deploy: {
        name: `Deploy to ${environmentName(plan, "production")}`,
        ...deployJob(plan, "production", delivery, {
          before: images.length > 0 ? [...loginSteps(images), find] : [asked],
          asksGitHub: images.length === 0,
          given,
          after: [],
          packages: "read",
        }),
      },
    },
  };
  return file(plan, workflow, "production", delivery);
}

function file(plan: Plan, workflow: Values, stage: Stage, delivery: Delivery): GeneratedFile {
  const { needs, notes } = delivery;
  const images = delivery.images ? imageServices(plan) : [];
  const all = [
    ...needs,
    ...addressNeed(plan, stage, delivery),
    ...registryNeeds(images).map((need) => ({ ...need, what: `${need.what}; ${FOR_ALL}` })),
    ...(images.length === 0 || isGitHubs(images) ? [] : REGISTRY_NEEDS),
    ...(stage === "staging" ? compiledIn(images) : []),
  ];
  const { about, why } = WORDS[delivery.images ? "images" : "commits"][stage];
  const list = (secret: boolean) => all.filter((need) => need.secret === secret && need.default === undefined);
  const environment = environmentName(plan, stage);
  const set = [
    ...list(true).map(({ name, what }) => `secret ${secretName(name)} (${what})`),
    ...list(false).map(({ name, what }) => `variable ${variableName(name)} (${what})`),
  ];
  return {
    path: `.github/workflows/deploy-${stage}.yml`,
    text: workflowText(workflow, { about, pins: plan.pins }),
    ownership: "managed",
    why,
    notes: [
      ...(set.length > 0 ? [`set in the environment ${environment} of GitHub: ${set.join("; ")}`] : []),
      ...notes,
    ],
  };
}

/** One value for all environments, since there is one image for them. */
function compiledIn(images: readonly PlannedService[]): Needed[] {
  const names = [...new Set(images.flatMap(buildVariables))].sort();
  return names.map((name) => ({ name, secret: false, what: `compiled into the image; ${FOR_ALL}` }));
}

function buildJob(images: readonly PlannedService[], plan: Plan): Values {
  const builds = images.map(
    (service) =>
      `${buildScript(service, "sha-$GITHUB_SHA")}\necho "${jobId(service)}=$(${builtDigest(service)})" >> "$GITHUB_OUTPUT"`,
  );
  const needs = [...registryNeeds(images), ...compiledIn(images)];
  const run = [
    "# A builder of its own reports the digest of what was pushed.",
    "docker buildx create --use --driver docker-container",
    ...builds,
  ].join("\n");
  return {
    name: "Build",
    "runs-on": RUNNER,
    "timeout-minutes": 30,
    permissions: { contents: "read", packages: "write" },
    outputs: Object.fromEntries(
      images.map((service) => [jobId(service), `\${{ steps.build.outputs.${jobId(service)} }}`]),
    ),
    steps: [
      ...checkout(plan.pins),
      ...loginSteps(images),
      { id: "build", ...script("Build and push", run, environmentOf(run, needs)) },
    ],
  };
}

interface Around {
  before: readonly WorkflowStep[];
  given: Readonly<Record<string, string>>;
  after: readonly WorkflowStep[];
  packages: "read" | "write";
  asksGitHub?: boolean;
}

function deployJob(
  plan: Plan,
  stage: Stage,
  delivery: Delivery,
  { before, given, after, packages, asksGitHub }: Around,
): Values {
  const { login, stationmaster, steps, rollback, images, goesBackItself } = delivery;
  const address = addressNeed(plan, stage, delivery);
  const needs = [...delivery.needs, ...address, ...registryNeeds(imageServices(plan))];
  const all = { ...given, RELEASE: "${{ github.sha }}" };
  const smoke = smokeStep(plan, delivery);
  const failed = goesBackItself ? "== 'success'" : "!= 'skipped' && steps.release.outcome != ''";
  const [url] = address;
  const asStep = (
    { id, name, script: run }: { id: string; name: string; script: string },
    more: Values = {},
  ): WorkflowStep => ({
    id,
    ...script(name, run, { ...more, ...environmentOf(run, needs, all) }),
  });
  return {
    "runs-on": stationmaster ? ["self-hosted", "stationmaster"] : RUNNER,
    "timeout-minutes": 45,
    environment: { name: environmentName(plan, stage), ...(url ? { url: settingOf(url) } : {}) },
    permissions: {
      ...(asksGitHub ? { actions: "read" } : {}),
      contents: "read",
      ...(images ? { packages } : {}),
      ...(login ? { "id-token": "write" } : {}),
    },
    ...(stationmaster ? { env: { STATIONMASTER_STATE: "${{ vars.STATIONMASTER_STATE }}" } } : {}),
    steps: [
      ...checkout(plan.pins),
      ...(stationmaster ? toolSteps(plan) : []),
      ...before,
      ...(login ? [asStep({ id: "login", name: "Log in without a stored key", script: LOGINS[login] })] : []),
      ...steps.map((step) => asStep(step)),
      ...(smoke ? [asStep(smoke)] : []),
      ...after,
      ...(rollback ? [asStep(rollback, { if: `failure() && steps.release.outcome ${failed}` })] : []),
    ],
  };
}

function loginSteps(images: readonly PlannedService[]): WorkflowStep[] {
  if (images.length === 0) return [];
  const run = `docker login "${registryHost(images)}" --username "$REGISTRY_USER" --password-stdin <<< "$REGISTRY_PASSWORD"`;
  const own = { REGISTRY_PASSWORD: "${{ secrets.GITHUB_TOKEN }}", REGISTRY_USER: "${{ github.actor }}" };
  const env = isGitHubs(images)
    ? environmentOf(run, [], own)
    : environmentOf(run, [...REGISTRY_NEEDS, ...registryNeeds(images)]);
  return [script("Log in to the registry", run, env)];
}

function isGitHubs(images: readonly PlannedService[]): boolean {
  return registryHost(images) === "ghcr.io";
}

/** An image as expressions write it. */
function imageText(service: PlannedService): string {
  return repositoryOf(service).replace("$REGISTRY", "${{ vars.REGISTRY }}");
}

function findScript(images: readonly PlannedService[]): string {
  return [
    `digest_of() {
  docker buildx imagetools inspect "$1:staging-$GITHUB_SHA" --format '{{.Manifest.Digest}}' ||
    { echo "::error::commit $GITHUB_SHA has not passed staging: deploy it there first" >&2; return 1; }
}`,
    ...images.flatMap((service) => [
      `digest=$(digest_of "${repositoryOf(service)}")`,
      `echo "${jobId(service)}=$digest" >> "$GITHUB_OUTPUT"`,
    ]),
  ].join("\n");
}
