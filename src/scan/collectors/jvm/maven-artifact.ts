import { elementsAt, textAt, type XmlElement } from "../../../formats/xml.ts";
import type { View } from "../../collector.ts";
import { type Artifact, type Program, quarkusStart } from "./artifact.ts";
import { finalName, type Pom, resolved, versionOf } from "./pom.ts";
import type { JvmPlugin, JvmProject } from "./project.ts";

/** What Maven leaves, and how it is started. */
export function mavenArtifact({ view, project, framework, mainClass }: Program, pom: Pom): Artifact | undefined {
  const name = jarName(pom, framework);
  const known = !name.includes("*");
  const artifact = (start: string, confidence: number): Artifact => ({
    task: "package",
    start,
    confidence: known ? confidence : Math.min(confidence, 0.5),
  });
  const plugin = (id: string) => project.plugins.find((each) => each.id.endsWith(`:${id}`));
  const value = (found: JvmPlugin | undefined, key: string) => resolved(pom, deep(found?.element, key)?.text);
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
  const sure =
    framework === "micronaut" ||
    framework === "helidon" ||
    value(plugin("maven-jar-plugin"), "mainClass") !== undefined;
  if (!sure && mainClass && project.dependencies.length === 0)
    return artifact(`java -cp target/classes ${mainClass}`, 0.6);
  if (!sure && mainClass && goals(plugin("maven-dependency-plugin")).includes("copy-dependencies"))
    return artifact(`java -cp target/classes:target/dependency/* ${mainClass}`, 0.6);
  return artifact(`java -jar target/${name}.jar${tail}`, sure ? 0.8 : 0.5);
}

function jarName(pom: Pom, framework: string | undefined): string {
  const own = finalName(pom);
  if (own !== undefined) return own;
  if (framework === "helidon" && textAt(pom.root, "parent", "groupId") === "io.helidon.applications")
    return pom.artifactId;
  return `${pom.artifactId}-${versionOf(pom) ?? "*"}`;
}

/** A servlet container that the build lays beside the archive. */
function warRunner(project: JvmProject): Artifact | undefined {
  const dependency = project.plugins.find(({ id }) => id.endsWith(":maven-dependency-plugin"));
  const runner = deep(dependency?.element, "destFileName")?.text;
  if (runner === undefined || !/runner/.test(runner)) return undefined;
  return {
    task: "package",
    start: `java -jar target/dependency/${runner} --port \${PORT:-8080} target/*.war`,
    confidence: 0.7,
  };
}

function dropwizardArguments(view: View): string {
  const files = view.files.filter((file) => /\.ya?ml$/.test(file) && !file.includes("src/test/"));
  const config = files.find(
    (file) =>
      /^[^\S\n]*applicationConnectors\s*:/m.test(view.snapshot.text(file) ?? "") ||
      /(?:^|\/)(?:config|configuration)\.ya?ml$/.test(file),
  );
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
