import { expr, type HclBlock, type HclValue, jsonencode, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { data, identifier, nested, resource } from "../blocks.ts";
import type { Environment } from "../environment.ts";
import { environmentLocal } from "../inputs.ts";
import { workloadsOf } from "../workloads.ts";
import { callerRules } from "./connect.ts";
import { fileSystem } from "./files-of-service.ts";
import { running } from "./running.ts";
import { scheduleBlock } from "./schedules.ts";
import { secretBlocks } from "./secrets.ts";
import { definition } from "./task.ts";

/** Everything of one service and of the programs that run from its image. */
export function serviceBlocks(service: PlannedService, environment: Environment, plan: Plan): HclBlock[] {
  const id = identifier(service.name);
  return [
    ...registry(id, service.name),
    ...environmentLocal(id, environment),
    ...secretBlocks(service, id, environment),
    ...roles(service, id, environment, plan),
    ...group(service, id, plan),
    ...fileSystem(service, id),
    ...workloadsOf(service).flatMap((workload) => [
      definition(workload, service, environment),
      ...(workload.kind === "server" || workload.kind === "worker" ? running(workload, service, plan) : []),
      ...(workload.kind === "schedule" ? scheduleBlock(workload, id) : []),
    ]),
  ];
}

/** Enough to go back. */
const KEEP: HclValue = {
  rulePriority: 1,
  description: "Keep the last 30 images: enough to go back",
  selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 },
  action: { type: "expire" },
};

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
      policy: jsonencode({ rules: [KEEP] }),
    }),
    resource("aws_cloudwatch_log_group", id, {
      name: template(`/ecs/\${local.name}/${name}`),
      retention_in_days: expr("var.log_days"),
    }),
  ];
}

/** One role for what starts the task, one for the program itself. */
function roles(service: PlannedService, id: string, { secret }: Environment, plan: Plan): HclBlock[] {
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
      ...(secret.length > 0
        ? [
            nested("statement", {
              actions: ["secretsmanager:GetSecretValue"],
              resources: expr(`values(aws_secretsmanager_secret.${id})[*].arn`),
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
    ...(plan.stores.some(({ kind, name }) => kind === "s3" && service.stores.includes(name)) ? bucketRights(id) : []),
  ];
}

/** What the program may do with the files of the application. */
function bucketRights(id: string): HclBlock[] {
  return [
    data("aws_iam_policy_document", `${id}_bucket`, {}, [
      nested("statement", { actions: ["s3:ListBucket"], resources: [expr("aws_s3_bucket.files.arn")] }),
      nested("statement", {
        actions: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        resources: [template("${aws_s3_bucket.files.arn}/*")],
      }),
    ]),
    resource("aws_iam_role_policy", `${id}_bucket`, {
      role: expr(`aws_iam_role.${id}_task.id`),
      policy: expr(`data.aws_iam_policy_document.${id}_bucket.json`),
    }),
  ];
}

/** Only the load balancer and its callers reach it; it reaches its stores and the web. */
function group(service: PlannedService, id: string, plan: Plan): HclBlock[] {
  const { name, role } = service;
  const port = role === "http" ? service.port : null;
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
    ...callerRules(service, plan),
    resource("aws_vpc_security_group_egress_rule", `${id}_out`, {
      security_group_id: expr(`aws_security_group.${id}.id`),
      description: "Stores and services of others",
      ip_protocol: "-1",
      cidr_ipv4: "0.0.0.0/0",
    }),
  ];
}
