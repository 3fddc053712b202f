import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { data, nested, resource } from "../blocks.ts";
import { containersOf } from "../naming.ts";
import { type Workload, workloadsOf } from "../workloads.ts";
import { passRole } from "./pass-role.ts";

/** All schedules of a plan that the clock of AWS knows. */
function scheduled(plan: Plan): { workload: Workload; service: string }[] {
  return containersOf(plan).flatMap((service) =>
    workloadsOf(service)
      .filter(({ kind, schedule }) => kind === "schedule" && awsCron(schedule ?? "") !== undefined)
      .map((workload) => ({ workload, service: service.name })),
  );
}

/** The role by which the clock starts tasks. */
export function schedulerRole(plan: Plan, idOf: (service: string) => string): HclBlock[] {
  const all = scheduled(plan);
  if (all.length === 0) return [];
  const services = [...new Set(all.map(({ service }) => idOf(service)))];
  return [
    data("aws_iam_policy_document", "scheduler_trust", {}, [
      nested("statement", { actions: ["sts:AssumeRole"] }, [
        nested("principals", { type: "Service", identifiers: ["scheduler.amazonaws.com"] }),
        nested("condition", {
          test: "StringEquals",
          variable: "aws:SourceAccount",
          values: [expr("data.aws_caller_identity.current.account_id")],
        }),
      ]),
    ]),
    resource("aws_iam_role", "scheduler", {
      name: template("${local.name}-scheduler"),
      assume_role_policy: expr("data.aws_iam_policy_document.scheduler_trust.json"),
    }),
    data("aws_iam_policy_document", "scheduler", {}, [
      nested("statement", {
        actions: ["ecs:RunTask"],
        resources: all.map(({ workload }) =>
          template(`\${aws_ecs_task_definition.${workload.id}.arn_without_revision}:*`),
        ),
      }),
      // Tags of a definition are put on its task as that is made, and on nothing else.
      nested(
        "statement",
        {
          actions: ["ecs:TagResource"],
          resources: [
            template("arn:aws:ecs:${var.region}:${data.aws_caller_identity.current.account_id}:task/${local.name}/*"),
          ],
        },
        [nested("condition", { test: "StringEquals", variable: "ecs:CreateAction", values: ["RunTask"] })],
      ),
      passRole(services),
    ]),
    resource("aws_iam_role_policy", "scheduler", {
      role: expr("aws_iam_role.scheduler.id"),
      policy: expr("data.aws_iam_policy_document.scheduler.json"),
    }),
  ];
}

/** A task at its times; it takes the newest revision, so that releases reach it. */
export function scheduleBlock({ id, name, schedule }: Workload, service: string): HclBlock[] {
  const cron = awsCron(schedule ?? "");
  if (cron === undefined) return [];
  return [
    resource(
      "aws_scheduler_schedule",
      id,
      {
        name: template(`\${local.name}-${name}`),
        schedule_expression: cron,
        schedule_expression_timezone: "UTC",
      },
      [
        nested("flexible_time_window", { mode: "OFF" }),
        nested("target", { arn: expr("aws_ecs_cluster.main.arn"), role_arn: expr("aws_iam_role.scheduler.arn") }, [
          nested(
            "ecs_parameters",
            {
              task_definition_arn: expr(`aws_ecs_task_definition.${id}.arn_without_revision`),
              launch_type: "FARGATE",
              propagate_tags: "TASK_DEFINITION",
            },
            [
              nested("network_configuration", {
                subnets: expr("aws_subnet.private[*].id"),
                security_groups: [expr(`aws_security_group.${service}.id`)],
                assign_public_ip: false,
              }),
            ],
          ),
          nested("retry_policy", { maximum_event_age_in_seconds: 300, maximum_retry_attempts: 2 }),
        ]),
      ],
    ),
  ];
}

const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Five fields of cron as AWS writes them; undefined where both a day of the month and one of the week are asked for, which AWS refuses. */
export function awsCron(schedule: string): string | undefined {
  const [minute = "", hour = "", day = "", month = "", week = ""] = schedule.split(" ");
  if (week === "") return undefined;
  const anyDay = day === "*" || day === "?";
  const anyWeekday = week === "*" || week === "?";
  if (!anyDay && !anyWeekday) return undefined;
  // Days are counted from Sunday, by 0 here and by 1 there: names mean the same to both.
  const named = week.replace(/(^|[,-])([0-7])(?=$|[,/-])/g, (_, before: string, number: string) => {
    return `${before}${DAYS[Number(number) % 7]}`;
  });
  const days = anyWeekday ? [anyDay ? "*" : day, "?"] : ["?", named.toUpperCase()];
  return `cron(${minute} ${hour} ${days[0]} ${month.toUpperCase()} ${days[1]} *)`;
}

/** What the clock of AWS cannot do, for people. */
export function unscheduled(plan: Plan): string[] {
  return containersOf(plan).flatMap((service) =>
    workloadsOf(service)
      .filter(({ kind, schedule }) => kind === "schedule" && awsCron(schedule ?? "") === undefined)
      .map(({ name, schedule }) => `${name} has the schedule ${schedule}, which EventBridge cannot express: split it`),
  );
}
