import { isWatched, seriesOf } from "./alert-series.ts";
import type { Plan, PlannedService } from "./plan.ts";

/** One alert in the words of every tool that can raise it, and what one does about it. */
export interface Alert {
  /** `ApiDown`: unique. */
  name: string;
  service: string;
  severity: "critical" | "warning";
  /** PromQL. */
  expr: string;
  for: string;
  summary: string;
  /** What people see while it lasts. */
  impact: string;
  /** What it is mostly caused by, the likeliest first. */
  causes: string[];
  /** Series of a unit test that raises it: sampled each minute from 0. */
  test: { series: { series: string; values: string }[]; at: string; labels: Record<string, string> };
}

/** Of requests and checks 99.9 % are to succeed. */
const BUDGET = 0.001;
const WINDOWS = [
  {
    suffix: "FastBurn",
    rate: 14.4,
    long: "1h",
    short: "5m",
    for: "2m",
    severity: "critical",
    words: "14.4 times as fast as 99.9 % allows: the budget of 30 days is gone in two days",
  },
  {
    suffix: "SlowBurn",
    rate: 6,
    long: "6h",
    short: "30m",
    for: "15m",
    severity: "warning",
    words: "6 times as fast as 99.9 % allows: the budget of 30 days is gone in five days",
  },
] as const;

/** Alerts about each service, of series that the daemon exports for it or probes tell of it, and of those that its code is known to export. */
export function alertsOf(plan: Plan): Alert[] {
  const title = titles();
  return plan.services
    .filter(({ role }) => role === "http" || role === "static" || role === "worker")
    .flatMap((service) => serviceAlerts(service, plan, title(service.name)));
}

function serviceAlerts(service: PlannedService, plan: Plan, title: string): Alert[] {
  const { name, critical, port } = service;
  const stores = plan.stores
    .filter((store) => service.stores.includes(store.name))
    .map((store) => `${store.name} (${store.kind}) does not answer`);
  const causes = ["the newest release is broken", ...stores, "it runs out of memory and is ended by the system"];
  // From outside nobody can ask what listens on no port.
  if (port === null && !isWatched(plan)) return [];
  const asked = seriesOf(name, plan);
  const down: Alert = {
    name: `${title}Down`,
    service: name,
    severity: critical ? "critical" : "warning",
    expr: asked.down.expr,
    for: "2m",
    summary: `${name} is down`,
    impact: port === null ? `Work of ${name} piles up.` : `Requests to ${name} fail.`,
    causes,
    test: { series: asked.down.series, at: "5m", labels: asked.down.labels },
  };
  if (port === null) return [down];
  return [
    down,
    ...WINDOWS.map((window) => burn(service, title, window, { causes, asked })),
    {
      name: `${title}Slow`,
      service: name,
      severity: "warning",
      expr: asked.slow.expr,
      for: "10m",
      summary: `${name} answers slowly: p95 of its checks is {{ $value | humanizeDuration }}`,
      impact: "Pages load slowly; requests with short limits fail.",
      causes: ["a query without an index", "more requests than the replicas can take", ...stores],
      test: { series: asked.slow.series, at: "15m", labels: asked.slow.labels },
    },
    ...(service.metrics ? [scrape(service, title)] : []),
  ];
}

/** Multi-window burn rate: the long window shows that it matters, the short one that it still lasts. */
function burn(
  { name }: PlannedService,
  title: string,
  { suffix, rate, long, short, for: lasting, severity, words }: (typeof WINDOWS)[number],
  { causes, asked }: { causes: string[]; asked: ReturnType<typeof seriesOf> },
): Alert {
  const { expr, series, labels } = asked.fails(`${rate} * ${BUDGET}`, long, short);
  return {
    name: `${title}${suffix}`,
    service: name,
    severity,
    expr,
    for: lasting,
    summary: `${name} fails ${words}`,
    impact: "Some requests fail, now and again or for some people.",
    causes,
    test: { series, at: "80m", labels },
  };
}

/** Its own metrics are gone: whatever is decided by them is blind. */
function scrape({ name, metrics }: PlannedService, title: string): Alert {
  return {
    name: `${title}MetricsAbsent`,
    service: name,
    severity: "warning",
    expr: `up{job="${name}"} == 0`,
    for: "5m",
    summary: `The metrics of ${name} at ${metrics?.path} cannot be read`,
    impact: "Dashboards and alerts of its own metrics show nothing.",
    causes: ["the path or port of the metrics changed", "a network policy keeps Prometheus away", `${name} is down`],
    test: {
      series: [{ series: `up{job="${name}", instance="${name}:80"}`, values: "0x15" }],
      at: "10m",
      labels: { instance: `${name}:80`, job: name },
    },
  };
}

/** `shop-api` as ShopApi; where `shopapi` is another service, the second of them is counted. */
function titles(): (name: string) => string {
  const used = new Set<string>();
  return (name) => {
    const title = name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    let chosen = title;
    for (let count = 2; used.has(chosen.toLowerCase()); count++) chosen = `${title}No${count}`;
    used.add(chosen.toLowerCase());
    return chosen;
  };
}

/** Where the page about an alert lies. */
export function runbookPath({ name }: Pick<Alert, "name">): string {
  return `docs/runbooks/${name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase()}.md`;
}

/** The page as a link that works from a pager. */
export function runbookUrl(alert: Alert, { repository, defaultBranch }: Plan): string {
  const path = runbookPath(alert);
  return repository ? `https://github.com/${repository}/blob/${defaultBranch}/${path}` : path;
}
