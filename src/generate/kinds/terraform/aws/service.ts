import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, data, identifier, nested, resource } from "../blocks.ts";
import { containerSecrets, secretBlocks } from "./secrets.ts";

/** Sizes of Fargate: the smallest that holds what the plan wants. */
const CPU_UNITS = [256, 512, 1_024, 2_048, 4_096];
const MEMORY_OF: Record<number, readonly number[]> = {
  256: [512, 1_024, 2_048],
  512: [1_024, 2_048, 3_072, 4_096],
  1024: [2_048, 3_072, 4_096, 5_120, 6_144, 7_168, 8_192],
  2048: [4_096, 8_192, 12_288, 16_384],
  4096: [8_192, 16_384, 24_576, 30_720],
};

/** Whether it runs as containers; pages lie in a bucket. */
export function servedBy({ role }: PlannedService): boolean {
  return role === "http" || role === "worker";
}

/** Everything of one service. */
export function serviceBlocks(service: PlannedService, plan: Plan): HclBlock[] {
  const id = identifier(service.name);
  return [
    ...registry(id, service.name),
    ...secretBlocks(service, plan),
    ...roles(service, id),
    ...definition(service, id),
    running(service, id),
    ...scaling(id),
    ...group(service, id),
  ];
}

function registry(id: string, name: string): HclBlock[] {
  return [
    resource(
      "aws_ecr_repository",
      id,
      { name: template(`\${local.name}/${name}`), image_tag_mutability: "IMMUTABLE" },
      [
        nested("image_scanning_configuration", { scan_on_push: true }),
        nested("encryption_configuration", { encryption_type: "AES256" }),
      ],
    ),
    resource("aws_ecr_lifecycle_policy", id, {
      repository: expr(`aws_ecr_repository.${id}.name`),
      policy: expr(
        [
          "jsonencode({",
          "    rules = [{",
          "      rulePriority = 1",
          '      description  = "Keep the last 30 images: enough to go back"',
          '      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 30 }',
          '      action       = { type = "expire" }',
          "    }]",
          "  })",
        ].join("\n"),
      ),
    }),
    resource("aws_cloudwatch_log_group", id, {
      name: template(`/ecs/\${local.name}/${name}`),
      retention_in_days: expr("var.log_days"),
    }),
  ];
}

/** One role for what starts the task, one for the program itself. */
function roles(service: PlannedService, id: string): HclBlock[] {
  const secrets = containerSecrets(service);
  return [
    resource("aws_iam_role", `${id}_start`, {
      name: template(`\${local.name}-${service.name}-start`),
      assume_role_policy: expr("data.aws_iam_policy_document.task_trust.json"),
    }),
    resource("aws_iam_role", `${id}_task`, {
      name: template(`\${local.name}-${service.name}-task`),
      assume_role_policy: expr("data.aws_iam_policy_document.task_trust.json"),
    }),
    data("aws_iam_policy_document", `${id}_start`, {}, [
      nested("statement", {
        actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources: [expr(`aws_ecr_repository.${id}.arn`)],
      }),
      nested("statement", {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [template(`\${aws_cloudwatch_log_group.${id}.arn}:*`)],
      }),
      ...(secrets.length > 0
        ? [
            nested("statement", {
              actions: ["secretsmanager:GetSecretValue"],
              resources: secrets.map(({ resource: secret }) => expr(`${secret}.arn`)),
            }),
          ]
        : []),
    ]),
    resource("aws_iam_role_policy", `${id}_start`, {
      role: expr(`aws_iam_role.${id}_start.id`),
      policy: expr(`data.aws_iam_policy_document.${id}_start.json`),
    }),
    resource("aws_iam_role_policy_attachment", `${id}_registry_login`, {
      role: expr(`aws_iam_role.${id}_start.name`),
      policy_arn: expr("aws_iam_policy.registry_login.arn"),
    }),
  ];
}

function definition(service: PlannedService, id: string): HclBlock[] {
  const { port, grace } = service;
  const settings = service.env.filter(
    ({ class: kind, phase, default: value }) =>
      kind !== "provided" && kind !== "secret" && phase === "run" && value !== null,
  );
  const container: Record<string, HclValue> = {
    name: service.name,
    image: expr(`var.images["${service.name}"]`),
    essential: true,
    readonlyRootFilesystem: true,
    stopTimeout: Math.min(120, grace),
    linuxParameters: { initProcessEnabled: true },
    mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp", readOnly: false }],
    ...(port === null ? {} : { portMappings: [{ containerPort: port, protocol: "tcp" }] }),
    environment: [
      ...(port === null ? [] : [{ name: "PORT", value: String(port) }]),
      ...settings.map(({ name, default: value }) => ({ name, value: value ?? "" })),
    ],
    secrets: containerSecrets(service).map(({ name, resource: secret }) => ({
      name,
      valueFrom: expr(`${secret}.arn`),
    })),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": expr(`aws_cloudwatch_log_group.${id}.name`),
        "awslogs-region": expr("var.region"),
        "awslogs-stream-prefix": "task",
      },
    },
  };
  const { cpu, memory } = fargateSize(service.resources);
  return [
    resource(
      "aws_ecs_task_definition",
      id,
      {
        family: template(`\${local.name}-${service.name}`),
        network_mode: "awsvpc",
        requires_compatibilities: ["FARGATE"],
        cpu,
        memory,
        execution_role_arn: expr(`aws_iam_role.${id}_start.arn`),
        task_role_arn: expr(`aws_iam_role.${id}_task.arn`),
        container_definitions: jsonencode([container]),
      },
      [nested("volume", { name: "tmp" })],
    ),
  ];
}

