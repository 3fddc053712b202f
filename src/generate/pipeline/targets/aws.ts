import { projectSlug } from "../../kinds/terraform/naming.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { constantName, type Delivery, imageVariable, type Needed, type Stage, type Step } from "../release.ts";
import { copyImages } from "./copy.ts";
import { type Program, type Programs, pagesNeed, pagesOut, programsOf } from "./programs.ts";

/** ECS: the digest is copied into the registry of the account, new task definitions name it, the services take them over. */
export function awsDelivery(plan: Plan, stage: Stage): Delivery {
  const cluster = `${projectSlug(plan)}-${stage}`;
  const programs = programsOf(plan);
  const running = [...programs.servers, ...programs.workers];
  const { services, migrations, pages } = programs;
  const steps: Step[] = [
    ...(services.length > 0
      ? [
          { id: "copy", name: "Copy the images into this account", script: copyScript(services, cluster) },
          { id: "define", name: "Define the tasks of this release", script: defineScript(programs, cluster) },
        ]
      : []),
    { id: "previous", name: "Note what runs now", script: previousScript(running, pages, cluster) },
    ...migrations.map((program) => migrateStep(program, running, cluster)),
    { id: "release", name: `Release to ${stage}`, script: releaseScript(running, pages, cluster) },
  ];
  return {
    needs: [
      { name: "AWS_ROLE_ARN", secret: false, what: "role of the pipeline, output deploy_role_arn of infra/aws" },
      { name: "AWS_REGION", secret: false, what: "region", default: plan.cloud.region },
      ...(services.length > 0
        ? [{ name: "ECR_REGISTRY", secret: false, what: "registry of the account, output registry of infra/aws" }]
        : []),
      ...pages.flatMap(pageNeeds),
    ],
    images: true,
    login: "aws",
    stationmaster: false,
    steps: steps.filter(({ script }) => script !== ""),
    rollback:
      running.length + pages.length === 0
        ? null
        : { id: "rollback", name: "Go back to the release before", script: backScript(running, pages, cluster) },
    ...(running.length > 0 ? { proof: proofStep(running, cluster) } : {}),
    notes: [],
  };
}

function copyScript(services: readonly PlannedService[], cluster: string): string {
  return [
    'aws ecr get-login-password | docker login --username AWS --password-stdin "$ECR_REGISTRY"',
    copyImages(services, ({ name }) => `$ECR_REGISTRY/${cluster}/${name}`),
  ].join("\n");
}

function defineScript({ servers, workers, jobs, migrations }: Programs, cluster: string): string {
  const calls = [...servers, ...workers, ...jobs, ...migrations].map(({ service, workload }) => {
    const image = `"$ECR_REGISTRY/${cluster}/${service.name}@\${${imageVariable(service)}##*@}"`;
    return `define ${cluster}-${workload.name} ${image} > "$WORK/${workload.name}.next"`;
  });
  return `# The newest definition of a family, with another image.
define() {
  aws ecs describe-task-definition --task-definition "$1" --query taskDefinition --output json |
    jq --arg image "$2" '.containerDefinitions[0].image = $image
      | {family, taskRoleArn, executionRoleArn, networkMode, containerDefinitions, volumes, placementConstraints,
         requiresCompatibilities, cpu, memory, runtimePlatform, ephemeralStorage}
      | with_entries(select(.value != null))' > "$WORK/definition.json"
  aws ecs register-task-definition --cli-input-json "file://$WORK/definition.json" \\
    --query taskDefinition.taskDefinitionArn --output text
}
${calls.join("\n")}`;
}

function previousScript(running: readonly Program[], pages: readonly PlannedService[], cluster: string): string {
  return [
    ...running.map(
      ({ workload: { name } }) => `aws ecs describe-services --cluster ${cluster} --services ${name} \\
  --query 'services[0].taskDefinition' --output text > "$WORK/${name}.previous"`,
    ),
    ...pages.map(
      (service) =>
        `aws s3 cp --recursive --quiet "s3://$${constantName(service.name)}_BUCKET" "$WORK/${service.name}.previous"`,
    ),
  ].join("\n");
}

