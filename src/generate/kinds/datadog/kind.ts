import { yamlText } from "../../../formats/write-yaml.ts";
import { alertsOf } from "../../alerts.ts";
import type { Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan, PlannedService } from "../../plan.ts";

const FOLDER = "observability/datadog";
/** Series of the daemon as the agent calls them; it takes `_total` away from counters and adds `.count`. */
const METRICS = {
  stationmaster_service_up: "service_up",
  stationmaster_check_p95_seconds: "check_p95_seconds",
  stationmaster_check_results: "check_results",
};

/** Monitors for those who use Datadog, and what its agent has to read for them. */
export const datadog: Kind = {
  id: "datadog",
  title: "Datadog monitors",
  wanted: ({ tree }) => tree.paths.some((path) => /(?:^|\/)datadog(?:-|\.|\/)/.test(path)),
  render(plan) {
    const monitors = plan.services.flatMap((service) => monitorsOf(service, plan));
    if (monitors.length === 0) return [];
    return [
      {
        path: `${FOLDER}/monitors.json`,
        text: `${JSON.stringify({ monitors }, null, 2)}\n`,
        ownership: "managed",
        why: "monitors of each service, in the shape of the API",
        notes: [
          "monitors of Datadog are made with its API or Terraform provider; each entry is the body of one request",
        ],
      },
      {
        path: `${FOLDER}/openmetrics.d/conf.yaml`,
        text: yamlText(agent(), { header: [NOTE], spaced: true }),
        ownership: "managed",
        why: "what Datadog's agent reads of the daemon",
        notes: ["the agent reads the token of the daemon from /etc/datadog-agent/secrets/stationmaster-token"],
      },
    ];
  },
};

function agent(): object {
  return {
    init_config: {},
    instances: [
      {
        openmetrics_endpoint: "http://stationmaster:4700/metrics",
        namespace: "stationmaster",
        metrics: Object.entries(METRICS).map(([from, to]) => ({ [from]: to })),
        auth_token: {
          reader: { type: "file", path: "/etc/datadog-agent/secrets/stationmaster-token" },
          writer: { type: "header", name: "Authorization", value: "Bearer <TOKEN>", placeholder: "<TOKEN>" },
        },
      },
    ],
  };
}

/** What has checks: the same services that have alerts. */
function monitorsOf(service: PlannedService, plan: Plan): object[] {
  const { name, critical, port } = service;
  const down = alertsOf(plan).find((alert) => alert.service === name);
  if (!down) return [];
  const tags = [`service:${name}`, `project:${plan.project}`, "managed-by:stationmaster"];
  const message = (text: string, pages: boolean) =>
    `${text}\n\nLook for: ${down.causes.join("; ")}.\n${pages ? "{{#is_alert}}@pagerduty{{/is_alert}} " : ""}@slack-alerts`;
  const options = { include_tags: true, require_full_window: false, notify_audit: false, renotify_interval: 240 };
  const of = `{service:${name}} by {environment}`;
  const counted = (filter: string) =>
    `sum:stationmaster.check_results.count{service:${name}${filter}} by {environment}.as_count()`;
  const isDown = {
    name: `${name} is down`,
    type: "query alert",
    query: `max(last_5m):max:stationmaster.service_up${of} < 1`,
    message: message(`${name} is down in {{environment.name}}.`, critical),
    tags,
    priority: critical ? 1 : 3,
    options: { ...options, thresholds: { critical: 1 }, notify_no_data: true, no_data_timeframe: 15 },
  };
  if (port === null) return [isDown];
  return [
    isDown,
    {
      name: `${name} answers slowly`,
      type: "query alert",
      query: `avg(last_10m):max:stationmaster.check_p95_seconds${of} > 1`,
      message: message(`p95 of the checks of ${name} is above one second in {{environment.name}}.`, false),
      tags,
      priority: 3,
      options: { ...options, thresholds: { critical: 1, warning: 0.5 } },
    },
    {
      name: `${name} fails now and again`,
      type: "query alert",
      query: `sum(last_1h):${counted(",outcome:fail")} / ${counted(",!outcome:unknown")} > 0.0144`,
      message: message(`${name} fails 14.4 times as often as 99.9 % allows, in {{environment.name}}.`, critical),
      tags,
      priority: critical ? 1 : 3,
      options: { ...options, thresholds: { critical: 0.0144, warning: 0.006 } },
    },
  ];
}
