import { elementsAt, textAt, type XmlElement } from "../../../formats/xml.ts";
import type { View } from "../../collector.ts";
import { gradleVersion } from "./gradle.ts";
import { finalName, type Pom, resolved, versionOf } from "./pom.ts";
import type { JvmPlugin, JvmProject } from "./project.ts";
import { setting } from "./settings-files.ts";

/** What a build leaves that can be started. */
export interface Artifact {
  /** Task of Gradle, goal of Maven. */
  task: string;
  start: string;
  /** What the form of the start is worth. */
  confidence: number;
}

interface Program {
  view: View;
  project: JvmProject;
  framework: string | undefined;
  /** Class with the main method, as far as the code tells it. */
  mainClass: string | undefined;
}

/** How the built program is started; undefined where nothing says it. */
export function artifactOf(program: Program): Artifact | undefined {
  const { build } = program.project;
  return build.tool === "maven" ? ofMaven(program, build.pom) : ofGradle(program);
}

function ofMaven({ view, project, framework, mainClass }: Program, pom: Pom): Artifact | undefined {
  const name = jarName(pom, framework);
  const known = !name.includes("*");
  const artifact = (start: string, confidence: number): Artifact => ({
    task: "package",
    start,
    confidence: known ? confidence : Math.min(confidence, 0.5),
  });
  const plugin = (id: string) => project.plugins.find((each) => each.id.endsWith(`:${id}`));
  const value = (found: JvmPlugin | undefined, key: string) =>
    resolved(pom, deep(found?.element, key)?.text);
  if (framework === "quarkus") return artifact(quarkusStart(view, "target", name), 0.8);
  if (framework === "spring-boot") {
    const classifier = value(plugin("spring-boot-maven-plugin"), "classifier");
    const ending = pom.packaging === "war" ? "war" : "jar";
    return artifact(`java -jar target/${name}${classifier ? `-${classifier}` : ""}.${ending}`, 0.8);
  }
  if (pom.packaging === "war") return warRunner(project);
  const shade = plugin("maven-shade-plugin");
  const assembly = plugin("maven-assembly-plugin");
  const output = value(shade, "outputFile");
  const tail = framework === "dropwizard" ? dropwizardArguments(view) : "";
  if (shade) {
    const own = value(shade, "finalName") ?? name;
    const attached = value(shade, "shadedArtifactAttached") === "true";
    const suffix = attached ? `-${value(shade, "shadedClassifierName") ?? "shaded"}` : "";
    return artifact(`java -jar ${output ?? `target/${own}${suffix}.jar`}${tail}`, 0.8);
  }
  if (assembly) {
    const own = value(assembly, "finalName") ?? name;
    const reference = value(assembly, "descriptorRef") ?? "jar-with-dependencies";
    const suffix = value(assembly, "appendAssemblyId") === "false" ? "" : `-${reference}`;
    return artifact(`java -jar target/${own}${suffix}.jar${tail}`, 0.8);
  }
  const sure = framework === "micronaut" || framework === "helidon" || value(plugin("maven-jar-plugin"), "mainClass") !== undefined;
  if (!sure && mainClass && project.dependencies.length === 0) return artifact(`java -cp target/classes ${mainClass}`, 0.6);
  if (!sure && mainClass && goals(plugin("maven-dependency-plugin")).includes("copy-dependencies"))
    return artifact(`java -cp target/classes:target/dependency/* ${mainClass}`, 0.6);
  return artifact(`java -jar target/${name}.jar${tail}`, sure ? 0.8 : 0.5);
}

function jarName(pom: Pom, framework: string | undefined): string {
  const own = finalName(pom);
  if (own !== undefined) return own;
  if (framework === "helidon" && textAt(pom.root, "parent", "groupId") === "io.helidon.applications") return pom.artifactId;
  return `${pom.artifactId}-${versionOf(pom) ?? "*"}`;
}

function quarkusStart(view: View, folder: string, name: string): string {
  const type = setting(view, ["quarkus.package.jar.type", "quarkus.package.type"])?.value;
  return type === "uber-jar" ? `java -jar ${folder}/${name}-runner.jar` : `java -jar ${folder}/quarkus-app/quarkus-run.jar`;
}

/** A servlet container that the build lays beside the archive. */
function warRunner(project: JvmProject): Artifact | undefined {
  const dependency = project.plugins.find(({ id }) => id.endsWith(":maven-dependency-plugin"));
  const runner = deep(dependency?.element, "destFileName")?.text;
  if (runner === undefined || !/runner/.test(runner)) return undefined;
  return { task: "package", start: `java -jar target/dependency/${runner} --port \${PORT:-8080} target/*.war`, confidence: 0.7 };
}

