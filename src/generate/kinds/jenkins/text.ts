import { quoteForShell } from "../../../exec/quote.ts";
import { NOTE } from "../../note.ts";
import { imageOf } from "../../pins.ts";
import { checkedServices, commandsOf } from "../../pipeline/commands.ts";
import { TOKEN_LOGINS } from "../../pipeline/login.ts";
import { marked } from "../../pipeline/marked.ts";
import {
  addressNeed,
  buildScript,
  builtDigest,
  environmentName,
  imageServices,
  imageVariable,
  registryHost,
  repositoryOf,
  type Stage,
  smokeStep,
  trialBuild,
} from "../../pipeline/release.ts";
import { TOOL_FOLDER } from "../../pipeline/targets/compose.ts";
import { deliveryOf } from "../../pipeline/targets/registry.ts";
import { storeVariables, testStores } from "../../pipeline/test-stores.ts";
import { imageSetUp, toolImage } from "../../pipeline/toolchain.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { block, type Lines, quoted, shell } from "./groovy.ts";

/** A declarative pipeline. Secrets reach the shell as variables; Groovy never sees them. */
export function jenkinsfileText(plan: Plan): string {
  const { images: built, steps } = deliveryOf(plan, "staging");
  const images = built ? imageServices(plan) : [];
  const stages = [
    ...block(
      "stage('Checks')",
      block("parallel", [
        ...checkedServices(plan).flatMap((service) => checkStage(service, plan)),
        ...scanStages(plan),
      ]),
    ),
    ...(images.length > 0 ? [...trialStage(plan, images), ...buildStage(plan, images)] : []),
    ...(steps.length > 0 ? [...deployStage(plan, "staging", images), ...deployStage(plan, "production", images)] : []),
  ];
  const options = [
    "timeout(time: 90, unit: 'MINUTES')",
    "disableConcurrentBuilds()",
    "buildDiscarder(logRotator(numToKeepStr: '30'))",
    "skipDefaultCheckout()",
  ];
  const lines = block("pipeline", [
    "agent none",
    ...block("options", options),
    ...block("environment", ["WORK = '.release'"]),
    ...block("stages", stages),
  ]);
  return [`// ${NOTE}`, ...lines, ""].join("\n");
}

/** Tests of a service in the image with its tools, its stores beside it in a network of its own. */
function checkStage(service: PlannedService, plan: Plan): Lines {
  const { root, folder, setUp, install, prepare, lint, migrate, test, build } = commandsOf(service, plan);
  const image = toolImage(service, plan);
  const at = (path: string, commands: readonly (string | null)[]) => {
    const real = commands.filter((command) => command !== null);
    return real.length === 0 ? [] : [...(path === "." ? [] : [`cd ${quoteForShell([`/workspace/${path}`])}`]), ...real];
  };
  const stores = test === null ? [] : testStores(service, plan);
  const first = [imageSetUp(service, plan), setUp, install, prepare];
  const then = [lint, stores.length > 0 ? migrate : null, test, build];
  const script = [...at(root, first), ...at(folder, then)].filter(
    (line, index, all) => !(line.startsWith("cd ") && all.indexOf(line) < index),
  );
  if (!image || script.length === 0) return [];
  const variables = Object.entries(storeVariables(service, stores, ({ name, port }) => ({ host: name, port })));
  const network = `${plan.project}-${service.name}-$BUILD_NUMBER`;
  const start = stores.map(({ name, image: store, env }) =>
    [
      `docker run --detach --rm --network "${network}" --network-alias ${name} --name "${network}-${name}"`,
      ...Object.entries(env).map(([key, value]) => `--env ${key}=${value}`),
      store,
    ].join(" "),
  );
  const wait = stores.map(
    ({ name, probe }) =>
      `for _ in $(seq 60); do if docker exec "${network}-${name}" ${probe}; then break; fi; sleep 2; done`,
  );
  // A copy of the sources, so that nothing in the workspace belongs to the container's user afterwards.
  const inside = ["cp -a /source /workspace", ...(script[0]?.startsWith("cd ") ? [] : ["cd /workspace"]), ...script];
  const run = [
    `docker run --rm --network "${network}" --volume "$PWD:/source:ro"`,
    ...variables.map(([name, value]) => `--env ${name}=${value}`),
    `${image} sh -euc ${shellQuoted(inside.join("\n  "))}`,
  ].join(" \\\n  ");
  const end = [
    ...stores.map(({ name }) => `docker stop "${network}-${name}" || true`),
    `docker network rm "${network}" || true`,
  ];
  return block(`stage('${service.name}')`, [
    "agent { label 'docker' }",
    ...block("steps", [
      "checkout scm",
      ...shell(["set -eu", `docker network create "${network}"`, ...start, ...wait, run].join("\n")),
    ]),
    ...block("post", block("always", shell(end.join("\n")))),
  ]);
}

