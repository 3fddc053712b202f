import { yamlText } from "../../../formats/write-yaml.ts";
import { type Alert, alertsOf, runbookUrl } from "../../alerts.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan } from "../../plan.ts";
import { runbooks } from "../runbooks/kind.ts";

const FOLDER = "observability/prometheus";

/** What Prometheus reads, when it calls, a test for each alert, and who Alertmanager tells. */
export const prometheus: Kind = {
  id: "prometheus",
  title: "Prometheus and Alertmanager",
  wanted: () => true,
  render(plan) {
    const alerts = alertsOf(plan);
    if (alerts.length === 0) return [];
    return [
      file("prometheus.yml", settings(plan), "what is read, and where alerts go"),
      file(`rules/${plan.project}.rules.yml`, rules(plan, alerts), "when people are called"),
      file(`rules/${plan.project}.test.yml`, tests(plan, alerts), "a test for each alert: promtool test rules"),
      {
        ...file("alertmanager.yml", routing(), "who is told, and how often"),
        notes: [
          "alertmanager.yml reads the addresses of PagerDuty and Slack from files under /etc/alertmanager/secrets",
        ],
      },
      // Each alert links its page, so that the pages come with the alerts.
      ...runbooks.render(plan),
    ];
  },
};

function file(name: string, data: object, why: string): GeneratedFile {
  return {
    path: `${FOLDER}/${name}`,
    text: yamlText(data, { header: [NOTE], spaced: true }),
    ownership: "managed",
    why,
  };
}

function settings(plan: Plan): object {
  const own = plan.services.flatMap(({ name, metrics, port }) =>
    metrics && port !== null
      ? [
          {
            job_name: name,
            metrics_path: metrics.path,
            static_configs: [{ targets: [`${name}:${port}`], labels: { service: name } }],
          },
        ]
      : [],
  );
  return {
    global: { scrape_interval: "15s", evaluation_interval: "15s" },
    rule_files: ["rules/*.rules.yml"],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ["alertmanager:9093"] }] }] },
    scrape_configs: [
      {
        job_name: "stationmaster",
        authorization: { credentials_file: "/etc/prometheus/secrets/stationmaster-token" },
        static_configs: [{ targets: ["stationmaster:4700"] }],
      },
      ...own,
    ],
  };
}

function rules(plan: Plan, alerts: readonly Alert[]): object {
  return {
    groups: [...Map.groupBy(alerts, ({ service }) => service)].map(([service, some]) => ({
      name: service,
      rules: some.map((alert) => ({
        alert: alert.name,
        expr: alert.expr,
        for: alert.for,
        labels: { severity: alert.severity },
        annotations: {
          summary: alert.summary,
          description: `${alert.impact} Look for: ${alert.causes.join("; ")}.`,
          runbook_url: runbookUrl(alert, plan),
        },
      })),
    })),
  };
}

function tests(plan: Plan, alerts: readonly Alert[]): object {
  return {
    rule_files: [`${plan.project}.rules.yml`],
    evaluation_interval: "1m",
    tests: alerts.map((alert) => ({
      name: alert.name,
      interval: "1m",
      input_series: alert.test.series,
      alert_rule_test: [
        { eval_time: "0m", alertname: alert.name },
        {
          eval_time: alert.test.at,
          alertname: alert.name,
          exp_alerts: [
            {
              exp_labels: { ...alert.test.labels, severity: alert.severity },
              exp_annotations: annotations(alert, plan),
            },
          ],
        },
      ],
    })),
  };
}

/** As they are once the value is put in. */
function annotations(alert: Alert, plan: Plan): object {
  const value = "3s";
  return {
    summary: alert.summary.replace("{{ $value | humanizeDuration }}", value),
    description: `${alert.impact} Look for: ${alert.causes.join("; ")}.`,
    runbook_url: runbookUrl(alert, plan),
  };
}

/** What is critical pages; everything is told in the channel, once per group and four hours. */
function routing(): object {
  return {
    route: {
      receiver: "channel",
      group_by: ["alertname", "service"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: [{ matchers: ['severity="critical"'], receiver: "page", continue: true }, { receiver: "channel" }],
    },
    // What follows from a service that is down is not told beside it.
    inhibit_rules: [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ["service", "environment"],
      },
    ],
    receivers: [
      {
        name: "page",
        pagerduty_configs: [{ routing_key_file: "/etc/alertmanager/secrets/pagerduty-key", send_resolved: true }],
      },
      {
        name: "channel",
        slack_configs: [
          {
            api_url_file: "/etc/alertmanager/secrets/slack-url",
            channel: "#alerts",
            send_resolved: true,
            title: "{{ .CommonAnnotations.summary }}",
            text: "{{ .CommonAnnotations.description }}\n{{ .CommonAnnotations.runbook_url }}",
          },
        ],
      },
    ],
  };
}
