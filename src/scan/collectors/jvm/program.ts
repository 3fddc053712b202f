import { stringAt } from "../../../formats/document.ts";
import type { View } from "../../collector.ts";
import type { Evidence, Kind } from "../../fact.ts";
import { hitsIn, searchCode } from "../../search.ts";
import type { JvmFramework } from "../../tables/jvm-frameworks.ts";
import { claimListening } from "../compiled/listening.ts";
import { isWorker } from "../compiled/program-names.ts";
import { JVM_LISTENING } from "./listening.ts";
import type { JvmProject } from "./project.ts";
import { setting, settingPort } from "./settings-files.ts";
import { claimSharedPort } from "./shared-port.ts";
import type { MainClass } from "./sources.ts";

/** A project that somebody may start. */
export interface JvmProgram {
  project: JvmProject;
  framework: JvmFramework | undefined;
  main: MainClass | undefined;
  sources: readonly string[];
  at: Evidence;
}

const ROUTES =
  /@(?:RestController|Controller|Path|RequestMapping|GetMapping|PostMapping|QuarkusMain)\b|\bRouterFunction\b/g;
const SERVERS =
  /\b(?:HttpServer\.create|ServerSocket|ServerBootstrap|NettyServerBuilder|ServerBuilder\s*\.\s*forPort|new\s+(?:Server|Tomcat)\s*\(|Undertow\.builder|extends\s+HttpServlet)\b/g;
const PAGES =
  /^src\/main\/(?:resources\/(?:templates|static|public|META-INF\/resources|views)\/.*\.(?:html|ftlh?|mustache|jte|hbs|peb)|webapp\/.*\.(?:jsp|html|xhtml)|jte\/.*\.k?te|kotlin\/.*\.jte)$/;
const WAITS =
  /:spring-(?:kafka|rabbit)$|starter-(?:amqp|quartz|activemq|artemis|integration)$|:kafka-clients$|:amqp-client$|JDA$|discord4j-core$|:telegrambots/;

/** Whether the project answers requests, waits for work, or does one thing and ends. */
export function kindOf(view: View, program: JvmProgram): { kind: Kind; at: Evidence; confidence: number } | undefined {
  const { framework, project, sources, main, at } = program;
  const dependency = (pattern: RegExp) => {
    const found = project.dependencies.find(({ name }) => pattern.test(name));
    return found && view.seen(found.file, found.place(), "dependency");
  };
  const code = (pattern: RegExp) => {
    const hit = searchCode(view, pattern, { files: sources })[0];
    return hit && view.seen(hit.file, hit.place, "code");
  };
  const serves = framework
    ? framework.serves
      ? (dependency(framework.serves) ?? runtimeIn(view, program) ?? code(ROUTES))
      : at
    : code(SERVERS);
  if (serves) {
    const templates = framework && dependency(framework.pages);
    const page = view.files.find((file) =>
      PAGES.test(view.unit.path === "." ? file : file.slice(view.unit.path.length + 1)),
    );
    const seen = templates ?? (page === undefined ? undefined : view.seen(page, 1, "page"));
    return { kind: seen ? "web" : "api", at: seen ?? serves, confidence: 0.8 };
  }
  if (!main && framework?.id !== "quarkus") return undefined;
  const batch = dependency(/starter-batch$/);
  if (batch) return { kind: "job", at: batch, confidence: 0.7 };
  const waits = dependency(WAITS) ?? code(/@(?:Scheduled|KafkaListener|RabbitListener|JmsListener|Incoming)\b/g);
  if (waits || isWorker(project.name)) return { kind: "worker", at: waits ?? at, confidence: 0.7 };
  const commands = dependency(
    /:picocli\S*$|:jcommander$|:clikt(?:-jvm)?$|:kotlinx-cli|:spring-shell-starter$|^org\.openjfx:|^com\.badlogicgames\.gdx:|^org\.jetbrains\.compose|:commons-cli$|:quarkus-picocli$/,
  );
  const windows = code(/^import\s+javax\.swing\./gm);
  if (commands ?? windows) return { kind: "cli", at: (commands ?? windows) as Evidence, confidence: 0.75 };
  const once = code(/\bimplements\s+(?:CommandLineRunner|ApplicationRunner)\b/g);
  return once && { kind: "job", at: once, confidence: 0.6 };
}

/** The server that Micronaut's plugin for Gradle adds. */
function runtimeIn(view: View, { project: { build }, framework }: JvmProgram): Evidence | undefined {
  if (build.tool !== "gradle" || framework?.id !== "micronaut") return undefined;
  const { file, code } = build.gradle;
  const [hit] = hitsIn(code, /\bruntime\s*(?:\.set)?[\s=(]+["'](?:netty|jetty|tomcat|undertow|http_server_jdk)/g, file);
  return hit && view.seen(file, hit.place, "runtime");
}

const KEYS: Record<string, readonly string[]> = {
  "spring-boot": ["server.port"],
  quarkus: ["%prod.quarkus.http.port", "quarkus.http.port"],
  micronaut: ["micronaut.server.port"],
  helidon: ["server.port"],
  ktor: ["ktor.deployment.port"],
};
const HOCON: Record<string, RegExp> = {
  ktor: /\bdeployment\s*\{[^}]{0,400}?\bport\s*=\s*(\d{2,5})/g,
  play: /\b(?:play\.server\.http|http)\.port\s*=\s*(\d{2,5})/g,
};
const HOSTS: Record<string, readonly string[]> = {
  "spring-boot": ["server.address"],
  quarkus: ["%prod.quarkus.http.host", "quarkus.http.host"],
  micronaut: ["micronaut.server.host"],
  helidon: ["server.host"],
  ktor: ["ktor.deployment.host"],
};

/** Claims where it listens: its settings, then its code, then what the framework does by itself. */
export function claimPort(view: View, { project, framework, sources, at }: JvmProgram): void {
  const id = framework?.id ?? "";
  const found = setting(view, KEYS[id] ?? []);
  const port = found && settingPort(found.value);
  const host = setting(view, HOSTS[id] ?? []);
  if (host && /^[\w.:[\]-]+$/.test(host.value)) view.claim("bind", host.value, { source: "project", at: host.at });
  if (found && port !== undefined) view.claim("port", port, { source: "project", at: found.at });
  else if (claimFileListening(view, id) || claimListening(view, sources, JVM_LISTENING)) return;
  else if (claimSharedPort(view, project, sources)) return;
  else if (framework?.port !== undefined)
    view.claim("port", framework.port, { source: "convention", confidence: 0.8, at });
  else view.claim("port", 8080, { source: "default", at });
}

/** Ports in HOCON of Ktor and Play, and in the YAML of Dropwizard. */
function claimFileListening(view: View, id: string): boolean {
  const { snapshot } = view;
  const own = (ending: RegExp) => view.files.filter((file) => ending.test(file) && !file.includes("src/test/"));
  if (id === "dropwizard")
    return own(/\.ya?ml$/).some((file) => {
      const document = snapshot.yaml(file);
      const path = ["server", "applicationConnectors", 0, "port"];
      const port = settingPort(stringAt(document.value, path) ?? "");
      if (port === undefined) return false;
      view.claim("port", port, {
        source: "project",
        confidence: 0.95,
        at: view.seenAt(file, document, path, "setting"),
      });
      return true;
    });
  const pattern = Object.hasOwn(HOCON, id) ? HOCON[id] : undefined;
  for (const file of pattern ? own(/(?:^|\/)application\.conf$/) : []) {
    const hit = hitsIn(snapshot.text(file) ?? "", pattern as RegExp, file)[0];
    if (!hit) continue;
    const line = hit.place.line + hit.match[0].split("\n").length - 1;
    view.claim("port", Number(hit.match[1]), {
      source: "project",
      confidence: 0.95,
      at: view.seen(file, line, "setting"),
    });
    return true;
  }
  return false;
}