function scanStages({ pins }: Plan): Lines {
  const trivy = imageOf(pins, "trivy", "0");
  const gitleaks = imageOf(pins, "gitleaks", "8");
  const semgrep = imageOf(pins, "semgrep", "1");
  const stage = (name: string, command: string) =>
    block(`stage('${name}')`, ["agent { label 'docker' }", ...block("steps", ["checkout scm", ...shell(command)])]);
  return [
    ...(trivy
      ? stage(
          "Packages",
          `docker run --rm --volume "$PWD:/repository:ro" ${trivy} \\\n  fs --scanners vuln --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 --no-progress /repository`,
        )
      : []),
    ...(gitleaks
      ? stage(
          "Secrets",
          `docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/repository:ro" ${gitleaks} \\\n  git --redact --no-banner --exit-code 1 /repository`,
        )
      : []),
    ...(semgrep
      ? stage(
          "Code",
          `docker run --rm --volume "$PWD:/repository:ro" --workdir /repository ${semgrep} \\\n  semgrep scan --config p/default --metrics off --error .`,
        )
      : []),
  ];
}

/** Images of other branches are built and thrown away: what is deployed is built once, after the merge. */
function trialStage({ defaultBranch }: Plan, images: readonly PlannedService[]): Lines {
  return block("stage('Images')", [
    ...block("when", [`not { branch ${quoted(defaultBranch)} }`, "beforeAgent true"]),
    "agent { label 'docker' }",
    ...block("steps", ["checkout scm", ...shell(["set -eu", ...images.map(trialBuild)].join("\n"))]),
  ]);
}

const REGISTRY =
  "usernamePassword(credentialsId: 'registry', usernameVariable: 'REGISTRY_USER', passwordVariable: 'REGISTRY_PASSWORD')";

function buildStage(plan: Plan, images: readonly PlannedService[]): Lines {
  const trivy = imageOf(plan.pins, "trivy", "0");
  const host = registryHost(images);
  const script = [
    "set -eu",
    'mkdir -p "$WORK"',
    // `checkout scm` tells its commit to Groovy only.
    "RELEASE=$(git rev-parse HEAD)",
    'echo "export RELEASE=$RELEASE" > "$WORK/images.sh"',
    dockerLogin(host),
    'docker buildx create --use --driver docker-container --name "build-$BUILD_NUMBER"',
    ...images.flatMap((service) => [
      buildScript(service, "sha-$RELEASE"),
      `echo "export ${imageVariable(service)}=${repositoryOf(service)}@$(${builtDigest(service)})" >> "$WORK/images.sh"`,
    ]),
    ...(trivy
      ? [
          '. "$WORK/images.sh"',
          ...images.map(
            (service) =>
              `docker run --rm --env TRIVY_USERNAME="$REGISTRY_USER" --env TRIVY_PASSWORD="$REGISTRY_PASSWORD" ${trivy} \\
  image --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 --no-progress "$${imageVariable(service)}"`,
          ),
        ]
      : []),
  ].join("\n");
  return block("stage('Build')", [
    `when { branch ${quoted(plan.defaultBranch)} }`,
    "agent { label 'docker' }",
    ...block("steps", [
      "checkout scm",
      ...block(`withCredentials([${REGISTRY}])`, shell(script)),
      "stash name: 'images', includes: '.release/images.sh'",
    ]),
    ...block(
      "post",
      block("always", shell(`docker buildx rm --force "build-$BUILD_NUMBER" || true\ndocker logout "${host}" || true`)),
    ),
  ]);
}