/** A task of its own, in the network of a service that runs. */
function migrateStep({ service, workload: { name } }: Program, running: readonly Program[], cluster: string): Step {
  const beside = running.find((program) => program.service === service) ?? running[0];
  return {
    id: `migrate-${service.name}`,
    name: `Migrate the database of ${service.name}`,
    script: `network=$(aws ecs describe-services --cluster ${cluster} --services ${beside?.workload.name ?? service.name} \\
  --query 'services[0].networkConfiguration' --output json)
task=$(aws ecs run-task --cluster ${cluster} --launch-type FARGATE --network-configuration "$network" \\
  --task-definition "$(cat "$WORK/${name}.next")" --query 'tasks[0].taskArn' --output text)
aws ecs wait tasks-stopped --cluster ${cluster} --tasks "$task"
code=$(aws ecs describe-tasks --cluster ${cluster} --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)
test "$code" = 0`,
  };
}

function update(name: string, cluster: string, which: "next" | "previous"): string {
  return `aws ecs update-service --cluster ${cluster} --service ${name} \\
  --task-definition "$(cat "$WORK/${name}.${which}")" --query service.serviceName --output text`;
}

function releaseScript(running: readonly Program[], pages: readonly PlannedService[], cluster: string): string {
  const names = running.map(({ workload }) => workload.name);
  const settled = `# Stable is a service also where ECS went back to the definition before.
settled() {
  aws ecs wait services-stable --cluster ${cluster} --services "$1"
  now=$(aws ecs describe-services --cluster ${cluster} --services "$1" --query 'services[0].taskDefinition' --output text)
  test "$now" = "$(cat "$WORK/$1.next")"
}`;
  return [
    ...(names.length > 0 ? [settled] : []),
    ...names.map((name) => update(name, cluster, "next")),
    ...names.map((name) => `settled ${name}`),
    ...pages.map((service) => `${pagesOut(service)}\n${pagesIn(service, service.name)}`),
  ].join("\n");
}

/** Files of the release before stay beside the new ones: pages that are open go on loading them. */
function pagesIn({ name }: PlannedService, folder: string): string {
  const key = constantName(name);
  return `aws s3 cp --recursive --quiet "$WORK/${folder}" "s3://$${key}_BUCKET"
aws cloudfront create-invalidation --distribution-id "$${key}_DISTRIBUTION" --paths '/*' --query Invalidation.Id --output text`;
}

function backScript(running: readonly Program[], pages: readonly PlannedService[], cluster: string): string {
  const names = running.map(({ workload }) => workload.name);
  return [
    ...names.map((name) => update(name, cluster, "previous")),
    ...(names.length > 0 ? [`aws ecs wait services-stable --cluster ${cluster} --services ${names[0]}`] : []),
    ...names.slice(1).map((name) => `aws ecs wait services-stable --cluster ${cluster} --services ${name}`),
    ...pages.map((service) => pagesIn(service, `${service.name}.previous`)),
  ].join("\n");
}

function proofStep(running: readonly Program[], cluster: string): Step {
  return {
    id: "smoke",
    name: "Smoke test: it goes on running",
    script: [
      "sleep 60",
      ...running.map(
        ({ workload }) => `aws ecs describe-services --cluster ${cluster} --services ${workload.name} --output json |
  jq -e '.services[0] | .runningCount > 0 and .runningCount >= .desiredCount'`,
      ),
    ].join("\n"),
  };
}

function pageNeeds(service: PlannedService): Needed[] {
  const key = constantName(service.name);
  return [
    { name: `${key}_BUCKET`, secret: false, what: `bucket with the pages of ${service.name}` },
    { name: `${key}_DISTRIBUTION`, secret: false, what: `id of the distribution in front of ${service.name}` },
    ...pagesNeed(service),
  ];
}
