import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import { isClock } from "../../../clock.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, identifier, nested, resource } from "../blocks.ts";
import type { Workload } from "../workloads.ts";
import { connection } from "./connect.ts";

/** A program that runs all the time, and as many of it as the load asks for. */
export function running(workload: Workload, service: PlannedService, plan: Plan): HclBlock[] {
  return [ecsService(workload, service, plan), ...(service.state.length > 0 ? [] : scaling(workload, service))];
}

function ecsService({ id, name, kind, command }: Workload, service: PlannedService, plan: Plan): HclBlock {
  const serves = kind === "server" && service.port !== null;
  const owner = identifier(service.name);
  return resource(
    "aws_ecs_service",
    id,
    {
      name,
      cluster: expr("aws_ecs_cluster.main.id"),
      task_definition: expr(`aws_ecs_task_definition.${id}.arn`),
      desired_count: expr(`var.replicas["${name}"].min`),
      launch_type: "FARGATE",
      propagate_tags: "SERVICE",
      ...(serves ? { health_check_grace_period_seconds: service.startup } : {}),
      // Two programs that write the same files destroy them: the old one goes first.
      ...(service.state.length > 0 || isClock(command?.join(" "))
        ? { deployment_minimum_healthy_percent: 0, deployment_maximum_percent: 100 }
        : { deployment_minimum_healthy_percent: 100, deployment_maximum_percent: 200 }),
      depends_on: [
        ...(serves ? [expr(`aws_lb_listener_rule.${owner}`)] : []),
        expr(`aws_iam_role_policy.${owner}_start`),
        expr(`aws_iam_role_policy_attachment.${owner}_registry_login`),
        ...(service.state.length > 0 ? [expr(`aws_efs_mount_target.${owner}`)] : []),
      ],
    },
    [
      nested("network_configuration", {
        subnets: expr("aws_subnet.private[*].id"),
        security_groups: [expr(`aws_security_group.${owner}.id`)],
        assign_public_ip: false,
      }),
      nested("deployment_circuit_breaker", { enable: true, rollback: true }),
      ...connection(service, plan, serves),
      ...(serves
        ? [
            nested("load_balancer", {
              target_group_arn: expr(`aws_lb_target_group.${owner}.arn`),
              container_name: name,
              container_port: service.port ?? 0,
            }),
          ]
        : []),
      commented(
        "The autoscaler counts replicas, and the pipeline releases.",
        nested("lifecycle", { ignore_changes: [expr("desired_count"), expr("task_definition")] }),
      ),
    ],
  );
}

function scaling({ id, name }: Workload, { scale }: PlannedService): HclBlock[] {
  const policy = (metric: "cpu" | "memory", predefined: string) =>
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
          { target_value: scale[metric], scale_in_cooldown: 300, scale_out_cooldown: 60 },
          [nested("predefined_metric_specification", { predefined_metric_type: predefined })],
        ),
      ],
    );
  return [
    resource("aws_appautoscaling_target", id, {
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: template(`service/\${aws_ecs_cluster.main.name}/\${aws_ecs_service.${id}.name}`),
      min_capacity: expr(`var.replicas["${name}"].min`),
      max_capacity: expr(`var.replicas["${name}"].max`),
    }),
    policy("cpu", "ECSServiceAverageCPUUtilization"),
    policy("memory", "ECSServiceAverageMemoryUtilization"),
  ];
}
