import { yamlText } from "../../../formats/write-yaml.ts";
import { isWatched } from "../../alert-series.ts";
import { type Alert, alertsOf, runbookUrl } from "../../alerts.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { runbooks } from "../runbooks/kind.ts";
import { hostOf, projectSlug } from "../terraform/naming.ts";

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
      { ...file("prometheus.yml", settings(plan), "what is read, and where alerts go"), notes: notes(plan) },
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
  const own = plan.services.flatMap((service) => {
    const { name, metrics, port } = service;
    if (!metrics || port === null) return [];
    const target = metricsTarget(service, plan);
    return [
      {
        job_name: name,
        metrics_path: metrics.path,
        static_configs: [{ targets: [target], labels: { service: name } }],
      },
    ];
  });
  return {
    global: { scrape_interval: "15s", evaluation_interval: "15s" },
    rule_files: ["rules/*.rules.yml"],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ["alertmanager:9093"] }] }] },
    scrape_configs: [isWatched(plan) ? daemonJob() : probeJob(plan), ...own],
  };
}

function daemonJob(): object {
  return {
    job_name: "stationmaster",
    authorization: { credentials_file: "/etc/prometheus/secrets/stationmaster-token" },
    static_configs: [{ targets: ["stationmaster:4700"] }],
  };
}

/** Asks the addresses of production from outside, by the exporter for that. */
function probeJob(plan: Plan): object {
  return {
    job_name: "probes",
    scrape_interval: "30s",
    metrics_path: "/probe",
    params: { module: ["http_2xx"] },
    static_configs: probed(plan).map((service) => ({
      targets: [addressOf(service, plan)],
      labels: { service: service.name, environment: "production" },
    })),
    relabel_configs: [
      { source_labels: ["__address__"], target_label: "__param_target" },
      { source_labels: ["__param_target"], target_label: "instance" },
      { target_label: "__address__", replacement: "blackbox-exporter:9115" },
    ],
  };
}

function probed({ services }: Plan): PlannedService[] {
  return services.filter(({ role, port }) => (role === "http" || role === "static") && port !== null);
}

/** Where users reach a service; a domain that nobody has said is one that nobody has. */
function addressOf(service: PlannedService, plan: Plan): string {
  const host = hostOf(service, plan).replace("${var.domain}", plan.domain ?? `${projectSlug(plan)}.example.com`);
  return `https://${host}${service.role === "static" ? "/" : (service.health ?? "/")}`;
}

/** Inside of where it runs. */
function metricsTarget({ name, port }: PlannedService, plan: Plan): string {
  if (plan.target === "kubernetes") return `${name}.${projectSlug(plan)}-production.svc:80`;
  return plan.target === "railway" ? `${name}.railway.internal:${port}` : `${name}:${port}`;
}

/** What has to run beside these files. */
function notes(plan: Plan): string[] {
  const watched = isWatched(plan)
    ? "the alerts ask the series of Stationmaster's daemon: run it where it reaches production (`stationmaster up` with the manifest that has its environments), and put its address in the place of stationmaster:4700 in prometheus.yml; compose.yaml has neither it nor Prometheus nor Alertmanager"
    : "the alerts ask series of probes from outside: run Prometheus, Alertmanager and blackbox_exporter (its module http_2xx), and put their addresses in the place of alertmanager:9093 and blackbox-exporter:9115";
  const address =
    !isWatched(plan) && probed(plan).length > 0
      ? [
          `prometheus.yml asks ${probed(plan)
            .map((service) => addressOf(service, plan))
            .join(
              ", ",
            )}: change what is called otherwise${plan.domain === null ? ", or say `generate.domain` in stationmaster.yaml" : ""}`,
        ]
      : [];
  const silent = plan.services.filter(({ role, port }) => port === null && role === "worker").map(({ name }) => name);
  return [
    watched,
    ...address,
    ...(!isWatched(plan) && silent.length > 0
      ? [
          `no alert is written for ${silent.join(", ")}, which nobody can ask from outside: ${plan.target} itself tells whether it runs`,
        ]
      : []),
  ];
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
