import { extensionOf } from "../../../formats/tree.ts";
import { hitsIn } from "../../search.ts";
import { mentioned, ownFile, type SimpleLanguage, type SimpleProgram } from "./model.ts";
import { projectOf, sbtProjects } from "./sbt-projects.ts";

const SCALA_FRAMEWORKS = {
  play: /\bPlay(?:Scala|Java|Service)?\b|"sbt-plugin"/,
  http4s: /"http4s-/,
  "zio-http": /"zio-http"/,
  "akka-http": /"akka-http"/,
  "pekko-http": /"pekko-http"/,
  cask: /"cask"/,
  scalatra: /"scalatra/,
};

const RUNS =
  /\bextends\s+(?:App|IOApp(?:\.Simple)?|ZIOAppDefault|cask\.Main(?:Routes)?)\b|\bdef\s+main\s*\(|@main\b|void\s+main\s*\(/;

/** Scala built by sbt: staged, assembled, or run by sbt itself. */
export const scala: SimpleLanguage = (view) => {
  const own = ownFile(view, "build.sbt");
  if (!own) return undefined;
  const code = view.snapshot.code(own.file)?.code ?? "";
  const plugins = pluginsOf(view);
  const all = `${code}\n${plugins}`;
  const sources = view.sources.filter((file) => ["scala", "java"].includes(extensionOf(file)));
  const main = sources.find((file) => RUNS.test(view.snapshot.code(file)?.bare ?? ""));
  const inside = (file: string) => (view.unit.path === "." ? file : file.slice(view.unit.path.length + 1));
  const projects = sbtProjects(code);
  const part =
    projects.find(({ folder, body }) => folder !== "." && /\bPlay(?:Scala|Java|Service)\b/.test(body)) ??
    (main === undefined ? undefined : projectOf(projects, inside(main)));
  const setting = (key: string) => {
    const shape = new RegExp(`\\b${key}\\s*:=\\s*(?:""")?"?([^"]+)"`);
    return (part && shape.exec(part.body)?.[1]) ?? (part && key === "name" ? part.id : shape.exec(code)?.[1]);
  };
  const folder = part === undefined ? "" : `${part.folder}/`;
  const task = part === undefined ? "" : `${part.id}/`;
  const name = setting("name");
  const version = setting("version") ?? "0.1.0-SNAPSHOT";
  const framework = mentioned(all, SCALA_FRAMEWORKS);
  const normal = (name ?? "app").toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const runs = framework === "play" || main !== undefined;
  const scalaVersion = setting("scalaVersion");
  const binary = scalaVersion?.startsWith("3") ? scalaVersion : scalaVersion?.split(".").slice(0, 2).join(".");
  const staged = framework === "play" || /sbt-native-packager/.test(all) || /\bJava(?:App|Server)Packaging\b/.test(all);
  const assembled = /sbt-assembly/.test(all);
  const jar = /assemblyJarName\s*:=\s*"([^"]+)"/.exec(code)?.[1] ?? `${normal}-assembly-${version}.jar`;
  const tail = framework === "play" ? " -Dhttp.port=${PORT:-9000}" : "";
  return {
    language: sources.some((file) => file.endsWith(".scala")) || framework !== "play" ? "Scala" : "Java",
    runtime: { name: "java" },
    at: view.seen(own.file, 1, "sbt"),
    declared: true,
    name,
    packageManager: "sbt",
    framework,
    install: "sbt update",
    test: "sbt test",
    ...(!runs
      ? { kind: "library" as const }
      : {
          kind: framework === "play" ? ("web" as const) : framework === undefined ? undefined : ("api" as const),
          build: `sbt ${task}${staged ? "stage" : assembled ? "assembly" : "compile"}`,
          start: staged
            ? `./${folder}target/universal/stage/bin/${normal}${tail}`
            : assembled
              ? `java -jar ${folder}target/scala-${binary ?? "*"}/${jar}`
              : `sbt ${task}run`,
          port: portOf(framework),
        }),
  };
};

/** Where a framework of Scala listens by itself. */
function portOf(framework: string | undefined): number | undefined {
  return framework === "play" ? 9000 : framework === "zio-http" || framework === "cask" ? 8080 : undefined;
}

