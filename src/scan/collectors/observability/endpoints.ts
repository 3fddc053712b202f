import type { Ecosystem } from "../../declared/dependency.ts";
import { SCRIPT, type Sign } from "../../signs.ts";

/** Words that make a library answer with metrics by itself; the first group, if any, is the path. */
export const ENDPOINTS: readonly Sign<string>[] = [
  {
    in: SCRIPT,
    has: "express-prom-bundle",
    pattern: /["']express-prom-bundle["'](?:[\s\S]{0,2000}?\bmetricsPath\s*:\s*["']([^"']+)["'])?/g,
    value: "/metrics",
  },
  {
    in: SCRIPT,
    has: "fastify-metrics",
    pattern: /["']fastify-metrics["'](?:[\s\S]{0,2000}?\bendpoint\s*:\s*["']([^"']+)["'])?/g,
    value: "/metrics",
  },
  {
    in: SCRIPT,
    has: "PrometheusModule",
    pattern: /\bPrometheusModule\.register(?:Async)?\s*\((?:[\s\S]{0,400}?\bpath\s*:\s*["']([^"']+)["'])?/g,
    value: "/metrics",
  },
  {
    in: SCRIPT,
    has: "PrometheusExporter",
    pattern: /\bnew\s+PrometheusExporter\s*\((?:[\s\S]{0,400}?\bendpoint\s*:\s*["']([^"']+)["'])?/g,
    value: "/metrics",
  },
  {
    in: "py",
    has: "instrumentator",
    pattern: /\.expose\s*\((?:[^)]*?\bendpoint\s*=\s*["']([^"']+)["'])?/g,
    value: "/metrics",
  },
  { in: "py", has: "start_http_server", pattern: /\bstart_(?:http|wsgi)_server\s*\(/g, value: "/metrics", of: "bare" },
  {
    in: "py",
    has: "prometheus_flask_exporter",
    pattern: /\b\w*PrometheusMetrics(?:\.for_app_factory)?\s*\((?:[^)]*?\bpath\s*=\s*["']([^"']+)["'])?/g,
    value: "/metrics",
  },
  { in: "py", has: "django_prometheus.urls", pattern: /["']django_prometheus\.urls["']/g, value: "/metrics" },
  { in: "py", has: "make_asgi_app", pattern: /\.mount\s*\(\s*["']([^"']+)["'][^)]*metrics/g, value: "/metrics" },
  { in: "go", has: "ginprometheus", pattern: /\bginprometheus\.NewPrometheus\s*\(/g, value: "/metrics", of: "bare" },
  { in: "go", has: "fiberprometheus", pattern: /\.RegisterAt\s*\(\s*\w+\s*,\s*"([^"]+)"/g, value: "/metrics" },
  {
    in: "rs",
    has: "actix_web_prom",
    pattern: /\bPrometheusMetricsBuilder::new\b(?:[\s\S]{0,300}?\.endpoint\s*\(\s*"([^"]+)")?/g,
    value: "/metrics",
  },
  { in: "cs fs", has: "MapMetrics", pattern: /\.MapMetrics\s*\(\s*(?:"([^"]+)")?/g, value: "/metrics" },
  { in: "cs fs", has: "UseMetricServer", pattern: /\.UseMetricServer\s*\(\s*(?:"([^"]+)")?/g, value: "/metrics" },
  {
    in: "cs fs",
    has: "PrometheusScrapingEndpoint",
    pattern: /\.(?:Map|Use)(?:OpenTelemetry)?PrometheusScrapingEndpoint\s*\(\s*(?:"([^"]+)")?/g,
    value: "/metrics",
  },
  {
    in: "ex exs",
    has: "PromEx.Plug",
    pattern: /\bplug\s*\(?\s*PromEx\.Plug\b(?:[^\n]*?\bpath:\s*"([^"]+)")?/g,
    value: "/metrics",
  },
  {
    in: "rb ru",
    has: "Exporter",
    pattern: /\buse\s+Prometheus::Middleware::Exporter\b(?:[^\n]*?\bpath:\s*["']([^"']+)["'])?/g,
    value: "/metrics",
  },
  {
    in: "rb ru",
    has: "Yabeda::Prometheus::Exporter",
    pattern: /\bmount\s*\(?\s*Yabeda::Prometheus::Exporter\b[^\n]*?(?:=>|\bat:)\s*["']([^"']+)["']/g,
    value: "/metrics",
  },
];

/** Packages that make or serve metrics for Prometheus; a route named so is believed where one of them is asked for. */
export const LIBRARIES: Partial<Record<Ecosystem, readonly string[]>> = {
  npm: [
    "prom-client",
    "express-prom-bundle",
    "fastify-metrics",
    "@willsoto/nestjs-prometheus",
    "@opentelemetry/exporter-prometheus",
    "@hono/prometheus",
    "elysia-prometheus",
  ],
  pypi: [
    "prometheus-client",
    "prometheus-fastapi-instrumentator",
    "django-prometheus",
    "prometheus-flask-exporter",
    "starlette-exporter",
    "starlette-prometheus",
    "opentelemetry-exporter-prometheus",
    "sanic-prometheus",
  ],
  go: ["github.com/prometheus/client_golang", "github.com/VictoriaMetrics/metrics"],
  cargo: [
    "prometheus",
    "prometheus-client",
    "metrics-exporter-prometheus",
    "axum-prometheus",
    "actix-web-prom",
    "rocket_prometheus",
  ],
  maven: [
    "io.micrometer:micrometer-registry-prometheus",
    "io.prometheus:prometheus-metrics-core",
    "io.prometheus:simpleclient",
  ],
  nuget: ["prometheus-net", "prometheus-net.aspnetcore", "opentelemetry.exporter.prometheus.aspnetcore"],
  hex: ["prom_ex", "telemetry_metrics_prometheus", "telemetry_metrics_prometheus_core", "prometheus_plugs"],
  rubygems: ["prometheus-client", "yabeda-prometheus", "prometheus_exporter"],
  packagist: ["promphp/prometheus_client_php", "spatie/laravel-prometheus", "artprima/prometheus-metrics-bundle"],
};

/** Packages that answer by themselves; `setting` has to name the endpoint where it is off by default. */
export const BUILT_IN: readonly { name: string; path: string; setting?: string }[] = [
  { name: "io.quarkus:quarkus-micrometer-registry-prometheus", path: "/q/metrics" },
  { name: "io.micronaut.micrometer:micronaut-micrometer-registry-prometheus", path: "/prometheus" },
  {
    name: "io.micrometer:micrometer-registry-prometheus",
    path: "/actuator/prometheus",
    setting: "management.endpoints.web.exposure.include",
  },
];