function dropwizardArguments(view: View): string {
  const files = view.files.filter((file) => /\.ya?ml$/.test(file) && !file.includes("src/test/"));
  const config = files.find((file) => /^\s*applicationConnectors\s*:/m.test(view.snapshot.text(file) ?? "") || /(?:^|\/)(?:config|configuration)\.ya?ml$/.test(file));
  if (config === undefined) return " server";
  return ` server ${view.unit.path === "." ? config : config.slice(view.unit.path.length + 1)}`;
}

function goals(plugin: JvmPlugin | undefined): string[] {
  return elementsAt(plugin?.element, "executions", "execution", "goals", "goal").map(({ text }) => text);
}

/** The first element of this name below another. */
function deep(element: XmlElement | undefined, name: string): XmlElement | undefined {
  for (const child of element?.children ?? []) {
    const found = child.name === name ? child : deep(child, name);
    if (found) return found;
  }
  return undefined;
}

const SHADOW = /^(?:com\.github\.johnrengelman\.shadow|com\.gradleup\.shadow|io\.github\.goooler\.shadow)$/;

function ofGradle({ view, project, framework, mainClass }: Program): Artifact | undefined {
  if (project.build.tool !== "gradle") return undefined;
  const { gradle } = project.build;
  const has = (id: string | RegExp) => project.plugins.some((plugin) => (typeof id === "string" ? plugin.id === id : id.test(plugin.id)));
  const { known, value: version } = gradleVersion(view.snapshot, gradle);
  const base = /\b(?:archivesBaseName|archivesName|archiveBaseName)\b(?:\s*=\s*|\.set\(\s*|\s+)["']([^"'$]+)["']/.exec(gradle.code)?.[1] ?? gradle.name;
  const named = (suffix: string) => `build/libs/${base}${version ? `-${version}` : known ? "" : "-*"}${suffix}`;
  const file = (task: string) => taskName(gradle.code, task);
  const confidence = known ? 0.8 : 0.5;
  const artifact = (task: string, start: string, worth = confidence): Artifact => ({ task, start, confidence: worth });
  if (framework === "quarkus") return artifact("build -x test", quarkusStart(view, "build", `${base}${version ? `-${version}` : ""}`), 0.8);
  if (framework === "spring-boot" && has("org.springframework.boot")) {
    const task = has("war") ? "bootWar" : "bootJar";
    const own = file(task);
    return artifact(task, `java -jar ${own ? `build/libs/${own}` : named(has("war") ? ".war" : ".jar")}`, own ? 0.8 : confidence);
  }
  if (has("io.ktor.plugin")) {
    const own = /\bfatJar\s*\{[^}]*archiveFileName(?:\s*=\s*|\.set\(\s*)["']([^"']+)["']/.exec(gradle.code)?.[1];
    return artifact("buildFatJar", `java -jar build/libs/${own ?? `${base}-all.jar`}`, 0.8);
  }
  if (has(SHADOW)) {
    const own = file("shadowJar");
    const classifier = /archiveClassifier(?:\s*=\s*|\.set\(\s*)["']([^"']*)["']/.exec(gradle.code)?.[1] ?? "all";
    return artifact("shadowJar", `java -jar ${own ? `build/libs/${own}` : named(`${classifier ? `-${classifier}` : ""}.jar`)}`, own ? 0.8 : confidence);
  }
  if (has("application") || has(/^io\.micronaut\.(?:minimal\.)?application$/)) {
    const own = /\bapplicationName\s*=\s*["']([^"']+)["']/.exec(gradle.code)?.[1] ?? gradle.name;
    return artifact("installDist", `./build/install/${own}/bin/${own}`, 0.8);
  }
  const manifest = /["']Main-Class["']/.test(gradle.code);
  if (!manifest && mainClass && project.dependencies.length === 0) return artifact("build -x test", `java -cp build/classes/java/main ${mainClass}`, 0.6);
  return artifact("build -x test", `java -jar ${file("jar") ? `build/libs/${file("jar")}` : named(".jar")}`, manifest ? confidence : 0.5);
}

/** The file name that a task is told: `bootJar { archiveFileName = "app.jar" }`. */
function taskName(code: string, task: string): string | undefined {
  const named = new RegExp(`\\b${task}\\b["')>\\s]*\\{[^}]*?(?:archiveFileName|archiveName)(?:\\s*=\\s*|\\.set\\(\\s*|\\s+)["']([^"'$]+)["']`);
  const direct = new RegExp(`\\b${task}\\.(?:archiveFileName|archiveName)(?:\\s*=\\s*|\\.set\\(\\s*)["']([^"'$]+)["']`);
  return (named.exec(code) ?? direct.exec(code))?.[1];
}
