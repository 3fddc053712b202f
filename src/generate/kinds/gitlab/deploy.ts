import { imageOf } from "../../pins.ts";
import { AUDIENCES, TOKEN_LOGINS } from "../../pipeline/login.ts";
import { marked } from "../../pipeline/marked.ts";
import {
  addressNeed,
  buildScript,
  buildVariables,
  builtDigest,
  environmentName,
  imageServices,
  imageVariable,
  type Needed,
  repositoryOf,
  type Stage,
  smokeStep,
  trialBuild,
} from "../../pipeline/release.ts";
import { TOOL_FOLDER } from "../../pipeline/targets/compose.ts";
import { deliveryOf } from "../../pipeline/targets/registry.ts";
import type { Plan, PlannedService } from "../../plan.ts";

const ON_MAIN = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH";
/** By these the service and the job find each other. */
const DOCKER = {
  DOCKER_CERT_PATH: "/certs/client",
  DOCKER_HOST: "tcp://docker:2376",
  DOCKER_TLS_CERTDIR: "/certs",
  DOCKER_TLS_VERIFY: "1",
};
const WORK = "$CI_PROJECT_DIR/.release";

/** One build for each commit of the main branch; what follows takes its digest. */
export function buildJob({ pins }: Plan, images: readonly PlannedService[]): object {
  return {
    stage: "build",
    image: imageOf(pins, "docker-cli", "27"),
    services: [{ name: imageOf(pins, "docker-dind", "27"), alias: "docker" }],
    rules: [{ if: ON_MAIN }],
    timeout: "30 minutes",
    variables: { ...DOCKER, WORK },
    script: [
      'mkdir -p "$WORK"',
      'printf \'%s\' "$CI_REGISTRY_PASSWORD" | docker login "$CI_REGISTRY" --username "$CI_REGISTRY_USER" --password-stdin',
      "docker context create builder",
      "docker buildx create --use --driver docker-container builder",
      ...images.flatMap((service) => [
        `${buildScript(service, "sha-$CI_COMMIT_SHA", "gitlab")}\n`,
        `echo "${imageVariable(service)}=${repositoryOf(service, "gitlab")}@$(${builtDigest(service)})" >> images.env`,
      ]),
    ],
    artifacts: { reports: { dotenv: "images.env" } },
  };
}

/** In a merge request images are built and thrown away: what is deployed is built once, after the merge. */
export function trialJob({ pins }: Plan, images: readonly PlannedService[]): object {
  return {
    stage: "build",
    image: imageOf(pins, "docker-cli", "27"),
    services: [{ name: imageOf(pins, "docker-dind", "27"), alias: "docker" }],
    rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }],
    timeout: "30 minutes",
    variables: DOCKER,
    script: images.map(trialBuild),
  };
}

/** Waits for `after`. Production takes the digest of the same pipeline, after staging, when somebody says so. */
export function deployJob(plan: Plan, stage: Stage, after: readonly string[]): object {
  const built = after.includes("build");
  const delivery = deliveryOf(plan, stage);
  const { login, stationmaster, steps, rollback, goesBackItself } = delivery;
  const environment = environmentName(plan, stage);
  const address = addressNeed(plan, stage, delivery)[0];
  const smoke = smokeStep(plan, delivery);
  const loggedIn = login ? [TOKEN_LOGINS[login]] : [];
  const release = marked(steps, goesBackItself === true);
  const tool = `git clone --quiet "$STATIONMASTER_URL" ${TOOL_FOLDER}\ngit -C ${TOOL_FOLDER} checkout --quiet "$STATIONMASTER_REF"`;
  const back = rollback
    ? [
        'if [ "$CI_JOB_STATUS" = failed ] && [ -f "$WORK/released" ]; then',
        ...[...loggedIn, rollback.script].map((text) => text.replace(/^/gm, "  ")),
        "fi",
      ].join("\n")
    : undefined;
  // Files with secrets do not stay on the runner.
  const after_script = [...(back ? [block(back)] : []), 'rm -rf "$WORK"'];
  const opensImages = !stationmaster && steps.some(({ script }) => script.includes("docker create"));
  return {
    stage,
    ...(stationmaster ? { tags: ["stationmaster"] } : { image: "$DEPLOY_IMAGE" }),
    // Pages are taken out of their image.
    ...(opensImages ? { services: [{ name: imageOf(plan.pins, "docker-dind", "27"), alias: "docker" }] } : {}),
    needs: [...after],
    rules: [stage === "production" ? { if: ON_MAIN, when: "manual" } : { if: ON_MAIN }],
    interruptible: false,
    resource_group: environment,
    environment: { name: environment, ...(address ? { url: address.default ?? "$APP_URL" } : {}) },
    timeout: "45 minutes",
    ...(login ? { id_tokens: { CLOUD_TOKEN: { aud: AUDIENCES[login] } } } : {}),
    variables: {
      WORK,
      ...(opensImages ? DOCKER : {}),
      RELEASE: "$CI_COMMIT_SHA",
      ...defaults(delivery.needs),
      ...(address?.default ? { APP_URL: address.default } : {}),
    },
    script: [
      'rm -rf "$WORK" && mkdir -p "$WORK"',
      ...(stationmaster ? [tool] : []),
      ...(built && !stationmaster
        ? [
            'printf \'%s\' "$CI_REGISTRY_PASSWORD" | docker login "$CI_REGISTRY" --username "$CI_REGISTRY_USER" --password-stdin',
          ]
        : []),
      ...loggedIn,
      ...release,
      ...(smoke ? [smoke.script] : []),
    ].map(block),
    after_script,
  };
}

/** Several lines stand as a block. */
function block(text: string): string {
  return text.includes("\n") ? `${text}\n` : text;
}

function defaults(needs: readonly Needed[]): Record<string, string> {
  return Object.fromEntries(
    needs.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value] as const])),
  );
}

/** What has to be set in the project before the first deployment. */
export function deployNotes(plan: Plan): string[] {
  const { needs, notes, stationmaster, steps } = deliveryOf(plan, "production");
  if (steps.length === 0) return [...notes];
  const compiled = [...new Set(imageServices(plan).flatMap(buildVariables))].sort();
  const all: Needed[] = [
    ...needs,
    ...addressNeed(plan, "production", deliveryOf(plan, "production")),
    ...compiled.map((name) => ({ name, secret: false, what: "compiled into the image" })),
  ];
  const set = all
    .filter((need) => need.default === undefined)
    .map(({ name, secret, what }) => `${name}${secret ? ", masked" : ""} (${what})`);
  return [
    ...(set.length > 0 ? [`set as variables of GitLab, for each environment: ${set.join("; ")}`] : []),
    stationmaster
      ? "deploys run on a runner with the tag stationmaster; set STATIONMASTER_URL and STATIONMASTER_REF to where your copy of Stationmaster lies"
      : "set DEPLOY_IMAGE to an image, by digest, with the programs that the deploy jobs call",
    "protect the environments staging and production in the settings of the project",
    ...notes.filter((note) => !/self-hosted|STATIONMASTER_REPOSITORY/.test(note)),
  ];
}
