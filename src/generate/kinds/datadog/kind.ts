import { alertsOf } from "../../alerts.ts";
import type { Kind } from "../../kind.ts";
import type { Plan, PlannedService } from "../../plan.ts";

/** Monitors for those who use Datadog: synthetic tests of each service, and its own metrics read by the agent. */
export const datadog: Kind = {
  id: "datadog",
  title: "Datadog monitors",
  wanted: ({ tree }) => tree.paths.some((path) => /(?:^|\/)datadog(?:-|\.|\/)/.test(path)),
  render(plan) {
    const monitors = plan.services.filter(({ port }) => port !== null).flatMap((service) => monitorsOf(service, plan));
    if (monitors.length === 0) return [];
    return [
      {
        path: "observability/datadog/monitors.json",
        text: `${JSON.stringify({ monitors }, null, 2)}\n`,
        ownership: "managed",
        why: "monitors of each service, in the shape of the API",
        notes: [
          "monitors of Datadog are made with its API or Terraform provider; each entry is the body of one request",
        ],
      },
    ];
  },
};

function monitorsOf(service: PlannedService, plan: Plan): object[] {
  const { name, critical } = service;
  const down = alertsOf(plan).find((alert) => alert.service === name);
  const tags = [`service:${name}`, `project:${plan.project}`, "managed-by:stationmaster"];
  const message = (text: string) =>
    `${text}\n\nLook for: ${down?.causes.join("; ")}.\n${critical ? "{{#is_alert}}@pagerduty{{/is_alert}} " : ""}@slack-alerts`;
  const common = { tags, priority: critical ? 1 : 3 };
  const options = { include_tags: true, require_full_window: false, notify_audit: false, renotify_interval: 240 };
  return [
    {
      ...common,
      name: `${name} is down`,
      type: "query alert",
      query: `min(last_5m):min:stationmaster_service_up{service:${name}} by {environment} < 1`,
      message: message(`${name} is down in {{environment.name}}.`),
      options: { ...options, thresholds: { critical: 1 }, notify_no_data: true, no_data_timeframe: 15 },
    },
    {
      ...common,
      priority: 3,
      name: `${name} answers slowly`,
      type: "query alert",
      query: `avg(last_10m):avg:stationmaster_check_p95_seconds{service:${name}} by {environment} > 1`,
      message: message(`p95 of the checks of ${name} is above one second.`),
      options: { ...options, thresholds: { critical: 1, warning: 0.5 } },
    },
    {
      ...common,
      priority: 3,
      name: `${name} fails now and again`,
      type: "query alert",
      query: `sum(last_1h):sum:stationmaster_check_results_total{service:${name},outcome:fail} by {environment}.as_count() / sum:stationmaster_check_results_total{service:${name}} by {environment}.as_count() > 0.0144`,
      message: message(`${name} fails 14.4 times as often as 99.9 % allows.`),
      options: { ...options, thresholds: { critical: 0.0144, warning: 0.006 } },
    },
  ];
}
