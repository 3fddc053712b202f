import type { Instruction, Stage } from "../../../../formats/dockerfile/print.ts";
import { runningOnAlpine } from "../native.ts";
import { apkAdd, copy, env, HOME, listens, run, startsAs, workdir, writableFolders } from "../parts.ts";
import { copyFiles, hasFolder, present, type Site } from "../recipe.ts";

/** The JVM takes three quarters of the container's memory, and dies rather than limps when it is out of it. */
const MEMORY = 'JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError"';
/** By which property a framework takes its port; none reads PORT by itself. */
const PORTS: Record<string, string> = {
  "spring-boot": "server.port",
  quarkus: "quarkus.http.port",
  micronaut: "micronaut.server.port",
};

/** Java and Kotlin: built by Maven or Gradle, run on a JRE with a tool to ask for its health. */
export function jvmRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const base = site.image("temurin-jre", service.runtime.version);
  const steps = service.packageManager === "gradle" ? gradle(site) : maven(site);
  if (base === undefined || !steps || service.start === null) return undefined;
  const artefact = artefactOf(service.start);
  if (!artefact) return undefined;
  return [
    { image: steps.image, name: "build", instructions: [workdir("/src"), ...steps.instructions] },
    {
      image: base,
      instructions: [
        env(MEMORY),
        workdir(HOME),
        ...apkAdd(runningOnAlpine(service.native)),
        copy(`--from=build /src/${site.inService(artefact.from)} ${artefact.to}`),
        ...writableFolders(service),
        ...listens(service),
        ...startsAs(withPort(artefact.start, site)),
      ],
    },
  ];
}

/** What the build leaves, where the image has it, and how it is started there. */
function artefactOf(start: string): { from: string; to: string; start: string } | undefined {
  const jar = /-jar\s+(\S+)/.exec(start)?.[1]?.replace(/^\.\//, "");
  if (jar?.endsWith("quarkus-run.jar")) {
    const from = jar.slice(0, -"/quarkus-run.jar".length);
    return { from, to: "./", start: start.replace(/-jar\s+\S+/, "-jar quarkus-run.jar") };
  }
  if (jar !== undefined) return { from: jar, to: "./app.jar", start: start.replace(/-jar\s+\S+/, "-jar app.jar") };
  const script = /^(?:\.\/)?(\S+)\/bin\/([\w-]+)(.*)$/.exec(start);
  return script ? { from: script[1] ?? "", to: "./", start: `bin/${script[2]}${script[3]}` } : undefined;
}

function withPort(start: string, { service }: Site): string {
  const property = PORTS[service.framework ?? ""];
  if (property === undefined || service.port === null || start.includes(`${property}=`)) return start;
  return start.replace(/^java\b/, `java -D${property}=\${PORT:-${service.port}}`);
}

interface Steps {
  image: string;
  instructions: Instruction[];
}

function maven(site: Site): Steps | undefined {
  const wrapper = site.has("mvnw") && hasFolder(site, ".mvn");
  const image = site.image(wrapper ? "temurin-jdk" : "maven", site.service.runtime.version);
  if (image === undefined) return undefined;
  const program = wrapper ? "./mvnw" : "mvn";
  const only = site.folder === "." ? "" : ` -pl ${site.folder} -am`;
  const poms = site.paths().filter((path) => /(?:^|\/)pom\.xml$/.test(path));
  // Modules need each other, which no repository has: what they need of others is fetched by the build itself.
  const alone = poms.length === 1 && site.folder === ".";
  return {
    image,
    instructions: [
      ...(alone
        ? [
            ...copyFiles(present(site, [...(wrapper ? ["mvnw"] : []), "pom.xml"])),
            ...(wrapper ? [copy(".mvn ./.mvn")] : []),
            run(`${program} -B -ntp dependency:go-offline`),
          ]
        : []),
      copy(". ."),
      run(`${program} -B -ntp -DskipTests${only} package`),
    ],
  };
}

const GRADLE_FILES = [
  "gradlew",
  "settings.gradle",
  "settings.gradle.kts",
  "build.gradle",
  "build.gradle.kts",
  "gradle.properties",
];

function gradle(site: Site): Steps | undefined {
  const wrapper = site.has("gradlew") && hasFolder(site, "gradle/wrapper");
  const image = site.image(wrapper ? "temurin-jdk" : "gradle", site.service.runtime.version);
  if (image === undefined) return undefined;
  const program = wrapper ? "./gradlew" : "gradle";
  const task =
    /\b(bootJar|shadowJar|installDist|buildFatJar|quarkusBuild)\b/.exec(site.service.build ?? "")?.[1] ??
    "build -x test";
  const project = site.folder === "." ? "" : `:${site.folder.replaceAll("/", ":")}:`;
  const alone = site.paths().filter((path) => /(?:^|\/)build\.gradle(?:\.kts)?$/.test(path)).length === 1;
  return {
    image,
    instructions: [
      ...(alone && site.folder === "."
        ? [
            ...copyFiles(present(site, GRADLE_FILES)),
            ...(hasFolder(site, "gradle") ? [copy("gradle ./gradle")] : []),
            run(`${program} --no-daemon dependencies`),
          ]
        : []),
      copy(". ."),
      run(`${program} --no-daemon ${project}${task}`),
    ],
  };
}
