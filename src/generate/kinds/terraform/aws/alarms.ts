import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { data, identifier, nested, resource } from "../blocks.ts";
import { balanced } from "./load-balancer.ts";
import { isDatabase } from "./stores.ts";

interface Alarm {
  id: string;
  what: string;
  namespace: string;
  metric: string;
  statistic: string;
  above?: number;
  below?: number;
  /** Minutes in a row. */
  minutes: number;
  dimensions: Record<string, HclValue>;
}

/** What wakes people: failing and slow answers, targets that are gone, stores that fill up. */
export function alarms(plan: Plan): HclBlock[] {
  const all = [...balanced(plan).flatMap(serviceAlarms), ...(plan.stores.some(isDatabase) ? databaseAlarms() : [])];
  if (all.length === 0) return [];
  return [
    resource("aws_sns_topic", "alarms", { name: template("${local.name}-alarms"), kms_master_key_id: "alias/aws/sns" }),
    resource("aws_sns_topic_subscription", "alarms", {
      topic_arn: expr("aws_sns_topic.alarms.arn"),
      protocol: "email",
      endpoint: expr("var.alarm_email"),
    }),
    data("aws_iam_policy_document", "alarms", {}, [
      nested("statement", { actions: ["sns:Publish"], resources: [expr("aws_sns_topic.alarms.arn")] }, [
        nested("principals", { type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }),
        nested("condition", {
          test: "StringEquals",
          variable: "aws:SourceAccount",
          values: [expr("data.aws_caller_identity.current.account_id")],
        }),
      ]),
    ]),
    resource("aws_sns_topic_policy", "alarms", {
      arn: expr("aws_sns_topic.alarms.arn"),
      policy: expr("data.aws_iam_policy_document.alarms.json"),
    }),
    ...all.map(alarmBlock),
  ];
}

function serviceAlarms({ name }: { name: string }): Alarm[] {
  const id = identifier(name);
  const dimensions = {
    LoadBalancer: expr("aws_lb.main.arn_suffix"),
    TargetGroup: expr(`aws_lb_target_group.${id}.arn_suffix`),
  };
  const base = { namespace: "AWS/ApplicationELB", dimensions };
  return [
    {
      ...base,
      id: `${id}_errors`,
      what: `${name} answers with errors`,
      metric: "HTTPCode_Target_5XX_Count",
      statistic: "Sum",
      above: 10,
      minutes: 3,
    },
    {
      ...base,
      id: `${id}_slow`,
      what: `${name} is slow: p95 above one second`,
      metric: "TargetResponseTime",
      statistic: "p95",
      above: 1,
      minutes: 5,
    },
    {
      ...base,
      id: `${id}_gone`,
      what: `${name} has no healthy task`,
      metric: "HealthyHostCount",
      statistic: "Minimum",
      below: 1,
      minutes: 2,
    },
  ];
}

function databaseAlarms(): Alarm[] {
  const base = { namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: expr("aws_db_instance.main.identifier") } };
  return [
    {
      ...base,
      id: "database_cpu",
      what: "The database is busy",
      metric: "CPUUtilization",
      statistic: "Average",
      above: 85,
      minutes: 10,
    },
    {
      ...base,
      id: "database_storage",
      what: "The database has less than 4 GiB left",
      metric: "FreeStorageSpace",
      statistic: "Minimum",
      below: 4_294_967_296,
      minutes: 5,
    },
    {
      ...base,
      id: "database_memory",
      what: "The database has less than 128 MiB of memory left",
      metric: "FreeableMemory",
      statistic: "Minimum",
      below: 134_217_728,
      minutes: 10,
    },
  ];
}

function alarmBlock({ id, what, namespace, metric, statistic, above, below, minutes, dimensions }: Alarm): HclBlock {
  return resource("aws_cloudwatch_metric_alarm", id, {
    alarm_name: template(`\${local.name}-${id.replaceAll("_", "-")}`),
    alarm_description: what,
    namespace,
    metric_name: metric,
    ...(statistic.startsWith("p") ? { extended_statistic: statistic } : { statistic }),
    comparison_operator: above === undefined ? "LessThanThreshold" : "GreaterThanThreshold",
    threshold: above ?? below ?? 0,
    period: 60,
    evaluation_periods: minutes,
    treat_missing_data: below === undefined ? "notBreaching" : "breaching",
    alarm_actions: [expr("aws_sns_topic.alarms.arn")],
    ok_actions: [expr("aws_sns_topic.alarms.arn")],
    dimensions,
  });
}
