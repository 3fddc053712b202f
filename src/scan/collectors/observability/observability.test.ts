import { expect, test } from "vitest";
import { memoryFiles } from "../../files.ts";
import { scanUnits } from "../../scan.ts";
import { takeSnapshot } from "../../snapshot.ts";

const npm = (...names: string[]) => ({
  "package.json": JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, "1"])) }),
});
const PY = { "requirements.txt": "prometheus-client\n" };

function factsOf(files: Record<string, string>) {
  const facts = scanUnits(takeSnapshot(memoryFiles(files))).units[0]?.facts ?? new Map();
  const told = (name: string) => {
    const fact = facts.get(name);
    return fact && `${JSON.stringify(fact.value)} ${fact.evidence[0]?.file}:${fact.evidence[0]?.line}`;
  };
  const names = [...facts.keys()].filter((id) => id.startsWith("metric.")).map((id) => id.slice("metric.".length));
  return { told, names };
}

test.each<[string, Record<string, string>, string | undefined]>([
  [
    "a route of prom-client",
    {
      ...npm("express", "prom-client"),
      "a.js": '\napp.get("/metrics", async (req, res) => res.end(await register.metrics()));',
    },
    '{"path":"/metrics"} a.js:2',
  ],
  [
    "a route without a library",
    { ...npm("express"), "a.js": 'app.get("/metrics", (req, res) => res.json(numbers));' },
    undefined,
  ],
  ["a library without a route", { ...npm("prom-client"), "a.js": "" }, undefined],
  [
    "a bundle with its own path",
    {
      ...npm("express-prom-bundle"),
      "a.js": 'const bundle = require("express-prom-bundle");\napp.use(bundle({ metricsPath: "/ops/metrics" }));',
    },
    '{"path":"/ops/metrics"} a.js:1',
  ],
  [
    "an instrumentator",
    {
      ...PY,
      "main.py":
        "from prometheus_fastapi_instrumentator import Instrumentator\nInstrumentator().instrument(app).expose(app)",
    },
    '{"path":"/metrics"} main.py:2',
  ],
  [
    "Go",
    {
      "go.mod": "module x\nrequire github.com/prometheus/client_golang v1.20.0\n",
      "main.go": 'package main\nfunc main() {\n\thttp.Handle("/metrics", promhttp.Handler())\n}',
    },
    '{"path":"/metrics"} main.go:3',
  ],
  [
    "prometheus-net",
    { "a.csproj": "<Project/>", "Program.cs": "app.MapMetrics();" },
    '{"path":"/metrics"} Program.cs:1',
  ],
  [
    "PromEx",
    { "mix.exs": "", "lib/a/endpoint.ex": "defmodule E do\n  plug PromEx.Plug, prom_ex_module: A.PromEx\nend" },
    '{"path":"/metrics"} lib/a/endpoint.ex:2',
  ],
])("%s: metrics", (_, files, expected) => {
  expect(factsOf(files).told("metrics")).toBe(expected);
});

const REGISTRY =
  "<project><dependencies><dependency><groupId>io.micrometer</groupId><artifactId>micrometer-registry-prometheus</artifactId></dependency></dependencies></project>";

test("a registry of Micrometer is open only where the settings name it", () => {
  const settings = {
    "src/main/resources/application.properties": "management.endpoints.web.exposure.include=health,prometheus",
  };
  expect(factsOf({ "pom.xml": REGISTRY }).told("metrics")).toBeUndefined();
  expect(factsOf({ "pom.xml": REGISTRY, ...settings }).told("metrics")).toBe(
    '{"path":"/actuator/prometheus"} pom.xml:1',
  );
});

test.each<[string, Record<string, string>, string[]]>([
  [
    "prom-client",
    {
      ...npm("prom-client"),
      "a.ts":
        'import client from "prom-client";\nnew client.Counter({ name: "orders_total", help: "x" });\nnew Histogram({\n  help: "y",\n  name: "order_seconds",\n});',
    },
    ["orders_total", "order_seconds"],
  ],
  [
    "a counter of Python",
    {
      ...PY,
      "m.py":
        'from prometheus_client import Counter, Gauge\nC = Counter("orders", "x")\nG = Gauge("queue_length", "y")',
    },
    ["orders_total", "queue_length"],
  ],
  ["a counter of a collection", { ...PY, "m.py": 'from collections import Counter\nCounter("abc")' }, []],
  [
    "parts of a name in Go",
    {
      "go.mod": "module x",
      "m.go":
        'package m\nvar c = prometheus.NewCounter(prometheus.CounterOpts{\n\tNamespace: "shop",\n\tName: "orders_total",\n})',
    },
    ["shop_orders_total"],
  ],
  [
    "Micrometer",
    {
      "pom.xml": "<project/>",
      "A.java":
        'import io.micrometer.core.instrument.*;\nclass A { Counter c = Counter.builder("orders.placed").register(r); Timer t = r.timer("order.time"); }',
    },
    ["orders_placed_total", "order_time_seconds"],
  ],
  [
    "defaults",
    { ...npm("prom-client"), "a.js": "collectDefaultMetrics();" },
    [
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "process_open_fds",
      "nodejs_eventloop_lag_seconds",
      "nodejs_heap_size_used_bytes",
    ],
  ],
])("%s: names of metrics", (_, files, expected) => {
  expect(factsOf(files).names).toEqual(expected);
});

test.each<[string, Record<string, string>, string | undefined]>([
  ["pino", { ...npm("pino"), "a.js": 'const log = require("pino")();' }, '{"library":"pino","json":true} a.js:1'],
  [
    "winston with words",
    { ...npm("winston"), "a.js": "// winston\nwinston.createLogger({ format: winston.format.simple() });" },
    '{"library":"winston","json":false} a.js:2',
  ],
  [
    "structlog",
    { ...PY, "l.py": "structlog.configure(processors=[structlog.processors.JSONRenderer()])" },
    '{"library":"structlog","json":true} l.py:1',
  ],
  [
    "plain logging",
    { ...PY, "l.py": "import logging\nlogging.basicConfig(level=20)" },
    '{"library":"logging","json":false} l.py:2',
  ],
  [
    "slog",
    { "go.mod": "module x", "m.go": "package m\nvar l = slog.New(slog.NewJSONHandler(os.Stdout, nil))" },
    '{"library":"slog","json":true} m.go:2',
  ],
  [
    "tracing",
    { "Cargo.toml": "", "src/main.rs": "fn main() { tracing_subscriber::fmt().json().init(); }" },
    '{"library":"tracing","json":true} src/main.rs:1',
  ],
  [
    "logback",
    {
      "pom.xml": "<project/>",
      "src/main/resources/logback-spring.xml":
        '<configuration>\n<encoder class="net.logstash.logback.encoder.LogstashEncoder"/>\n</configuration>',
    },
    '{"library":"logback","json":true} src/main/resources/logback-spring.xml:2',
  ],
  [
    "a console of ASP.NET",
    { "a.csproj": "<Project/>", "P.cs": "builder.Logging.AddJsonConsole();" },
    '{"library":"microsoft-logging","json":true} P.cs:1',
  ],
  ["nothing", { ...npm("express"), "a.js": "console.log(1)" }, undefined],
])("%s: the log", (_, files, expected) => {
  expect(factsOf(files).told("logging")).toBe(expected);
});

test("traces", () => {
  expect(factsOf(npm("@opentelemetry/sdk-node")).told("integration.opentelemetry")).toBe(
    '{"name":"opentelemetry"} package.json:1',
  );
  expect(factsOf(npm("@opentelemetry/api")).told("integration.opentelemetry")).toBeUndefined();
});
