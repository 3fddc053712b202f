import { type Artifact, type Program, quarkusStart } from "./artifact.ts";
import { type GradleBuild, gradleVersion } from "./gradle.ts";

const SHADOW = /^(?:com\.github\.johnrengelman\.shadow|com\.gradleup\.shadow|io\.github\.goooler\.shadow)$/;

/** What Gradle leaves, and how it is started. */
export function gradleArtifact(
  { view, project, framework, mainClass }: Program,
  gradle: GradleBuild,
): Artifact | undefined {
  const has = (id: string | RegExp) =>
    project.plugins.some((plugin) => (typeof id === "string" ? plugin.id === id : id.test(plugin.id)));
  const { known, value: version } = gradleVersion(view.snapshot, gradle);
  const base =
    /\b(?:archivesBaseName|archivesName|archiveBaseName)\b(?:\s*=\s*|\.set\(\s*|\s+)["']([^"'$]+)["']/.exec(
      gradle.code,
    )?.[1] ?? gradle.name;
  const named = (suffix: string) => `build/libs/${base}${version ? `-${version}` : known ? "" : "-*"}${suffix}`;
  const file = (task: string) => taskName(gradle.code, task);
  const confidence = known ? 0.8 : 0.5;
  const artifact = (task: string, start: string, worth = confidence): Artifact => ({ task, start, confidence: worth });
  if (framework === "quarkus")
    return artifact("build -x test", quarkusStart(view, "build", `${base}${version ? `-${version}` : ""}`), 0.8);
  if (framework === "spring-boot" || framework === "grails") {
    const task = has("war") ? "bootWar" : "bootJar";
    const own = file(task);
    return artifact(
      task,
      `java -jar ${own ? `build/libs/${own}` : named(has("war") ? ".war" : ".jar")}`,
      own ? 0.8 : confidence,
    );
  }
  if (has("war") && mainClass === undefined) return undefined;
  if (has("io.ktor.plugin")) {
    const own = /\bfatJar\s*\{[^}]{0,600}archiveFileName(?:\s*=\s*|\.set\(\s*)["']([^"']+)["']/.exec(gradle.code)?.[1];
    return artifact("buildFatJar", `java -jar build/libs/${own ?? `${base}-all.jar`}`, 0.8);
  }
  if (has(SHADOW)) {
    const own = file("shadowJar");
    const classifier = /archiveClassifier(?:\s*=\s*|\.set\(\s*)["']([^"']*)["']/.exec(gradle.code)?.[1] ?? "all";
    return artifact(
      "shadowJar",
      `java -jar ${own ? `build/libs/${own}` : named(`${classifier ? `-${classifier}` : ""}.jar`)}`,
      own ? 0.8 : confidence,
    );
  }
  if (has("application") || has(/^io\.micronaut\.(?:minimal\.)?application$/)) {
    const own = /\bapplicationName\s*=\s*["']([^"']+)["']/.exec(gradle.code)?.[1] ?? gradle.name;
    return artifact("installDist", `./build/install/${own}/bin/${own}`, 0.8);
  }
  const manifest = /["']Main-Class["']/.test(gradle.code);
  if (!manifest && mainClass && project.dependencies.length === 0)
    return artifact("build -x test", `java -cp build/classes/java/main ${mainClass}`, 0.6);
  return artifact(
    "build -x test",
    `java -jar ${file("jar") ? `build/libs/${file("jar")}` : named(".jar")}`,
    manifest ? confidence : 0.5,
  );
}

/** The file name that a task is told: `bootJar { archiveFileName = "app.jar" }`. */
function taskName(code: string, task: string): string | undefined {
  const named = new RegExp(
    `\\b${task}\\b["')>\\s]*\\{[^}]{0,600}?(?:archiveFileName|archiveName)(?:\\s*=\\s*|\\.set\\(\\s*|\\s+)["']([^"'$]+)["']`,
  );
  const direct = new RegExp(`\\b${task}\\.(?:archiveFileName|archiveName)(?:\\s*=\\s*|\\.set\\(\\s*)["']([^"'$]+)["']`);
  return (named.exec(code) ?? direct.exec(code))?.[1];
}
