import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { nested, resource } from "../blocks.ts";
import { containersOf } from "../naming.ts";
import { workloadsOf } from "../workloads.ts";
import { databasesOf, ENGINES, hasCache } from "./stores.ts";

interface Alert {
  id: string;
  what: string;
  scope: string;
  namespace: string;
  metric: string;
  aggregation: "Average" | "Maximum" | "Total";
  above?: number;
  below?: number;
  dimension?: { name: string; values: string[] };
}

function alertsOf(plan: Plan): Alert[] {
  return [
    ...containersOf(plan).flatMap((service) =>
      workloadsOf(service).flatMap(({ id, name, kind }): Alert[] => {
        const base = { scope: `azurerm_container_app.${id}.id`, namespace: "Microsoft.App/containerApps" };
        const gone: Alert = {
          ...base,
          id: `${id}_gone`,
          what: `${name} does not run`,
          metric: "Replicas",
          aggregation: "Maximum",
          below: 1,
        };
        const errors: Alert = {
          ...base,
          id: `${id}_errors`,
          what: `${name} answers with errors`,
          metric: "Requests",
          aggregation: "Total",
          above: 30,
          dimension: { name: "statusCodeCategory", values: ["5xx"] },
        };
        const slow: Alert = {
          ...base,
          id: `${id}_slow`,
          what: `${name} is slow: above one second`,
          metric: "ResponseTime",
          aggregation: "Average",
          above: 1_000,
        };
        if (kind === "server") return [gone, errors, slow];
        return kind === "worker" ? [gone] : [];
      }),
    ),
    ...databasesOf(plan).flatMap(({ id, address, engine, store }) =>
      (["cpu_percent", "storage_percent", "memory_percent"] as const).map(
        (metric): Alert => ({
          id: `${id}_${metric.replace("_percent", "")}`,
          what: `The database ${store.name} is short of ${metric.replace("_percent", "")}`,
          scope: `${address}.id`,
          namespace: `Microsoft.DBfor${ENGINES[engine].type === "mysql" ? "MySQL" : "PostgreSQL"}/flexibleServers`,
          metric,
          aggregation: "Average",
          above: 90,
        }),
      ),
    ),
    ...(hasCache(plan)
      ? [
          {
            id: "cache_memory",
            what: "The cache is nearly full",
            scope: "azurerm_managed_redis.main.id",
            namespace: "Microsoft.Cache/redisEnterprise",
            metric: "usedmemorypercentage",
            aggregation: "Maximum",
            above: 85,
          } as const,
        ]
      : []),
  ];
}

/** Whether there is anything to wake people for. */
export function hasAlerts(plan: Plan): boolean {
  return alertsOf(plan).length > 0;
}

/** What wakes people: failing and slow answers, programs that are gone, stores that fill up. */
export function alerts(plan: Plan): HclBlock[] {
  const all = alertsOf(plan);
  if (all.length === 0) return [];
  return [
    resource(
      "azurerm_monitor_action_group",
      "main",
      {
        name: expr("local.name"),
        resource_group_name: expr("azurerm_resource_group.main.name"),
        short_name: template("${substr(local.plain, 0, 12)}"),
        tags: expr("local.tags"),
      },
      [
        nested("email_receiver", {
          name: "on-call",
          email_address: expr("var.alarm_email"),
          use_common_alert_schema: true,
        }),
      ],
    ),
    ...all.map(alertBlock),
  ];
}

function alertBlock({ id, what, scope, namespace, metric, aggregation, above, below, dimension }: Alert): HclBlock {
  return resource(
    "azurerm_monitor_metric_alert",
    id,
    {
      name: template(`\${local.name}-${id.replaceAll("_", "-")}`),
      resource_group_name: expr("azurerm_resource_group.main.name"),
      description: what,
      scopes: [expr(scope)],
      severity: 1,
      frequency: "PT1M",
      window_size: "PT5M",
      tags: expr("local.tags"),
    },
    [
      nested(
        "criteria",
        {
          metric_namespace: namespace,
          metric_name: metric,
          aggregation,
          operator: above === undefined ? "LessThan" : "GreaterThan",
          threshold: above ?? below ?? 0,
        },
        dimension ? [nested("dimension", { name: dimension.name, operator: "Include", values: dimension.values })] : [],
      ),
      nested("action", { action_group_id: expr("azurerm_monitor_action_group.main.id") }),
    ],
  );
}
