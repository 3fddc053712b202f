import { isWatched } from "../../alert-series.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { dashboard, type Panel } from "./panels.ts";

const FOLDER = "observability/grafana/dashboards";
const LONGEST_UID = 40;
/** Names that libraries translate before they export them are not known as series. */
const SERIES = /^[A-Za-z_:][\w:]*$/;
const ENVIRONMENT = 'environment=~"$environment"';

/** Dashboards of the application, of what it runs on, and of its stores: series of the daemon, and those the code is known to export. */
export const grafana: Kind = {
  id: "grafana",
  title: "Grafana dashboards",
  wanted: () => true,
  render(plan) {
    const served = plan.services.filter(({ role }) => role !== "cron" && role !== "job");
    if (served.length === 0) return [];
    return [
      {
        ...file(plan, "application", "Application", [...overview(plan), ...served.flatMap(servicePanels)]),
        notes: isWatched(plan)
          ? []
          : [
              "panels of checks, incidents and releases show the series of Stationmaster's daemon: they are empty where none watches production by `checks` of its manifest",
            ],
      },
      file(plan, "infrastructure", "Infrastructure", infrastructure()),
      ...(plan.stores.length > 0 ? [file(plan, "database", "Database", databases(plan))] : []),
    ];
  },
};

function file({ project }: Plan, name: string, title: string, panels: readonly Panel[]): GeneratedFile {
  const data = dashboard({
    // Grafana takes 40 characters; what tells the dashboards apart is at the end.
    uid: `${project.slice(0, LONGEST_UID - name.length - 1)}-${name}`,
    title: `${project}: ${title}`,
    tags: [project, "stationmaster"],
    panels,
  });
  return {
    path: `${FOLDER}/${name}.json`,
    text: `${JSON.stringify(data, null, 2)}\n`,
    ownership: "managed",
    why: `dashboard: ${title.toLowerCase()}`,
  };
}

function overview({ services }: Plan): Panel[] {
  const ups = services
    .filter(({ role }) => role !== "cron" && role !== "job")
    .map(
      ({ name }): Panel => ({
        title: `${name} up`,
        kind: "stat",
        unit: "none",
        description: `1 while the checks of ${name} pass, 0 while it is down.`,
        queries: [
          [`min by (environment) (stationmaster_service_up{service="${name}", ${ENVIRONMENT}})`, "{{environment}}"],
        ],
        bad: 1,
        lowIsBad: true,
      }),
    );
  return [
    ...ups,
    {
      title: "Open incidents",
      kind: "stat",
      unit: "short",
      description: "By severity.",
      queries: [["sum by (severity) (stationmaster_incidents_open)", "{{severity}}"]],
      bad: 1,
    },
  ];
}

function servicePanels({ name, port, metrics }: PlannedService): Panel[] {
  if (port === null) return [];
  const of = `service="${name}", ${ENVIRONMENT}`;
  return [
    {
      title: `${name}: share of failed checks`,
      kind: "timeseries",
      unit: "percentunit",
      description: "Of the checks of the last five minutes that got an answer or none.",
      queries: [
        [
          `sum by (environment) (rate(stationmaster_check_results_total{${of}, outcome="fail"}[5m])) / sum by (environment) (rate(stationmaster_check_results_total{${of}, outcome=~"ok|slow|fail"}[5m]))`,
          "{{environment}}",
        ],
      ],
      bad: 0.01,
    },
    {
      title: `${name}: time to answer`,
      kind: "timeseries",
      unit: "s",
      description: "As the checks see it: median, p95, p99.",
      queries: [0.5, 0.95, 0.99].map((share) => [
        `histogram_quantile(${share}, sum by (le) (rate(stationmaster_check_duration_seconds_bucket{${of}}[5m])))`,
        `p${share * 100}`,
      ]),
      bad: 1,
    },
    ...(metrics ? metrics.names.filter((metric) => SERIES.test(metric)).map((metric) => ownPanel(name, metric)) : []),
  ];
}

