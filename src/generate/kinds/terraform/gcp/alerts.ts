import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { identifier, nested, resource } from "../blocks.ts";
import { hostOf, pagesOf, serversOf } from "../naming.ts";
import { databasesOf } from "./stores.ts";

interface Alert {
  id: string;
  what: string;
  filter: string;
  aligner: string;
  reducer?: string;
  above: number;
  /** Seconds in a row. */
  for: number;
}

/** Whether there is anything to wake people for. */
export function hasAlerts(plan: Plan): boolean {
  return alertsOf(plan).length > 0 || pagesOf(plan).length > 0;
}

/** What wakes people: failing and slow answers, hosts that do not answer, stores that fill up. */
export function alerts(plan: Plan): HclBlock[] {
  if (!hasAlerts(plan)) return [];
  return [
    resource("google_monitoring_notification_channel", "email", {
      display_name: template("${local.name} alarms"),
      type: "email",
      labels: { email_address: expr("var.alarm_email") },
      depends_on: [expr("google_project_service.main")],
    }),
    ...uptime(plan),
    ...alertsOf(plan).map(policy),
  ];
}

function alertsOf(plan: Plan): Alert[] {
  return [
    ...serversOf(plan).flatMap(({ name }): Alert[] => {
      const id = identifier(name);
      const service = `resource.type = \\"cloud_run_revision\\" AND resource.labels.service_name = \\"\${google_cloud_run_v2_service.${id}.name}\\"`;
      return [
        {
          id: `${id}_errors`,
          what: `${name} answers with errors`,
          filter: `${service} AND metric.type = \\"run.googleapis.com/request_count\\" AND metric.labels.response_code_class = \\"5xx\\"`,
          aligner: "ALIGN_RATE",
          reducer: "REDUCE_SUM",
          above: 0.2,
          for: 180,
        },
        {
          id: `${id}_slow`,
          what: `${name} is slow: p95 above one second`,
          filter: `${service} AND metric.type = \\"run.googleapis.com/request_latencies\\"`,
          aligner: "ALIGN_PERCENTILE_95",
          reducer: "REDUCE_MAX",
          above: 1_000,
          for: 300,
        },
      ];
    }),
    ...databasesOf(plan).flatMap(({ name }): Alert[] => {
      const id = identifier(name);
      const database = `resource.type = \\"cloudsql_database\\" AND resource.labels.database_id = \\"\${var.project_id}:\${google_sql_database_instance.${id}.name}\\"`;
      return (["cpu", "disk", "memory"] as const).map((part) => ({
        id: `${id}_${part}`,
        what: `The database ${name} is short of ${part}`,
        filter: `${database} AND metric.type = \\"cloudsql.googleapis.com/database/${part}/utilization\\"`,
        aligner: "ALIGN_MEAN",
        above: 0.9,
        for: 600,
      }));
    }),
  ];
}

function policy({ id, what, filter, aligner, reducer, above, for: seconds }: Alert): HclBlock {
  return resource(
    "google_monitoring_alert_policy",
    id,
    {
      display_name: template(`\${local.name}: ${what}`),
      combiner: "OR",
      notification_channels: [expr("google_monitoring_notification_channel.email.id")],
    },
    [
      nested("conditions", { display_name: what }, [
        nested(
          "condition_threshold",
          {
            filter: template(filter),
            comparison: "COMPARISON_GT",
            threshold_value: above,
            duration: `${seconds}s`,
          },
          [
            nested("aggregations", {
              alignment_period: "60s",
              per_series_aligner: aligner,
              ...(reducer ? { cross_series_reducer: reducer } : {}),
            }),
          ],
        ),
      ]),
    ],
  );
}

/** Each host is asked from outside; a readiness route is asked where there is one. */
function uptime(plan: Plan): HclBlock[] {
  const all = [...pagesOf(plan), ...serversOf(plan)];
  if (all.length === 0) return [];
  const hosts = Object.fromEntries(
    all.map((service): [string, HclValue] => [
      service.name,
      {
        host: template(hostOf(service, plan)),
        path: service.role === "static" ? "/" : (service.readiness ?? service.health ?? "/"),
      },
    ]),
  );
  return [
    { block: "locals", body: [{ attribute: "asked", value: hosts }] },
    resource(
      "google_monitoring_uptime_check_config",
      "main",
      {
        for_each: expr("local.asked"),
        display_name: template("${local.name} ${each.key}"),
        timeout: "10s",
        period: "60s",
        depends_on: [expr("google_project_service.main")],
      },
      [
        nested("http_check", { path: expr("each.value.path"), port: 443, use_ssl: true, validate_ssl: true }),
        nested("monitored_resource", {
          type: "uptime_url",
          labels: { project_id: expr("var.project_id"), host: expr("each.value.host") },
        }),
      ],
    ),
    resource(
      "google_monitoring_alert_policy",
      "gone",
      {
        for_each: expr("google_monitoring_uptime_check_config.main"),
        display_name: template("${local.name}: ${each.key} does not answer"),
        combiner: "OR",
        notification_channels: [expr("google_monitoring_notification_channel.email.id")],
      },
      [
        nested("conditions", { display_name: "Most places outside get no answer" }, [
          nested(
            "condition_threshold",
            {
              filter: template(
                'resource.type = \\"uptime_url\\" AND metric.type = \\"monitoring.googleapis.com/uptime_check/check_passed\\" AND metric.labels.check_id = \\"${each.value.uptime_check_id}\\"',
              ),
              comparison: "COMPARISON_GT",
              threshold_value: 1,
              duration: "120s",
            },
            [
              nested("aggregations", {
                alignment_period: "60s",
                per_series_aligner: "ALIGN_NEXT_OLDER",
                cross_series_reducer: "REDUCE_COUNT_FALSE",
                group_by_fields: ["resource.label.host"],
              }),
            ],
          ),
        ]),
      ],
    ),
  ];
}
