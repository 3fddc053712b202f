import { extensionOf } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import { dependenciesOf } from "../../dependencies.ts";
import { signsIn } from "../../signs.ts";
import { setting } from "../jvm/settings-files.ts";
import { ORIGINS } from "./cors.ts";
import { GRACEFUL, HANDLERS } from "./shutdown.ts";

/** How a service ends, and which pages of the web may call it. */
export const lifecycleCollector: Collector = {
  id: "lifecycle",
  reads: ["application code", "manifests", "application.yml"],
  collect(view) {
    shutdown(view);
    cors(view);
  },
};

function shutdown(view: View): void {
  const [handler] = signsIn(view, HANDLERS);
  if (handler) {
    const { value: signal, confidence } = handler.sign;
    const at = view.seen(handler.hit.file, handler.hit.place, "handler");
    view.claim("shutdown", { signal }, { source: "code", at, ...(confidence === undefined ? {} : { confidence }) });
  }
  const settled = setting(view, ["server.shutdown", "quarkus.shutdown.timeout"]);
  if (settled && settled.value !== "immediate")
    view.claim("shutdown", { signal: "SIGTERM" }, { source: "project", at: settled.at });
  byItself(view, settled?.value === "immediate");
}

/** What the framework or its server does without a word of the project. */
function byItself(view: View, isOff: boolean): void {
  const all = dependenciesOf(view.snapshot, view.unit.path);
  for (const { ecosystem, name, confidence } of GRACEFUL) {
    const found = all.find(
      (one) => one.ecosystem === ecosystem && one.group !== "dev" && !one.indirect && name.test(one.name),
    );
    if (found && !isOff)
      view.claim(
        "shutdown",
        { signal: "SIGTERM" },
        { source: "convention", confidence, at: view.seen(found.file, found.place(), "server") },
      );
  }
  const web = view.files.find(
    (path) =>
      ["csproj", "fsproj"].includes(extensionOf(path)) &&
      /Sdk="Microsoft\.NET\.Sdk\.(?:Web|Worker)"/.test(view.snapshot.text(path) ?? ""),
  );
  if (web)
    view.claim(
      "shutdown",
      { signal: "SIGTERM" },
      { source: "convention", confidence: 0.8, at: view.seen(web, 1, "host") },
    );
  // Spring Boot waits for requests without a setting since 3.4.
  const spring = all.find(({ name }) => name.startsWith("org.springframework.boot:spring-boot"));
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(springVersion(view) ?? "") ?? [];
  if (spring && !isOff && (Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 4)))
    view.claim(
      "shutdown",
      { signal: "SIGTERM" },
      { source: "convention", confidence: 0.7, at: view.seen(spring.file, spring.place(), "server") },
    );
}

/** The version of Spring Boot: of the parent of the project, or of the plugin. */
function springVersion({ snapshot, path }: View): string | undefined {
  const pom = path("pom.xml");
  const parent = pom === undefined ? undefined : snapshot.xml(pom).root?.children.find(({ name }) => name === "parent");
  const text = (name: string) => parent?.children.find((child) => child.name === name)?.text;
  if (text("artifactId") === "spring-boot-starter-parent") return text("version");
  const build = ["build.gradle.kts", "build.gradle"]
    .map((name) => path(name))
    .find((at) => at !== undefined && snapshot.has(at));
  const code = build === undefined ? "" : (snapshot.code(build, "c")?.code ?? "");
  return /org\.springframework\.boot["')]+\s*version\s*\(?["']([\d.]+)/.exec(code)?.[1];
}

function cors(view: View): void {
  const [found] = signsIn(view, ORIGINS);
  if (!found) return;
  const at = view.seen(found.hit.file, found.hit.place, "origins");
  view.claim("cors", { open: found.sign.value }, { source: "code", at });
}
