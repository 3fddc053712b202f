import type { Plan } from "./plan.ts";

/** What an alert asks, and the series of a test that raises it. */
interface Question {
  expr: string;
  series: { series: string; values: string }[];
  labels: Record<string, string>;
}

/** What is asked about a service: of the daemon where Stationmaster runs it, elsewhere of probes from outside. */
interface AlertSeries {
  down: Question;
  slow: Question;
  /** More than a share of all failed, in a long and in a short window. */
  fails(share: string, long: string, short: string): Question;
}

/** Whether Stationmaster runs production, and its daemon exports what it sees. */
export function isWatched({ target }: Pick<Plan, "target">): boolean {
  return target === "compose";
}

/** The series of a service by what watches it. */
export function seriesOf(name: string, plan: Pick<Plan, "target">): AlertSeries {
  return isWatched(plan) ? ofDaemon(name) : ofProbes(name);
}

function ofDaemon(name: string): AlertSeries {
  const of = `service="${name}"`;
  const labels = { environment: "production", service: name };
  const counted = (outcomes: string, window: string) =>
    `sum by (service, environment) (increase(stationmaster_check_results_total{${of}, outcome=~"${outcomes}"}[${window}]))`;
  const results = (outcome: string, values: string) => ({
    series: `stationmaster_check_results_total{${of}, environment="production", outcome="${outcome}"}`,
    values,
  });
  return {
    down: {
      expr: `stationmaster_service_up{${of}} == 0`,
      series: [{ series: `stationmaster_service_up{${of}, environment="production"}`, values: "0x10" }],
      labels,
    },
    slow: {
      expr: `stationmaster_check_p95_seconds{${of}} > 1`,
      series: [
        { series: `stationmaster_check_p95_seconds{check="${name}", ${of}, environment="production"}`, values: "3x30" },
      ],
      labels: { check: name, ...labels },
    },
    fails(share, long, short) {
      const ratio = (window: string) => `${counted("fail", window)} / ${counted("ok|slow|fail", window)} > ${share}`;
      // A handful of runs is no proof.
      const enough = [`${counted("ok|slow|fail", long)} >= 30`, `${counted("fail", short)} >= 2`];
      return {
        expr: [ratio(long), ratio(short), ...enough].join("\nand "),
        series: [results("fail", "0+6x90"), results("ok", "0+6x90")],
        labels,
      };
    },
  };
}

/** As the exporter for probes calls them. */
function ofProbes(name: string): AlertSeries {
  const of = `{service="${name}"}`;
  const labels = { environment: "production", service: name };
  const given = (series: string, values: string) => [
    { series: `${series}{service="${name}", environment="production"}`, values },
  ];
  return {
    down: { expr: `probe_success${of} == 0`, series: given("probe_success", "0x10"), labels },
    slow: {
      expr: `quantile_over_time(0.95, probe_duration_seconds${of}[10m]) > 1`,
      series: given("probe_duration_seconds", "3x30"),
      labels,
    },
    fails(share, long, short) {
      const over = (how: string, window: string) => `${how}_over_time(probe_success${of}[${window}])`;
      const ratio = (window: string) => `1 - ${over("avg", window)} > ${share}`;
      const enough = [`${over("count", long)} >= 30`, `${over("count", short)} - ${over("sum", short)} >= 2`];
      return {
        expr: [ratio(long), ratio(short), ...enough].join("\nand "),
        series: given("probe_success", "0x90"),
        labels,
      };
    },
  };
}
