import { joinPath } from "../../../formats/tree.ts";
import { yamlText } from "../../../formats/write-yaml.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import type { Plan, PlannedService } from "../../plan.ts";

const NOTE = "Written by stationmaster generate, once: this file is yours.";
/** How each runtime is instrumented without a change of its code. */
const START: Record<string, (service: PlannedService) => string> = {
  node: ({ name }) =>
    `NODE_OPTIONS="--import ./ops/otel/${name}.mjs", and that file in the image; npm install @opentelemetry/sdk-node @opentelemetry/auto-instrumentations-node`,
  python: () =>
    "opentelemetry-instrument in front of the start command; pip install opentelemetry-distro opentelemetry-exporter-otlp, then opentelemetry-bootstrap -a install",
  java: () => "JAVA_TOOL_OPTIONS=-javaagent:/otel/opentelemetry-javaagent.jar, with the agent in the image",
  dotnet: () => "the packages OpenTelemetry.Extensions.Hosting and OpenTelemetry.AutoInstrumentation",
  ruby: () =>
    "the gems opentelemetry-sdk and opentelemetry-instrumentation-all, and OpenTelemetry::SDK.configure(&:use_all) at the start",
  php: () => "the extension opentelemetry and the packages open-telemetry/sdk and open-telemetry/opentelemetry-auto-*",
  go: () => "go.opentelemetry.io/contrib instrumentation in the code; nothing does it from outside",
  rust: () => "tracing-opentelemetry in the code; nothing does it from outside",
  elixir: () => "opentelemetry and opentelemetry_phoenix in mix.exs",
};

/** Traces, metrics and logs by OpenTelemetry: a collector, and what each service has to be told. Off until an address is given. */
export const otel: Kind = {
  id: "otel",
  title: "OpenTelemetry",
  wanted: () => false,
  render(plan) {
    const services = plan.services.filter(({ role }) => role !== "static");
    if (services.length === 0) return [];
    return [
      collector(plan),
      ...services.map((service) => settings(service, plan)),
      ...services.filter(({ runtime }) => runtime.name === "node").map(startFile),
    ];
  },
};

function collector({ services }: Plan): GeneratedFile {
  const scraped = services.flatMap(({ name, metrics, port }) =>
    metrics && port !== null
      ? [{ job_name: name, metrics_path: metrics.path, static_configs: [{ targets: [`${name}:${port}`] }] }]
      : [],
  );
  const receivers = {
    otlp: { protocols: { grpc: { endpoint: "0.0.0.0:4317" }, http: { endpoint: "0.0.0.0:4318" } } },
    ...(scraped.length > 0 ? { prometheus: { config: { scrape_configs: scraped } } } : {}),
  };
  const pipeline = (names: string[]) => ({
    receivers: names,
    processors: ["memory_limiter", "batch"],
    exporters: ["otlphttp"],
  });
  const data = {
    receivers,
    processors: {
      memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 },
      batch: {},
    },
    exporters: {
      otlphttp: {
        endpoint: "${env:OTEL_UPSTREAM_ENDPOINT}",
        headers: { authorization: "${env:OTEL_UPSTREAM_AUTHORIZATION}" },
      },
    },
    extensions: { health_check: { endpoint: "0.0.0.0:13133" } },
    service: {
      extensions: ["health_check"],
      pipelines: { logs: pipeline(["otlp"]), metrics: pipeline(Object.keys(receivers)), traces: pipeline(["otlp"]) },
    },
  };
  return {
    path: "ops/otel/collector.yaml",
    text: yamlText(data, { header: [NOTE], spaced: true }),
    ownership: "seed",
    why: "collector of traces, metrics and logs",
  };
}

function settings(service: PlannedService, { project }: Plan): GeneratedFile {
  const how = START[service.runtime.name]?.(service);
  const lines = [
    `# ${NOTE}`,
    ...(how ? [`# Needs ${how}.`] : []),
    `OTEL_SERVICE_NAME=${service.name}`,
    `OTEL_RESOURCE_ATTRIBUTES=service.namespace=${project}`,
    "# Nothing is sent while this is empty.",
    "OTEL_EXPORTER_OTLP_ENDPOINT=",
    "OTEL_TRACES_SAMPLER=parentbased_traceidratio",
    "OTEL_TRACES_SAMPLER_ARG=0.1",
  ];
  return {
    path: `ops/otel/${service.name}.env`,
    text: `${lines.join("\n")}\n`,
    ownership: "seed",
    why: `what ${service.name} is told about tracing`,
    ...(how ? { notes: [`${service.name}: tracing needs ${how}`] } : {}),
  };
}

/** In the folder of the service, since Node.js looks for the packages from where the file lies. */
function startFile({ name, path }: PlannedService): GeneratedFile {
  const text = `// ${NOTE}
// Without an address nothing is loaded: the service runs as it did before.
if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
  const { getNodeAutoInstrumentations } = await import("@opentelemetry/auto-instrumentations-node");
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
  sdk.start();
  process.once("SIGTERM", async () => {
    // Whoever else listens ends the process; without them a listener would keep it alive.
    const isAlone = process.listenerCount("SIGTERM") === 0;
    await sdk.shutdown().catch((error) => console.error("traces were not sent", error));
    if (isAlone) process.exit(143);
  });
}
`;
  const file = `ops/otel/${name}.mjs`;
  return {
    path: joinPath(path, file) ?? file,
    text,
    ownership: "seed",
    why: `starts tracing before the code of ${name}`,
  };
}
