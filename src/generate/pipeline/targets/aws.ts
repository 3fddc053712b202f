import type { Plan, PlannedService } from "../../plan.ts";
import { constantName, type Delivery, imageVariable, type Needed, type Stage, type Step } from "../release.ts";

/** ECS: the digest is copied into the registry of the account, a new task definition names it, the service takes it over. */
export function awsDelivery(plan: Plan, stage: Stage): Delivery {
  const name = `${plan.project}-${stage}`;
  const running = plan.services.filter(({ role }) => role === "http" || role === "worker");
  const pages = plan.services.filter(({ role }) => role === "static");
  const migrating = running.filter(({ migrations }) => migrations !== null);
  const steps: Step[] = [
    { id: "copy", name: "Copy the images into this account", script: copyScript(running, name) },
    ...running.map((service) => defineStep(service, name)),
    ...migrating.map((service) => migrateStep(service, name)),
    {
      id: "release",
      name: `Release to ${stage}`,
      script: [...running.map((service) => updateScript(service, name)), ...pages.map(pagesScript)].join("\n"),
    },
  ];
  return {
    needs: [
      { name: "AWS_ROLE_ARN", secret: false, what: "role of the pipeline, output deploy_role_arn of infra/aws" },
      { name: "AWS_REGION", secret: false, what: "region", default: plan.cloud.region },
      {
        name: "ECR_REGISTRY",
        secret: false,
        what: "registry of the account, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
      },
      ...pages.flatMap(pageNeeds),
    ],
    images: true,
    login: "aws",
    stationmaster: false,
    steps: steps.filter(({ script }) => script !== ""),
    rollback:
      running.length === 0
        ? null
        : {
            id: "rollback",
            name: "Go back to the release before",
            script: running.map((service) => backScript(service, name)).join("\n"),
          },
    notes:
      migrating.length > 0
        ? [
            "migrations run as a task of ECS: the role of the pipeline needs ecs:RunTask and ecs:DescribeTasks on the cluster",
          ]
        : [],
  };
}

function copyScript(services: readonly PlannedService[], name: string): string {
  if (services.length === 0) return "";
  return [
    'aws ecr get-login-password | docker login --username AWS --password-stdin "$ECR_REGISTRY"',
    ...services.map(
      (service) =>
        `docker buildx imagetools create --prefer-index=false \\\n  --tag "$ECR_REGISTRY/${name}/${service.name}:$RELEASE" "$${imageVariable(service)}"`,
    ),
  ].join("\n");
}

function defineStep(service: PlannedService, name: string): Step {
  const own = `"$ECR_REGISTRY/${name}/${service.name}@\${${imageVariable(service)}##*@}"`;
  return {
    id: `define-${service.name}`,
    name: `Define the tasks of ${service.name}`,
    script: `aws ecs describe-services --cluster ${name} --services ${service.name} \\
  --query 'services[0].taskDefinition' --output text > "$WORK/${service.name}.previous"
aws ecs describe-task-definition --task-definition ${name}-${service.name} --query taskDefinition --output json |
  jq --arg image ${own} '.containerDefinitions[0].image = $image
    | {family, taskRoleArn, executionRoleArn, networkMode, containerDefinitions, volumes, placementConstraints,
       requiresCompatibilities, cpu, memory, runtimePlatform, ephemeralStorage}
    | with_entries(select(.value != null))' > "$WORK/${service.name}.definition.json"
aws ecs register-task-definition --cli-input-json "file://$WORK/${service.name}.definition.json" \\
  --query taskDefinition.taskDefinitionArn --output text > "$WORK/${service.name}.next"`,
  };
}

function migrateStep(service: PlannedService, name: string): Step {
  const command = JSON.stringify({
    containerOverrides: [{ name: service.name, command: ["sh", "-c", service.migrations?.command ?? "true"] }],
  });
  return {
    id: `migrate-${service.name}`,
    name: `Migrate the database of ${service.name}`,
    script: `network=$(aws ecs describe-services --cluster ${name} --services ${service.name} \\
  --query 'services[0].networkConfiguration' --output json)
task=$(aws ecs run-task --cluster ${name} --launch-type FARGATE --network-configuration "$network" \\
  --task-definition "$(cat "$WORK/${service.name}.next")" \\
  --overrides '${command.replaceAll("'", String.raw`'\''`)}' --query 'tasks[0].taskArn' --output text)
aws ecs wait tasks-stopped --cluster ${name} --tasks "$task"
code=$(aws ecs describe-tasks --cluster ${name} --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)
test "$code" = 0`,
  };
}

function updateScript({ name: service }: PlannedService, name: string): string {
  return `aws ecs update-service --cluster ${name} --service ${service} \\
  --task-definition "$(cat "$WORK/${service}.next")" --output text --query service.serviceName
aws ecs wait services-stable --cluster ${name} --services ${service}`;
}

function backScript({ name: service }: PlannedService, name: string): string {
  return `aws ecs update-service --cluster ${name} --service ${service} \\
  --task-definition "$(cat "$WORK/${service}.previous")" --output text --query service.serviceName
aws ecs wait services-stable --cluster ${name} --services ${service}`;
}

/** Pages are taken out of the image that was tested. */
function pagesScript(service: PlannedService): string {
  const key = constantName(service.name);
  return `container=$(docker create "$${imageVariable(service)}")
docker cp "$container:/srv/." "$WORK/${service.name}"
docker rm "$container"
aws s3 sync --delete "$WORK/${service.name}" "s3://$${key}_BUCKET"
aws cloudfront create-invalidation --distribution-id "$${key}_DISTRIBUTION" --paths '/*' --output text`;
}

function pageNeeds({ name }: PlannedService): Needed[] {
  const key = constantName(name);
  return [
    { name: `${key}_BUCKET`, secret: false, what: `bucket with the pages of ${name}` },
    { name: `${key}_DISTRIBUTION`, secret: false, what: `id of the distribution in front of ${name}` },
  ];
}