/** The smallest size that exists and holds the wanted cores and MiB. */
export function fargateSize({ cpu, memory }: PlannedService["resources"]): { cpu: number; memory: number } {
  for (const units of CPU_UNITS) {
    const fits = units >= cpu * 1_024 ? MEMORY_OF[units]?.find((size) => size >= memory) : undefined;
    if (fits !== undefined) return { cpu: units, memory: fits };
  }
  return { cpu: 4_096, memory: 30_720 };
}

function running(service: PlannedService, id: string): HclBlock {
  const { port, startup } = service;
  return resource(
    "aws_ecs_service",
    id,
    {
      name: service.name,
      cluster: expr("aws_ecs_cluster.main.id"),
      task_definition: expr(`aws_ecs_task_definition.${id}.arn`),
      desired_count: expr("var.min_replicas"),
      launch_type: "FARGATE",
      propagate_tags: "SERVICE",
      wait_for_steady_state: true,
      ...(port === null ? {} : { health_check_grace_period_seconds: startup }),
    },
    [
      nested("network_configuration", {
        subnets: expr("aws_subnet.private[*].id"),
        security_groups: [expr(`aws_security_group.${id}.id`)],
        assign_public_ip: false,
      }),
      nested("deployment_circuit_breaker", { enable: true, rollback: true }),
      ...(port === null
        ? []
        : [
            nested("load_balancer", {
              target_group_arn: expr(`aws_lb_target_group.${id}.arn`),
              container_name: service.name,
              container_port: port,
            }),
          ]),
      commented("The autoscaler counts replicas.", nested("lifecycle", { ignore_changes: [expr("desired_count")] })),
    ],
  );
}

function scaling(id: string): HclBlock[] {
  const policy = (metric: "cpu" | "memory", predefined: string, target: number) =>
    resource(
      "aws_appautoscaling_policy",
      `${id}_${metric}`,
      {
        name: metric,
        policy_type: "TargetTrackingScaling",
        service_namespace: expr(`aws_appautoscaling_target.${id}.service_namespace`),
        resource_id: expr(`aws_appautoscaling_target.${id}.resource_id`),
        scalable_dimension: expr(`aws_appautoscaling_target.${id}.scalable_dimension`),
      },
      [
        nested(
          "target_tracking_scaling_policy_configuration",
          { target_value: target, scale_in_cooldown: 300, scale_out_cooldown: 60 },
          [nested("predefined_metric_specification", { predefined_metric_type: predefined })],
        ),
      ],
    );
  return [
    resource("aws_appautoscaling_target", id, {
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: template(`service/\${aws_ecs_cluster.main.name}/\${aws_ecs_service.${id}.name}`),
      min_capacity: expr("var.min_replicas"),
      max_capacity: expr("var.max_replicas"),
    }),
    policy("cpu", "ECSServiceAverageCPUUtilization", 70),
    policy("memory", "ECSServiceAverageMemoryUtilization", 80),
  ];
}

/** Only the load balancer reaches it; it reaches its stores and the web. */
function group({ name, port }: PlannedService, id: string): HclBlock[] {
  return [
    resource("aws_security_group", id, {
      name: template(`\${local.name}-${name}`),
      description: `Tasks of ${name}`,
      vpc_id: expr("aws_vpc.main.id"),
    }),
    ...(port === null
      ? []
      : [
          resource("aws_vpc_security_group_ingress_rule", `${id}_from_balancer`, {
            security_group_id: expr(`aws_security_group.${id}.id`),
            referenced_security_group_id: expr("aws_security_group.balancer.id"),
            description: "Requests from the load balancer",
            ip_protocol: "tcp",
            from_port: port,
            to_port: port,
          }),
        ]),
    resource("aws_vpc_security_group_egress_rule", `${id}_out`, {
      security_group_id: expr(`aws_security_group.${id}.id`),
      description: "Stores and services of others",
      ip_protocol: "-1",
      cidr_ipv4: "0.0.0.0/0",
    }),
  ];
}

/** A value as a call of jsonencode, indented for the attribute of a resource. */
function jsonencode(value: HclValue): HclValue {
  return { expression: `jsonencode(${inline(value, "  ")})` };
}

function inline(value: HclValue, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const deeper = `${indent}  `;
    return `[\n${value.map((item: HclValue) => `${deeper}${inline(item, deeper)}`).join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object")
    return typeof value === "string" ? JSON.stringify(value).replaceAll("${", () => "$${") : String(value);
  if ("expression" in value) return String(value.expression);
  const deeper = `${indent}  `;
  const entries = Object.entries(value).map(([key, inner]): [string, string] => [
    /^\w+$/.test(key) ? key : JSON.stringify(key),
    inline(inner as HclValue, deeper),
  ]);
  const simple = entries.filter(([, text]) => !text.includes("\n"));
  const width = Math.max(0, ...simple.map(([key]) => key.length));
  const lines = [
    ...simple.map(([key, text]) => `${deeper}${key.padEnd(width)} = ${text}`),
    ...entries.filter(([, text]) => text.includes("\n")).map(([key, text]) => `\n${deeper}${key} = ${text}`),
  ];
  return `{\n${lines.join("\n")}\n${indent}}`;
}