function dockerLogin(host: string): string {
  return `printf '%s' "$REGISTRY_PASSWORD" | docker login "${host}" --username "$REGISTRY_USER" --password-stdin`;
}

/** Login, release and smoke test in one shell; what fails after the release began goes back. */
function deployStage(plan: Plan, stage: Stage, images: readonly PlannedService[]): Lines {
  const delivery = deliveryOf(plan, stage);
  const { login, stationmaster, steps, rollback, needs } = delivery;
  const name = environmentName(plan, stage);
  const smoke = smokeStep(plan, delivery);
  const known = [...needs, ...addressNeed(plan, stage, delivery)].flatMap(({ name: key, default: value }) =>
    value === undefined ? [] : [`export ${key}="\${${key}:-${value}}"`],
  );
  // Servers pull for themselves; elsewhere this agent copies the images.
  const reads = images.length > 0 && !stationmaster;
  const begin = [
    "set -eu",
    ...known,
    ...(images.length > 0 ? ['. "$WORK/images.sh"'] : ["RELEASE=$(git rev-parse HEAD)", "export RELEASE"]),
    ...(reads ? [dockerLogin(registryHost(images))] : []),
    ...(login ? [TOKEN_LOGINS[login]] : []),
  ];
  const tool = [
    `rm -rf ${TOOL_FOLDER}`,
    `git clone --quiet "$STATIONMASTER_URL" ${TOOL_FOLDER}`,
    `git -C ${TOOL_FOLDER} checkout --quiet "$STATIONMASTER_REF"`,
  ];
  const release = [
    ...begin,
    ...(stationmaster ? tool : []),
    ...marked(steps, delivery.goesBackItself === true),
    ...(smoke ? [smoke.script] : []),
  ].join("\n");
  const secrets = needs.filter(({ secret }) => secret);
  const bindings = [
    ...(reads ? [REGISTRY] : []),
    ...secrets.map(
      ({ name: key }) =>
        `string(credentialsId: '${key.toLowerCase().replaceAll("_", "-")}-${stage}', variable: '${key}')`,
    ),
    ...(login ? ["string(credentialsId: 'cloud-token', variable: 'CLOUD_TOKEN')"] : []),
  ];
  const bound = (lines: Lines) =>
    bindings.length > 0 ? block(`withCredentials([${bindings.join(", ")}])`, lines) : lines;
  return block(`stage('${stage === "staging" ? "Staging" : "Production"}')`, [
    `when { branch ${quoted(plan.defaultBranch)}; beforeInput true; beforeAgent true }`,
    ...(stage === "production" ? [`input { message ${quoted(`Bring this build to ${name}?`)} }`] : []),
    `agent { label '${stationmaster ? "stationmaster" : "deploy"}' }`,
    ...block("steps", [
      "checkout scm",
      ...(images.length > 0 ? ["unstash 'images'"] : []),
      ...bound(shell(`mkdir -p "$WORK"\nrm -f "$WORK/released"\n${release}`)),
    ]),
    ...block("post", [
      ...(rollback ? block("failure", bound(shell(whenReleased([...begin, rollback.script].join("\n"))))) : []),
      // Last of all: files with secrets do not stay on the agent.
      ...block("cleanup", [
        ...shell('rm -rf "$WORK"'),
        ...(reads ? shell(`docker logout "${registryHost(images)}" || true`) : []),
      ]),
    ]),
  ]);
}

function whenReleased(script: string): string {
  return `if [ -f "$WORK/released" ]; then\n${script.replace(/^/gm, "  ")}\nfi`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
