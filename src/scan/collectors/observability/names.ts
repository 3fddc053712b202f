import { JVM, SCRIPT, type Sign } from "../../signs.ts";

/** How the names of a language's library become those that Prometheus sees. */
type Exported = (match: RegExpExecArray) => string[];

const name = (match: RegExpExecArray) => (match[1] ? [match[1]] : []);
const dotted = (text: string) => text.replace(/[^\w:]/g, "_").toLowerCase();
const total = (text: string) => (text.endsWith("_total") ? text : `${text}_total`);
const always =
  (...names: string[]): Exported =>
  () =>
    names;

const PROCESS = ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"];

/** Where metrics are made, with the names they are exported under. */
export const METRICS: readonly Sign<Exported>[] = [
  {
    in: SCRIPT,
    has: "prom",
    pattern:
      /\bnew\s+(?:[\w$]+\.)?(?:Counter|Gauge|Histogram|Summary)\s*(?:<[^>]*>)?\(\s*\{[^{}]*?\bname\s*:\s*["'`]([a-zA-Z_:][\w:]*)["'`]/g,
    value: name,
  },
  {
    in: SCRIPT,
    has: "nestjs-prometheus",
    pattern:
      /\bmake(?:Counter|Gauge|Histogram|Summary)Provider\s*\(\s*\{[^{}]*?\bname\s*:\s*["'`]([a-zA-Z_:][\w:]*)["'`]/g,
    value: name,
  },
  {
    in: SCRIPT,
    has: "collectDefaultMetrics",
    pattern: /\bcollectDefaultMetrics\s*\(/g,
    of: "bare",
    value: always(...PROCESS, "nodejs_eventloop_lag_seconds", "nodejs_heap_size_used_bytes"),
  },
  {
    in: SCRIPT,
    has: "express-prom-bundle",
    pattern: /["']express-prom-bundle["']/g,
    value: always("http_request_duration_seconds"),
  },
  {
    in: SCRIPT,
    has: "fastify-metrics",
    pattern: /["']fastify-metrics["']/g,
    value: always("http_request_duration_seconds", ...PROCESS),
  },
  {
    in: "py",
    has: "prometheus_client",
    pattern: /\bCounter\s*\(\s*(?:name\s*=\s*)?["']([a-zA-Z_:][\w:]*)["']/g,
    value: (match) => name(match).map(total),
  },
  {
    in: "py",
    has: "prometheus_client",
    pattern: /\b(?:Gauge|Histogram|Summary)\s*\(\s*(?:name\s*=\s*)?["']([a-zA-Z_:][\w:]*)["']/g,
    value: name,
  },
  {
    in: "py",
    has: "prometheus_client",
    pattern: /\b(?:generate_latest|make_asgi_app|make_wsgi_app|start_http_server)\s*\(/g,
    of: "bare",
    value: always(...PROCESS),
  },
  {
    in: "py",
    has: "prometheus_fastapi_instrumentator",
    pattern: /\bInstrumentator\s*\(/g,
    of: "bare",
    value: always("http_requests_total", "http_request_duration_seconds", ...PROCESS),
  },
  {
    in: "py",
    has: "prometheus_flask_exporter",
    pattern: /\bPrometheusMetrics\s*\(/g,
    of: "bare",
    value: always("flask_http_request_duration_seconds", "flask_http_request_total", ...PROCESS),
  },
  {
    in: "py",
    has: "django_prometheus.urls",
    pattern: /["']django_prometheus\.urls["']/g,
    value: always(
      "django_http_requests_latency_seconds_by_view_method",
      "django_http_responses_total_by_status_total",
      ...PROCESS,
    ),
  },
  {
    in: "go",
    has: "prometheus",
    pattern: /\b(?:Counter|Gauge|Histogram|Summary)Opts\s*\{([^{}]*)\}/g,
    value: ([, body = ""]) => {
      const part = (key: string) => new RegExp(`\\b${key}\\s*:\\s*"([\\w:]+)"`).exec(body)?.[1];
      const own = part("Name");
      return own === undefined ? [] : [[part("Namespace"), part("Subsystem"), own].filter(Boolean).join("_")];
    },
  },
  {
    in: "go",
    has: "promhttp",
    pattern: /\bpromhttp\.Handler\s*\(\s*\)/g,
    of: "bare",
    value: always("go_goroutines", "go_memstats_alloc_bytes", ...PROCESS),
  },
  {
    in: "rs",
    has: "prometheus",
    pattern: /\bregister_\w*(?:counter|gauge|histogram)\w*!\s*\(\s*"([a-zA-Z_:][\w:]*)"/g,
    value: name,
  },
  { in: "rs", has: "prometheus", pattern: /\b(?:Opts|HistogramOpts)::new\s*\(\s*"([a-zA-Z_:][\w:]*)"/g, value: name },
  { in: "rs", has: "metrics", pattern: /\b(?:counter|gauge|histogram)!\s*\(\s*"([a-zA-Z_:][\w:]*)"/g, value: name },
  {
    in: JVM,
    has: "micrometer",
    pattern: /\bCounter\.builder\s*\(\s*"([\w.-]+)"|\.counter\s*\(\s*"([\w.-]+)"/g,
    value: ([, a, b]) => [total(dotted(a ?? b ?? ""))],
  },
  {
    in: JVM,
    has: "micrometer",
    pattern:
      /\bTimer\.builder\s*\(\s*"([\w.-]+)"|\.timer\s*\(\s*"([\w.-]+)"|@Timed\s*\(\s*(?:value\s*=\s*)?"([\w.-]+)"/g,
    value: ([, a, b, c]) => [`${dotted(a ?? b ?? c ?? "")}_seconds`],
  },
  {
    in: JVM,
    has: "micrometer",
    pattern: /\b(?:Gauge|DistributionSummary)\.builder\s*\(\s*"([\w.-]+)"|\.gauge\s*\(\s*"([\w.-]+)"/g,
    value: ([, a, b]) => [dotted(a ?? b ?? "")],
  },
  {
    in: "cs fs",
    has: "Metrics",
    pattern: /\bMetrics\s*\.\s*Create(?:Counter|Gauge|Histogram|Summary)\s*\(\s*"([a-zA-Z_:][\w:]*)"/g,
    value: name,
  },
  {
    in: "cs fs",
    has: "UseHttpMetrics",
    pattern: /\.UseHttpMetrics\s*\(/g,
    of: "bare",
    value: always("http_request_duration_seconds", "http_requests_received_total"),
  },
  {
    in: "rb",
    has: "Prometheus::Client",
    pattern: /\bPrometheus::Client::(?:Counter|Gauge|Histogram|Summary)\.new\s*\(\s*:(\w+)/g,
    value: name,
  },
];

/** What a package exports without a word of code, by its name in Maven. */
export const BUILT_IN_METRICS = [
  "http_server_requests_seconds",
  "jvm_memory_used_bytes",
  "process_cpu_usage",
  "process_files_open_files",
];
