import { expr, type HclBlock, type HclValue, jsonencode, template } from "../../../../formats/hcl/write.ts";
import { inImage, scratchFolders } from "../../../image-folders.ts";
import type { PlannedService } from "../../../plan.ts";
import { identifier, resource } from "../blocks.ts";
import type { Environment } from "../environment.ts";
import { environmentMap, whereSet } from "../inputs.ts";
import type { Workload } from "../workloads.ts";
import { stateVolumes } from "./files-of-service.ts";

/** Sizes of Fargate: the smallest that holds what the plan wants. */
const CPU_UNITS = [256, 512, 1_024, 2_048, 4_096];
const MEMORY_OF: Record<number, readonly number[]> = {
  256: [512, 1_024, 2_048],
  512: [1_024, 2_048, 3_072, 4_096],
  1024: [2_048, 3_072, 4_096, 5_120, 6_144, 7_168, 8_192],
  2048: [4_096, 8_192, 12_288, 16_384],
  4096: [8_192, 16_384, 24_576, 30_720],
};
/** MiB that programs may write below /tmp; they count as memory of the task. */
const TMP_SIZE = 64;
const LONGEST_STOP = 120;

/** What one program of a service runs as. */
export function definition(workload: Workload, service: PlannedService, environment: Environment): HclBlock {
  const id = identifier(service.name);
  const { cpu, memory } = fargateSize(service.resources);
  return resource(
    "aws_ecs_task_definition",
    workload.id,
    {
      family: template(`\${local.name}-${workload.name}`),
      network_mode: "awsvpc",
      requires_compatibilities: ["FARGATE"],
      cpu,
      memory,
      execution_role_arn: expr(`aws_iam_role.${id}_start.arn`),
      task_role_arn: expr(`aws_iam_role.${id}_task.arn`),
      container_definitions: jsonencode([container(workload, service, environment)]),
    },
    stateVolumes(service, id),
  );
}

function container(workload: Workload, service: PlannedService, environment: Environment): HclValue {
  const id = identifier(service.name);
  const variables = environmentMap(service, id, environment);
  const serves = workload.kind === "server" && service.port !== null;
  return {
    name: workload.name,
    image: expr(`var.images["${service.name}"]`),
    essential: true,
    readonlyRootFilesystem: true,
    ...(workload.command ? { command: [...workload.command] } : {}),
    stopTimeout: Math.min(LONGEST_STOP, service.drain + service.grace),
    linuxParameters: {
      initProcessEnabled: true,
      tmpfs: ["/tmp", ...scratchFolders(service)].map((containerPath) => ({
        containerPath,
        size: TMP_SIZE,
        mountOptions: ["mode=1777"],
      })),
    },
    ...(serves ? { portMappings: [{ name: "http", containerPort: service.port ?? 0, protocol: "tcp" }] } : {}),
    ...(service.state.length > 0
      ? {
          mountPoints: service.state.map((path, index) => ({
            sourceVolume: `state-${index}`,
            containerPath: inImage(service, path),
            readOnly: false,
          })),
        }
      : {}),
    ...(variables ? { environment: expr(`[for name, value in ${variables} : { name = name, value = value }]`) } : {}),
    ...(environment.secret.length > 0
      ? {
          secrets: expr(
            `[for name, secret in aws_secretsmanager_secret.${id} : { name = name, valueFrom = secret.arn }${whereSet(environment)}]`,
          ),
        }
      : {}),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": expr(`aws_cloudwatch_log_group.${id}.name`),
        "awslogs-region": expr("var.region"),
        "awslogs-stream-prefix": workload.name,
      },
    },
  };
}

/** The smallest size that exists and holds the wanted cores and MiB. */
export function fargateSize({ cpu, memory }: PlannedService["resources"]): { cpu: number; memory: number } {
  for (const units of CPU_UNITS) {
    const fits = units >= cpu * 1_024 ? MEMORY_OF[units]?.find((size) => size >= memory) : undefined;
    if (fits !== undefined) return { cpu: units, memory: fits };
  }
  return { cpu: 4_096, memory: 30_720 };
}