/** A metric of the application itself: its name says what it is, as the conventions of Prometheus have it. */
function ownPanel(job: string, metric: string): Panel {
  const of = `{job="${job}"}`;
  if (metric.endsWith("_seconds"))
    return {
      title: `${job}: ${metric}`,
      kind: "timeseries",
      unit: "s",
      description: "p95 of the histogram that the application exports; of other kinds of metrics the largest value.",
      queries: [
        [`histogram_quantile(0.95, sum by (le) (rate(${metric}_bucket${of}[5m]))) or max(${metric}${of})`, "p95"],
      ],
    };
  const counted = metric.endsWith("_total");
  return {
    title: `${job}: ${metric}`,
    kind: "timeseries",
    unit: metric.endsWith("_bytes") ? "bytes" : "short",
    description: counted ? "Per second, over five minutes." : "As the application exports it.",
    queries: [[counted ? `sum(rate(${metric}${of}[5m]))` : `sum(${metric}${of})`, metric]],
  };
}

function infrastructure(): Panel[] {
  return [
    {
      title: "Checks that are down",
      kind: "table",
      unit: "none",
      description: "Every check that fails now.",
      queries: [[`stationmaster_check_up{${ENVIRONMENT}} == 0`, "{{check}}"]],
    },
    {
      title: "Certificates end in",
      kind: "timeseries",
      unit: "s",
      description: "Time until the chain that each check sees ends.",
      queries: [[`stationmaster_cert_expiry_timestamp_seconds{${ENVIRONMENT}} - time()`, "{{check}}"]],
      bad: 1_209_600,
      lowIsBad: true,
    },
    {
      title: "Where the time of checks goes",
      kind: "timeseries",
      unit: "s",
      description: "p95 of each phase: resolving the name, connecting, TLS, waiting, transfer.",
      queries: [
        [
          `histogram_quantile(0.95, sum by (le, phase) (rate(stationmaster_check_phase_seconds_bucket{${ENVIRONMENT}}[5m])))`,
          "{{phase}}",
        ],
      ],
    },
    {
      title: "Rollouts that ended, by how",
      kind: "timeseries",
      unit: "short",
      description: "Per day.",
      queries: [["sum by (state) (increase(stationmaster_rollouts_total[1d]))", "{{state}}"]],
    },
    {
      title: "Restarts left",
      kind: "timeseries",
      unit: "short",
      description: "How often a service may still be restarted by itself before people are called.",
      queries: [["stationmaster_heal_restarts_left", "{{service}}"]],
      bad: 1,
      lowIsBad: true,
    },
    {
      title: "Messages that wait",
      kind: "timeseries",
      unit: "s",
      description: "Age of the oldest message that no channel took yet.",
      queries: [["stationmaster_outbox_oldest_seconds", "oldest"]],
      bad: 300,
    },
  ];
}

/** Checks of the kind of a store: what the daemon measures by itself, without an exporter. */
function databases({ stores }: Plan): Panel[] {
  const types = [
    ...new Set(stores.map(({ kind }) => (kind === "redis" ? "redis" : kind === "postgres" ? "postgres" : "tcp"))),
  ].sort();
  return types.flatMap((type): Panel[] => {
    const of = `type="${type}", ${ENVIRONMENT}`;
    return [
      {
        title: `${type}: time to answer`,
        kind: "timeseries",
        unit: "s",
        description: `Checks of the kind ${type} of the manifest: median and p95.`,
        queries: [0.5, 0.95].map((share) => [
          `histogram_quantile(${share}, sum by (le) (rate(stationmaster_check_duration_seconds_bucket{${of}}[5m])))`,
          `p${share * 100}`,
        ]),
        bad: 0.5,
      },
      {
        title: `${type}: failures by class`,
        kind: "timeseries",
        unit: "short",
        description: "How checks fail: refused, timed out, wrong password, too many connections.",
        queries: [
          [`sum by (class) (increase(stationmaster_check_results_total{${of}, outcome="fail"}[5m]))`, "{{class}}"],
        ],
        bad: 1,
      },
    ];
  });
}
