import type { GeneratedFile } from "../../kind.ts";
import { checkedServices, commandsOf } from "../../pipeline/commands.ts";
import { buildVariables, imageServices, trialBuild } from "../../pipeline/release.ts";
import { storeVariables, type TestStore, testStores } from "../../pipeline/test-stores.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { changesJob, hasSeparateFolders } from "./changes.ts";
import { toolsOf } from "./setup.ts";
import { variableName } from "./variables.ts";
import { BASH, checkout, RUNNER, script, type Values, type WorkflowStep, workflowText } from "./workflow.ts";

const CI_PATH = ".github/workflows/ci.yml";

/** Checks of every change: packages, lint, tests, build, and that the images can be built. Undefined where there is nothing to check. */
export function ciWorkflow(plan: Plan): GeneratedFile | undefined {
  const separate = hasSeparateFolders(plan);
  const tested = checkedServices(plan).filter((service) => hasChecks(service, plan));
  if (tested.length + imageServices(plan).length === 0) return undefined;
  const after = (name: string) => (separate ? { needs: "changes", if: `needs.changes.outputs.${name} == 'true'` } : {});
  const jobs: Values = {
    ...(separate ? { changes: changesJob(plan) } : {}),
    ...Object.fromEntries(
      tested.map((service) => [jobId(service), { ...serviceJob(service, plan, after(service.name)) }]),
    ),
    ...imageJobs(plan, (service) => after(service.name)),
  };
  const workflow = {
    name: "ci",
    on: { pull_request: {}, push: { branches: [plan.defaultBranch] }, workflow_dispatch: {} },
    permissions: { contents: "read" },
    concurrency: { group: "${{ github.workflow }}-${{ github.ref }}", "cancel-in-progress": true },
    defaults: BASH,
    jobs,
  };
  return {
    path: CI_PATH,
    text: workflowText(workflow, { about: "Checks of every change.", pins: plan.pins }),
    ownership: "managed",
    why: "checks of every change: lint, tests with their databases, build, images",
  };
}

/** A job for each image. */
export function imageJobs(plan: Plan, more: (service: PlannedService) => Values): Values {
  const found = imageServices(plan);
  return Object.fromEntries(
    found.map((service) => [`${jobId(service)}-image`, imageJob(service, plan, more(service))]),
  );
}

function hasChecks(service: PlannedService, plan: Plan): boolean {
  const { install, lint, test, build } = commandsOf(service, plan);
  return (install ?? lint ?? test ?? build) !== null;
}

function serviceJob(service: PlannedService, plan: Plan, after: Values): Values {
  const commands = commandsOf(service, plan);
  const { root, folder, install, prepare, lint, migrate, test, build } = commands;
  const { container, steps } = toolsOf(service, plan, commands);
  const stores = test === null ? [] : testStores(service, plan);
  const env = storeVariables(service, stores, ({ name, port, hostPort }) =>
    // In a container the job reaches a store by its name.
    container ? { host: name, port } : { host: "127.0.0.1", port: hostPort },
  );
  const at = (path: string) => (path === "." ? {} : { "working-directory": path });
  const run = (name: string, command: string | null, path = folder): WorkflowStep[] =>
    command === null ? [] : [script(name, command, at(path))];
  return {
    name: service.name,
    ...after,
    "runs-on": RUNNER,
    "timeout-minutes": 20,
    ...(container ? { container } : {}),
    // Small images have no bash.
    ...(container && /alpine/.test(container) ? { defaults: { run: { shell: "sh" } } } : {}),
    ...(stores.length > 0
      ? { services: Object.fromEntries(stores.map((store) => [store.name, serviceOf(store, container)])) }
      : {}),
    ...(Object.keys(env).length > 0 ? { env } : {}),
    steps: [
      ...checkout(plan.pins),
      ...steps.map((step) => (step.run ? { ...step, ...at(root) } : step)),
      ...run("Install packages", install, root),
      ...run("Build the packages it is made of", prepare, root),
      ...run("Lint", lint),
      ...(stores.length > 0 ? run("Migrate the database of the tests", migrate) : []),
      ...run("Test", test),
      ...run("Build", build),
    ],
  };
}

function serviceOf({ image, port, hostPort, env, probe }: TestStore, container: string | undefined): Values {
  return {
    image,
    ...(Object.keys(env).length > 0 ? { env } : {}),
    ...(container ? {} : { ports: [`${hostPort}:${port}`] }),
    options: `--health-cmd ${quoted(probe)} --health-interval 5s --health-timeout 5s --health-retries 20`,
  };
}

function quoted(command: string): string {
  return `"${command.replaceAll('"', '\\"')}"`;
}

/** The image is built and thrown away: what is deployed is built once, after the merge. */
function imageJob(service: PlannedService, plan: Plan, after: Values): Values {
  const variables = buildVariables(service);
  return {
    name: `${service.name} image`,
    ...after,
    "runs-on": RUNNER,
    "timeout-minutes": 30,
    steps: [
      ...checkout(plan.pins),
      script("Build the image", trialBuild(service), {
        ...(variables.length > 0
          ? { env: Object.fromEntries(variables.map((name) => [name, `\${{ vars.${variableName(name)} }}`])) }
          : {}),
      }),
    ],
  };
}

/** A name that jobs may have. */
export function jobId({ name }: PlannedService): string {
  const id = name.replace(/[^\w-]/g, "-");
  return /^[A-Za-z_]/.test(id) && id !== "changes" ? id : `service-${id}`;
}
