import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { data, identifier, nested, resource } from "../blocks.ts";
import { containersOf, serversOf } from "../naming.ts";
import { workloadsOf } from "../workloads.ts";
import { databasesOf } from "./stores.ts";

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

/** What wakes people: failing and slow answers, programs that are gone, stores that fill up. */
function alarmsOf(plan: Plan): Alarm[] {
  return [
    ...serversOf(plan).flatMap(serviceAlarms),
    ...containersOf(plan).flatMap(workerAlarms),
    ...databasesOf(plan).flatMap(({ name }) => databaseAlarms(name)),
    ...(plan.stores.some(({ kind }) => kind === "redis") ? [cacheAlarm()] : []),
  ];
}

/** Whether there is anything to wake people for. */
export function hasAlarms(plan: Plan): boolean {
  return alarmsOf(plan).length > 0;
}

/** The alarms, and the topic that carries them. */
export function alarms(plan: Plan): HclBlock[] {
  const all = alarmsOf(plan);
  if (all.length === 0) return [];
  return [
    ...topicKey(),
    resource("aws_sns_topic", "alarms", {
      name: template("${local.name}-alarms"),
      kms_master_key_id: expr("aws_kms_key.alarms.id"),
    }),
    resource("aws_sns_topic_subscription", "alarms", {
      topic_arn: expr("aws_sns_topic.alarms.arn"),
      protocol: "email",
      endpoint: expr("var.alarm_email"),
    }),
    data("aws_iam_policy_document", "alarms", {}, [
      nested("statement", { actions: ["sns:Publish"], resources: [expr("aws_sns_topic.alarms.arn")] }, [
        nested("principals", { type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }),
        ofThisAccount(),
      ]),
    ]),
    resource("aws_sns_topic_policy", "alarms", {
      arn: expr("aws_sns_topic.alarms.arn"),
      policy: expr("data.aws_iam_policy_document.alarms.json"),
    }),
    ...all.map(alarmBlock),
  ];
}

function ofThisAccount(): HclBlock {
  return nested("condition", {
    test: "StringEquals",
    variable: "aws:SourceAccount",
    values: [expr("data.aws_caller_identity.current.account_id")],
  });
}

/** The key that AWS keeps for topics is closed to alarms: they need one of the account. */
function topicKey(): HclBlock[] {
  return [
    data("aws_iam_policy_document", "alarms_key", {}, [
      nested("statement", { actions: ["kms:*"], resources: ["*"] }, [
        nested("principals", {
          type: "AWS",
          identifiers: [template("arn:aws:iam::${data.aws_caller_identity.current.account_id}:root")],
        }),
      ]),
      nested("statement", { actions: ["kms:Decrypt", "kms:GenerateDataKey*"], resources: ["*"] }, [
        nested("principals", { type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }),
        ofThisAccount(),
      ]),
    ]),
    resource("aws_kms_key", "alarms", {
      description: template("Alarms of ${local.name}"),
      enable_key_rotation: true,
      deletion_window_in_days: 7,
      policy: expr("data.aws_iam_policy_document.alarms_key.json"),
    }),
  ];
}

function workerAlarms(service: PlannedService): Alarm[] {
  return workloadsOf(service)
    .filter(({ kind }) => kind === "worker")
    .map(({ id, name }) => ({
      id: `${id}_gone`,
      what: `${name} does not run`,
      namespace: "ECS/ContainerInsights",
      metric: "RunningTaskCount",
      statistic: "Minimum",
      below: 1,
      minutes: 5,
      dimensions: { ClusterName: expr("aws_ecs_cluster.main.name"), ServiceName: name },
    }));
}

function cacheAlarm(): Alarm {
  return {
    id: "cache_memory",
    what: "The cache is nearly full",
    namespace: "AWS/ElastiCache",
    metric: "DatabaseMemoryUsagePercentage",
    statistic: "Maximum",
    above: 85,
    minutes: 10,
    dimensions: { CacheClusterId: expr("tolist(aws_elasticache_replication_group.main.member_clusters)[0]") },
  };
}

function serviceAlarms({ name }: PlannedService): Alarm[] {
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

function databaseAlarms(name: string): Alarm[] {
  const store = identifier(name);
  const base = {
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: expr(`aws_db_instance.${store}.identifier`) },
  };
  return [
    {
      ...base,
      id: `${store}_cpu`,
      what: `The database ${name} is busy`,
      metric: "CPUUtilization",
      statistic: "Average",
      above: 85,
      minutes: 10,
    },
    {
      ...base,
      id: `${store}_storage`,
      what: `The database ${name} has less than 4 GiB left`,
      metric: "FreeStorageSpace",
      statistic: "Minimum",
      below: 4_294_967_296,
      minutes: 5,
    },
    {
      ...base,
      id: `${store}_memory`,
      what: `The database ${name} has less than 128 MiB of memory left`,
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