/** Scala built by Mill: the first module that runs. */
export const mill: SimpleLanguage = (view) => {
  const own = ownFile(view, "build.mill", "build.sc", "build.mill.scala");
  if (!own) return undefined;
  const code = view.snapshot.code(own.file)?.code ?? "";
  const module =
    /\bobject\s+`?([\w.-]+)`?\s+extends\s+[^{]*?\b(?:ScalaModule|SbtModule|JavaModule|RootModule|PlayModule)\b/.exec(
      code,
    )?.[1];
  const main = view.sources.find(
    (file) => extensionOf(file) === "scala" && RUNS.test(view.snapshot.code(file)?.bare ?? ""),
  );
  const framework = mentioned(code.replaceAll("::", '"').replaceAll(":", '"'), SCALA_FRAMEWORKS);
  const isRoot = module === undefined || /\bRootModule\b/.test(code);
  return {
    language: "Scala",
    runtime: { name: "java" },
    at: view.seen(own.file, 1, "mill"),
    declared: true,
    packageManager: "mill",
    framework,
    test: "mill __.test",
    ...(main === undefined
      ? { kind: "library" as const }
      : {
          kind: framework === undefined ? undefined : ("api" as const),
          build: isRoot ? "mill assembly" : `mill ${module}.assembly`,
          start: `java -jar out/${isRoot ? "" : `${module}/`}assembly.dest/out.jar`,
          port: portOf(framework),
        }),
  };
};

const CLOJURE_FRAMEWORKS = {
  pedestal: /\bio\.pedestal\//,
  reitit: /\bmetosin\/reitit/,
  compojure: /\bcompojure\b/,
  ring: /\bring\//,
  "http-kit": /\bhttp-kit\b/,
};
const ALIASES = ["run", "start", "server", "serve", "main", "prod", "run-m", "app"];

/** Clojure with Leiningen or its own command line tool. */
export const clojure: SimpleLanguage = (view) => {
  const own = ownFile(view, "project.clj", "deps.edn");
  if (!own) return undefined;
  const code = view.snapshot.code(own.file)?.code ?? "";
  const lein = own.file.endsWith("project.clj");
  const [, symbol, version = ""] = /\(defproject\s+([\w./-]+)\s+"([^"]+)"/.exec(code) ?? [];
  const name = symbol?.split("/").at(-1);
  const framework = mentioned(code, CLOJURE_FRAMEWORKS);
  const base = {
    language: "Clojure",
    runtime: { name: "java" },
    at: view.seen(own.file, 1, "clojure"),
    declared: true,
    name,
    packageManager: lein ? "leiningen" : "clojure",
    framework,
    kind: framework === undefined ? undefined : ("api" as const),
    ...settingsPort(view),
    install: lein ? "lein deps" : "clojure -P",
    test: lein ? "lein test" : "clojure -X:test",
  };
  if (lein) {
    const jar = /:uberjar-name\s+"([^"]+)"/.exec(code)?.[1] ?? `${name}-${version}-standalone.jar`;
    const target = /:target-path\s+"target\/%s/.test(code) ? "target/uberjar" : "target";
    if (!/:main\b|:ring\b/.test(code)) return { ...base, kind: "library" };
    const ring = /\blein-ring\b/.test(code);
    return { ...base, build: ring ? "lein ring uberjar" : "lein uberjar", start: `java -jar ${target}/${jar}` };
  }
  const alias = ALIASES.find((key) => new RegExp(`:${key}\\s*\\{[^}]{0,600}:(?:main-opts|exec-fn)`).test(code));
  const exec = alias !== undefined && new RegExp(`:${alias}\\s*\\{[^}]{0,600}:exec-fn`).test(code);
  const main = view.sources.find(
    (file) => extensionOf(file) === "clj" && /\(defn-?\s+-main\b/.test(view.snapshot.text(file) ?? ""),
  );
  const space =
    main === undefined ? undefined : /\(ns\s+(?:\^\S+\s+)*([\w.-]+)/.exec(view.snapshot.text(main) ?? "")?.[1];
  const start = alias ? `clojure -${exec ? "X" : "M"}:${alias}` : space && `clojure -M -m ${space}`;
  return start === undefined ? { ...base, kind: "library" } : { ...base, start };
};

/** The port of a file of settings in EDN: `:port 3000`, `:port #long #or [#env PORT 3000]`. */
function settingsPort(view: Parameters<SimpleLanguage>[0]): Pick<SimpleProgram, "port" | "portAt"> {
  const files = view.files.filter(
    (file) => /(?:^|\/)(?:config|settings|system|base)\.edn$/.test(file) && !/(?:^|\/)(?:dev|test)\//.test(file),
  );
  for (const file of files) {
    const text = (view.snapshot.text(file) ?? "").replace(/;.*$/gm, "");
    const [hit] = hitsIn(text, /:(?:http\/)?port\s+(?:#\w+\s+)*(?:\[[^\]\d]*)?(\d{4,5})\b/g, file);
    if (hit) return { port: Number(hit.match[1]), portAt: view.seen(file, hit.place, "settings-port") };
  }
  return {};
}

function pluginsOf(view: Parameters<SimpleLanguage>[0]): string {
  return view.files
    .filter((file) => /(?:^|\/)project\/[^/]+\.sbt$/.test(file))
    .map((file) => view.snapshot.code(file)?.code ?? "")
    .join("\n");
}
