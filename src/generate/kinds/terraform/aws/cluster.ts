import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, data, identifier, nested, resource } from "../blocks.ts";
import { containersOf } from "../naming.ts";
import { isConnected } from "./connect.ts";
import { schedulerRole } from "./schedules.ts";

/** The cluster, and the role by which ECS fetches images and secrets before a task starts. */
export function clusterBlocks(plan: Plan): HclBlock[] {
  if (containersOf(plan).length === 0) return [];
  return [
    commented(
      "Container Insights would make it itself, and keep it for ever.",
      resource("aws_cloudwatch_log_group", "insights", {
        name: template("/aws/ecs/containerinsights/${local.name}/performance"),
        retention_in_days: expr("var.log_days"),
      }),
    ),
    resource(
      "aws_ecs_cluster",
      "main",
      { name: expr("local.name"), depends_on: [expr("aws_cloudwatch_log_group.insights")] },
      [nested("setting", { name: "containerInsights", value: "enabled" })],
    ),
    resource("aws_ecs_cluster_capacity_providers", "main", {
      cluster_name: expr("aws_ecs_cluster.main.name"),
      capacity_providers: ["FARGATE"],
    }),
    ...(isConnected(plan)
      ? [resource("aws_service_discovery_http_namespace", "main", { name: expr("local.name") })]
      : []),
    data("aws_iam_policy_document", "task_trust", {}, [
      nested("statement", { actions: ["sts:AssumeRole"] }, [
        nested("principals", { type: "Service", identifiers: ["ecs-tasks.amazonaws.com"] }),
        nested("condition", {
          test: "StringEquals",
          variable: "aws:SourceAccount",
          values: [expr("data.aws_caller_identity.current.account_id")],
        }),
      ]),
    ]),
    data("aws_iam_policy_document", "registry_login", {}, [
      // The one action of the registry that knows no resource.
      nested("statement", { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }),
    ]),
    resource("aws_iam_policy", "registry_login", {
      name: template("${local.name}-registry-login"),
      policy: expr("data.aws_iam_policy_document.registry_login.json"),
    }),
    ...schedulerRole(plan, identifier),
  ];
}
