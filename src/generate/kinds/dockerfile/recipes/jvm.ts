import type { Instruction, Stage } from "../../../../formats/dockerfile/print.ts";
import { apkAdd, copy, env, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";
import { stateFolders } from "./python.ts";

/** The JVM takes three quarters of the container's memory, and dies rather than limps when it is out of it. */
const MEMORY = 'JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError"';

/** Java and Kotlin: built by Maven or Gradle, run on a JRE with a tool to ask for its health. */
export function jvmRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const base = site.image("temurin-jre", service.runtime.version);
  const jdk = site.image("temurin-jdk", service.runtime.version);
  if (base === undefined || jdk === undefined || service.start === null) return undefined;
  const built = artefact(service.start);
  const steps = service.packageManager === "gradle" ? gradle(site) : maven(site, jdk);
  if (!steps) return undefined;
  const quarkus = built?.endsWith("quarkus-run.jar");
  return [
    { image: steps.image, name: "build", instructions: [workdir("/src"), ...steps.instructions] },
    {
      image: base,
      instructions: [
        env(MEMORY),
        workdir(HOME),
        ...apkAdd(service.native),
        copy(
          quarkus
            ? `--from=build /src/${site.inService("target/quarkus-app")} ./`
            : `--from=build /src/${site.inService(built ?? "target/*.jar")} ./app.jar`,
        ),
        ...stateFolders(service.state),
        ...listens(service),
        ...startsAs(service.start.replace(/-jar\s+\S+/, `-jar ${quarkus ? "quarkus-run.jar" : "app.jar"}`)),
      ],
    },
  ];
}

/** The jar that the start command names; a version in it is any version. */
function artefact(start: string): string | undefined {
  return /-jar\s+(\S+)/.exec(start)?.[1]?.replace(/^\.\//, "");
}

interface Steps {
  image: string;
  instructions: Instruction[];
}

function maven(site: Site, jdk: string): Steps | undefined {
  const wrapper = site.has("mvnw");
  const image = wrapper ? jdk : site.image("maven", site.service.runtime.version);
  if (image === undefined) return undefined;
  const program = wrapper ? "./mvnw" : "mvn";
  const only = site.folder === "." ? "" : ` -pl ${site.folder} -am`;
  return {
    image,
    instructions: [
      ...(site.folder === "."
        ? [
            ...copyFiles(present(site, ["mvnw", "pom.xml"])),
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
  const wrapper = site.has("gradlew");
  const image = site.image(wrapper ? "temurin-jdk" : "gradle", site.service.runtime.version);
  if (image === undefined) return undefined;
  const program = wrapper ? "./gradlew" : "gradle";
  const task =
    /\b(bootJar|shadowJar|installDist|buildFatJar|quarkusBuild)\b/.exec(site.service.build ?? "")?.[1] ??
    "build -x test";
  const project = site.folder === "." ? "" : `:${site.folder.replaceAll("/", ":")}:`;
  return {
    image,
    instructions: [
      ...(site.folder === "."
        ? [
            ...copyFiles(present(site, GRADLE_FILES)),
            copy("gradle ./gradle"),
            run(`${program} --no-daemon dependencies`),
          ]
        : []),
      copy(". ."),
      run(`${program} --no-daemon ${project}${task}`),
    ],
  };
}
