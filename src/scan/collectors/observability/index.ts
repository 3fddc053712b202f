import { places } from "../../../formats/text.ts";
import type { Collector, View } from "../../collector.ts";
import type { Dependency, Ecosystem } from "../../declared/dependency.ts";
import { dependenciesOf, findDependency } from "../../dependencies.ts";
import { signsIn } from "../../signs.ts";
import { routesOf } from "../health/routes.ts";
import { setting } from "../jvm/settings-files.ts";
import { BUILT_IN, ENDPOINTS, LIBRARIES } from "./endpoints.ts";
import { JSON_LOGGERS, LOG_FILES, WRITERS } from "./logging.ts";
import { BUILT_IN_METRICS, METRICS } from "./names.ts";

/** Where metrics are read, which ones there are, and how the application writes its log. */
export const observabilityCollector: Collector = {
  id: "observability",
  reads: ["application code", "manifests", "logback.xml", "appsettings.json"],
  collect(view) {
    const all = dependenciesOf(view.snapshot, view.unit.path);
    metrics(view, all);
    logging(view, all);
    tracing(view, all);
  },
};

function metrics(view: View, all: readonly Dependency[]): void {
  const library = libraryOf(all);
  builtIn(view, all);
  const [endpoint] = signsIn(view, ENDPOINTS);
  const route = routesOf(view).find(({ path, sure }) => sure && /\/(?:metrics|prometheus)\/?$/.test(path));
  if (endpoint) {
    const { sign, hit } = endpoint;
    const path = hit.match[1] ?? sign.value;
    view.claim(
      "metrics",
      { path: path.startsWith("/") ? path : `/${path}` },
      { source: "code", at: view.seen(hit.file, hit.place, "exporter") },
    );
  } else if (route && library) {
    const { file, at } = route.route;
    const place = places(view.snapshot.text(file) ?? "")(at);
    const seen = [view.seen(file, place, "route"), view.seen(library.file, library.place(), "library")];
    view.claim("metrics", { path: route.path }, { source: "code", at: seen });
  } else if (library)
    view.miss(
      "metrics",
      `${library.name} is there, but no route answers with its metrics`,
      view.seen(library.file, library.place(), "library"),
    );
  for (const { sign, hit } of signsIn(view, METRICS))
    for (const name of sign.value(hit.match))
      view.claimEach("metric", name, { name }, { source: "code", at: view.seen(hit.file, hit.place, "metric") });
}

function libraryOf(all: readonly Dependency[]): Dependency | undefined {
  return Object.entries(LIBRARIES)
    .flatMap(([ecosystem, names]) => names.map((name) => findDependency(all, ecosystem as Ecosystem, name)))
    .find((found) => found !== undefined && found.group !== "dev");
}

/** Endpoints that frameworks of Java open by themselves, or once a setting names them. */
function builtIn(view: View, all: readonly Dependency[]): void {
  for (const { name, path, setting: key } of BUILT_IN) {
    const found = findDependency(all, "maven", name);
    if (!found || found.group === "dev") continue;
    const at = view.seen(found.file, found.place(), "registry");
    const exposed = key === undefined ? undefined : setting(view, [key]);
    if (key !== undefined && !/\*|\bprometheus\b/.test(exposed?.value ?? "")) {
      view.miss("metrics", `the registry is there, but ${key} does not name prometheus`, exposed?.at ?? at);
      continue;
    }
    view.claim("metrics", { path }, { source: "project", confidence: 0.9, at: exposed ? [at, exposed.at] : at });
    for (const metric of BUILT_IN_METRICS)
      view.claimEach("metric", metric, { name: metric }, { source: "convention", confidence: 0.7, at });
    return;
  }
}

function logging(view: View, all: readonly Dependency[]): void {
  const [written] = signsIn(view, WRITERS);
  if (written) {
    const { value, confidence } = written.sign;
    const at = view.seen(written.hit.file, written.hit.place, "logger");
    view.claim("logging", value, { source: "code", at, ...(confidence === undefined ? {} : { confidence }) });
  }
  for (const { file: pattern, pattern: words, value } of LOG_FILES) {
    const file = view.files.find((path) => pattern.test(path) && words.test(view.snapshot.text(path) ?? ""));
    const text = file === undefined ? undefined : view.snapshot.text(file);
    if (file === undefined || text === undefined) continue;
    const place = places(text)(words.exec(text)?.index ?? 0);
    view.claim("logging", value, { source: "project", confidence: 0.9, at: view.seen(file, place, "log-file") });
    return;
  }
  for (const { ecosystem, name, library } of JSON_LOGGERS) {
    const found = findDependency(all, ecosystem, name);
    if (found?.group !== "prod") continue;
    const at = view.seen(found.file, found.place(), "package");
    view.claim("logging", { library, json: true }, { source: "project", confidence: 0.8, at });
    return;
  }
}

const TELEMETRY =
  /^(?:@opentelemetry\/(?:sdk-|auto-instrumentations)|@vercel\/otel$|opentelemetry-(?:sdk|distro|instrumentation)|go\.opentelemetry\.io\/otel(?:\/sdk)?$|opentelemetry$|opentelemetry_sdk$|opentelemetry-otlp$|io\.opentelemetry|io\.quarkus:quarkus-opentelemetry|opentelemetry\.extensions|open-telemetry\/sdk|keepsuit\/laravel-opentelemetry|opentelemetry_exporter$)/;

function tracing(view: View, all: readonly Dependency[]): void {
  const found = all.find(({ name, group, indirect }) => group === "prod" && !indirect && TELEMETRY.test(name));
  if (!found) return;
  view.claimEach(
    "integration",
    "opentelemetry",
    { name: "opentelemetry" },
    { source: "project", confidence: 0.9, at: view.seen(found.file, found.place(), "telemetry") },
  );
}
