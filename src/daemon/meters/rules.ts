import { stringify } from "yaml";

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  severity: "critical" | "warning" | "info";
  summary: string;
}

/** The share of runs that may fail: 99.9 % pass. */
const BUDGET = 0.001;

function failing(window: string): string {
  return `sum by (service, environment) (increase(stationmaster_check_results_total{outcome="fail"}[${window}]))`;
}

function known(window: string): string {
  return `sum by (service, environment) (increase(stationmaster_check_results_total{outcome=~"ok|slow|fail"}[${window}]))`;
}

/** The budget of 30 days goes `rate` times too fast, in a long and a short window; a handful of runs is no proof. */
function burns(rate: number, long: string, short: string): string {
  return [
    `${failing(long)} / ${known(long)} > ${rate} * ${BUDGET}`,
    `${failing(short)} / ${known(short)} > ${rate} * ${BUDGET}`,
    `${known(long)} >= 30`,
    `${failing(long)} >= 3`,
    `${failing(short)} >= 2`,
  ].join("\nand ");
}

const RULES: readonly Rule[] = [
  {
    alert: "StationmasterAbsent",
    expr: "absent(stationmaster_build_info)",
    for: "5m",
    severity: "critical",
    summary: "No daemon of Stationmaster is scraped: nobody watches",
  },
  {
    alert: "StationmasterCheckDown",
    expr: "stationmaster_check_up == 0",
    for: "5m",
    severity: "critical",
    summary: "{{ $labels.check }} is down",
  },
  {
    alert: "StationmasterBlind",
    // NaN is the one value that differs from itself.
    expr: "stationmaster_check_up != stationmaster_check_up",
    for: "10m",
    severity: "warning",
    summary: "Nothing is known of {{ $labels.check }}",
  },
  {
    alert: "StationmasterCertificateEnds",
    expr: "stationmaster_cert_expiry_timestamp_seconds - time() < 14 * 86400",
    for: "1h",
    severity: "warning",
    summary: "The certificate that {{ $labels.check }} sees ends in {{ $value | humanizeDuration }}",
  },
  {
    alert: "StationmasterCertificateEndsSoon",
    expr: "stationmaster_cert_expiry_timestamp_seconds - time() < 2 * 86400",
    severity: "critical",
    summary: "The certificate that {{ $labels.check }} sees ends in {{ $value | humanizeDuration }}",
  },
  {
    alert: "StationmasterFastBurn",
    expr: burns(14.4, "1h", "5m"),
    severity: "critical",
    summary: "Checks of {{ $labels.service }} fail 14.4 times as often as 99.9 % allows",
  },
  {
    alert: "StationmasterSlowBurn",
    expr: burns(6, "6h", "30m"),
    severity: "warning",
    summary: "Checks of {{ $labels.service }} fail 6 times as often as 99.9 % allows",
  },
  {
    alert: "StationmasterMessagesWait",
    expr: "stationmaster_outbox_oldest_seconds > 300",
    for: "1m",
    severity: "critical",
    summary: "A message waits for {{ $value | humanizeDuration }}: a channel does not take it",
  },
  {
    alert: "StationmasterRunsLate",
    expr: "histogram_quantile(0.99, sum by (le, instance) (rate(stationmaster_scheduler_lateness_seconds_bucket[5m]))) > 1",
    for: "10m",
    severity: "warning",
    summary: "Checks begin {{ $value | humanizeDuration }} late",
  },
];

/** Alerting rules for Prometheus about what `/metrics` says, as the text of a rules file. */
export function prometheusRules(): string {
  const rules = RULES.map(({ alert, expr, for: lasting, severity, summary }) => ({
    alert,
    expr,
    ...(lasting === undefined ? {} : { for: lasting }),
    labels: { severity },
    annotations: { summary },
  }));
  return stringify({ groups: [{ name: "stationmaster", rules }] }, { lineWidth: 0 });
}
