import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import { searchCode } from "../../search.ts";
import { JVM_FRAMEWORKS, type JvmFramework } from "../../tables/jvm-frameworks.ts";
import { relativePath } from "../compiled/relative-path.ts";
import { gradleArtifact } from "./gradle-artifact.ts";
import { mavenArtifact } from "./maven-artifact.ts";
import { claimPort, type JvmProgram, kindOf } from "./program.ts";
import { type JvmProject, projectAt } from "./project.ts";
import { claimJava } from "./runtime.ts";
import { jvmSources, mainClass, mainLanguage } from "./sources.ts";

/** Projects of Maven and Gradle. */
export const jvmCollector: Collector = {
  id: "jvm",
  reads: [
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "gradle/libs.versions.toml",
    "application.properties",
    "application.yml",
  ],
  collect(view) {
    const project = projectAt(view.snapshot, view.unit.path);
    if (!project) return;
    const sources = jvmSources(view);
    const language = mainLanguage(view, sources);
    const at = view.seen(project.file, 1, "build");
    if (language)
      view.claim("language", language.language, { source: "project", at: [at, view.seen(language.file, 1, "source")] });
    claimJava(view, project);
    view.claim("packageManager", project.build.tool, { source: "project", at });
    if (project.name) view.claim("name", project.name, { source: "project", at });
    claimNeighbours(view, project);
    const framework = claimFramework(view, project, sources);
    const main = mainClass(view, sources);
    const program: JvmProgram = {
      project,
      framework,
      main,
      sources,
      at: main ? view.seen(main.hit.file, main.hit.place, "main") : at,
    };
    if (isRunnable(view, program)) claimProgram(view, program);
    else view.claim("kind", "library", { source: "project", confidence: 0.8, at });
  },
};

function claimFramework(
  view: View,
  { plugins, dependencies }: JvmProject,
  sources: readonly string[],
): JvmFramework | undefined {
  for (const framework of JVM_FRAMEWORKS) {
    const plugin = plugins.find(({ id, inherited }) => !inherited && framework.plugin?.test(id));
    const dependency = dependencies.find(({ name }) => framework.dependency.test(name));
    const found = plugin
      ? view.seen(plugin.file, plugin.place, "plugin")
      : dependency && view.seen(dependency.file, dependency.place(), "dependency");
    const hit = searchCode(view, new RegExp(framework.imports.source, "g"), { files: sources, of: "bare" })[0];
    const used = hit && view.seen(hit.file, hit.place, "import");
    if (found) view.claim("framework", framework.id, { source: "project", at: found });
    if (used) view.claim("framework", framework.id, { source: "code", at: used });
    if (found || used) return framework;
  }
  return undefined;
}

/** Whether it is a program: a main class, an archive for a servlet container, or a plugin that makes one. */
function isRunnable(view: View, { project, framework, main, sources }: JvmProgram): boolean {
  if (project.plugins.some(({ id, inherited }) => !inherited && /^com\.android\.(?:application|library)$/.test(id)))
    return false;
  if (/(?:^|\/)(?:buildSrc|build-logic|gradle\/plugins)(?:\/|$)/.test(view.unit.path)) return false;
  const { build } = project;
  if (build.tool === "maven" && build.pom.packaging === "pom") return false;
  if (framework?.id === "spring-boot") return main !== undefined && (main.spring || hasOwnPlugin(project, framework));
  if (main || isWebArchive(project)) return true;
  if (sources.length === 0) return false;
  if (framework?.id === "quarkus") return hasOwnPlugin(project, framework);
  return build.tool === "gradle" && /\bmainClass(?:Name)?\b\s*(?:=|\.set\()/.test(build.gradle.code);
}

function hasOwnPlugin({ plugins }: JvmProject, { plugin }: JvmFramework): boolean {
  return plugins.some(({ id, inherited }) => !inherited && plugin?.test(id));
}

/** What is made for a servlet container answers requests, whatever the code says. */
function isWebArchive({ build, plugins }: JvmProject): boolean {
  if (build.tool === "maven") return build.pom.packaging === "war";
  return plugins.some(({ id, inherited }) => !inherited && id === "war");
}

function claimProgram(view: View, program: JvmProgram): void {
  const { project, framework, main, at } = program;
  const kind = kindOf(view, program);
  if (kind) view.claim("kind", kind.kind, { source: "code", confidence: kind.confidence, at: kind.at });
  if (isWebArchive(project)) view.claim("kind", kind?.kind ?? "web", { source: "project", confidence: 0.9, at });
  const run = commands(view, project);
  const worth = { source: "convention", confidence: 0.8, at } as const;
  view.claim("install", run.install, worth);
  if (view.files.some((file) => /(?:^|\/)src\/test\/.*\.\w+$/.test(file))) view.claim("test", run.test, worth);
  if (kind?.kind === "cli") return;
  const input = { view, project, framework: framework?.id, mainClass: main?.name };
  const { build } = project;
  const artifact = build.tool === "maven" ? mavenArtifact(input, build.pom) : gradleArtifact(input, build.gradle);
  if (artifact) {
    view.claim("build", run.build(artifact.task), worth);
    view.claim("start", artifact.start, { ...worth, confidence: artifact.confidence });
  } else view.miss("start", "a web archive needs a servlet container, and the build brings none", at);
  if (kind?.kind === "api" || kind?.kind === "web") claimPort(view, program);
}

/** The commands as they are typed in the unit's folder; the wrapper of the build goes before an installed tool. */
function commands({ snapshot }: View, { build, folder, root }: JvmProject) {
  const up = folder === root ? "." : relativePath(folder, root);
  const wrapper = (base: string, tool: string) => {
    for (let at = folder; ; at = folderOf(at)) {
      if (snapshot.has(joinPath(at, base) as string))
        return at === folder ? `./${base}` : `${relativePath(folder, at)}/${base}`;
      if (at === ".") return tool;
    }
  };
  if (build.tool === "gradle") {
    const gradle = wrapper("gradlew", "gradle");
    return { install: `${gradle} dependencies`, test: `${gradle} test`, build: (task: string) => `${gradle} ${task}` };
  }
  const maven = `${wrapper("mvnw", "mvn")} -B`;
  // Modules that a module needs are only built with it from the root of the build.
  const from = up === "." ? "" : ` -f ${up}/pom.xml -pl ${folder.slice(root === "." ? 0 : root.length + 1)} -am`;
  return {
    install: `${maven} dependency:go-offline`,
    test: `${maven} test${from}`,
    build: (task: string) => `${maven} ${task} -DskipTests${from}`,
  };
}

function claimNeighbours(view: View, { root, folder, file, internal }: JvmProject): void {
  if (root !== folder) view.claim("workspace", root, { source: "project", at: view.seen(file, 1, "build") });
  for (const { folder: path, file: by, place } of internal)
    view.claimEach("internal", path, { path }, { source: "project", at: view.seen(by, place, "project-dependency") });
}
