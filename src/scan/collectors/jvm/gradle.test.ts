import { describe, expect, test } from "vitest";
import { factsIn, type Repository, servicesIn } from "../compiled/testing.ts";
import { APPLICATION, RESOURCES, SPRING } from "./testing.ts";

test("a port that another project of the build names", () => {
  const files: Repository = {
    "settings.gradle.kts": 'rootProject.name = "shop"\ninclude(":server", ":shared")\n',
    "server/build.gradle.kts":
      'plugins { kotlin("jvm"); id("io.ktor.plugin") version "2.3.7" }\ndependencies {\n  implementation(projects.shared)\n  implementation("io.ktor:ktor-server-netty:2.3.7")\n}\n',
    "server/src/main/kotlin/Application.kt":
      'package shop\nfun main() { embeddedServer(Netty, port = SERVER_PORT, host = "0.0.0.0") {}.start(wait = true) }\n',
    "shared/build.gradle.kts": 'plugins { kotlin("jvm") }\n',
    "shared/src/main/kotlin/Constants.kt": "package shop\nconst val SERVER_PORT = 8091\n",
  };
  expect(servicesIn(files).server).toMatchObject({ framework: "ktor", port: 8091 });
});

describe("Gradle", () => {
  const KOTLIN =
    'package com.acme\n\nimport io.ktor.server.engine.*\n\nfun main() {\n  embeddedServer(\n    factory = Netty,\n    port = 8090,\n    host = "0.0.0.0",\n    module = Application::module).start(wait = true)\n}\n';
  const GROOVY_BOOT =
    "plugins {\n  id 'java'\n  id 'org.springframework.boot' version '3.2.0'\n}\n\ngroup = 'com.acme'\nversion = '0.1'\n\njava {\n  toolchain {\n    languageVersion = JavaLanguageVersion.of(21)\n  }\n}\n\ndependencies {\n  implementation 'org.springframework.boot:spring-boot-starter-web'\n  testImplementation 'io.ktor:ktor-server-tests:2.0'\n}\n";
  const SETTINGS = { "settings.gradle": "rootProject.name = 'shop'\n" };
  test.each<[string, Repository, Record<string, unknown>]>([
    [
      "Spring Boot",
      { ...SETTINGS, gradlew: "", "build.gradle": GROOVY_BOOT, [APPLICATION]: SPRING },
      {
        name: "shop",
        language: "Java",
        packageManager: "gradle",
        framework: "spring-boot",
        runtime: { name: "java", version: "21" },
        build: "./gradlew bootJar",
        start: "java -jar build/libs/shop-0.1.jar",
        port: 8080,
      },
    ],
    [
      "Grails over Spring Boot",
      {
        ...SETTINGS,
        "build.gradle":
          "plugins {\n  id 'org.grails.grails-web' version '6.1.0'\n  id 'war'\n}\nversion '0.1'\ndependencies {\n  implementation 'org.grails:grails-core'\n  implementation 'org.springframework.boot:spring-boot-starter-tomcat'\n}\n",
        "grails-app/init/acme/Application.groovy":
          "package acme\nimport grails.boot.GrailsApp\nclass Application { static void main(String[] args) { GrailsApp.run(Application, args) } }\n",
      },
      { language: "Groovy", framework: "grails", kind: "web", start: "java -jar build/libs/shop-0.1.war", port: 8080 },
    ],
    [
      "an archive for a servlet container",
      {
        ...SETTINGS,
        "build.gradle": "plugins { id 'war' }\n",
        "src/main/java/acme/Hello.java": "package acme; public class Hello {}\n",
      },
      { kind: "web", start: null },
    ],
    [
      "a name of the boot jar",
      {
        ...SETTINGS,
        "build.gradle": `${GROOVY_BOOT}\nbootJar {\n  archiveFileName = 'app.jar'\n}\n`,
        [APPLICATION]: SPRING,
      },
      { build: "gradle bootJar", start: "java -jar build/libs/app.jar" },
    ],
    [
      "a name set in Kotlin",
      {
        "settings.gradle.kts": 'rootProject.name = "shop"',
        "build.gradle.kts":
          'plugins {\n  kotlin("jvm")\n  id("org.springframework.boot") version "3.2.0"\n}\ntasks.named<BootJar>("bootJar") {\n  archiveFileName.set("run.jar")\n}\n',
        [APPLICATION]: SPRING,
      },
      { start: "java -jar build/libs/run.jar" },
    ],
    [
      "no version",
      {
        ...SETTINGS,
        "build.gradle": "plugins { id 'org.springframework.boot' version '3.2.0' }",
        [APPLICATION]: SPRING,
      },
      { start: "java -jar build/libs/shop.jar" },
    ],
    [
      "a version of gradle.properties",
      {
        ...SETTINGS,
        "gradle.properties": "version=2.3.4\n",
        "build.gradle": "plugins { id 'org.springframework.boot' version '3.2.0' }",
        [APPLICATION]: SPRING,
      },
      { start: "java -jar build/libs/shop-2.3.4.jar" },
    ],
    [
      "a catalog",
      {
        "settings.gradle.kts": 'rootProject.name = "shop"',
        "gradle/libs.versions.toml":
          '[versions]\nboot = "3.2.0"\n[libraries]\nspring-web = { module = "org.springframework.boot:spring-boot-starter-web" }\n[plugins]\nspring-boot = { id = "org.springframework.boot", version.ref = "boot" }\n',
        "build.gradle.kts":
          "plugins {\n  java\n  alias(libs.plugins.spring.boot)\n}\n\ndependencies {\n  implementation(libs.spring.web)\n}\n",
        [APPLICATION]: SPRING,
      },
      { framework: "spring-boot", kind: "api", build: "gradle bootJar" },
    ],
    [
      "a plugin that is not applied",
      { ...SETTINGS, "build.gradle": "plugins {\n  id 'org.springframework.boot' version '3.2.0' apply false\n}\n" },
      { framework: null, kind: "library" },
    ],
    [
      "Ktor with its plugin",
      {
        "settings.gradle.kts": 'rootProject.name = "shop"',
        "build.gradle.kts":
          'plugins {\n  kotlin("jvm") version "2.0"\n  id("io.ktor.plugin") version "2.3.0"\n}\nversion = "1.0"\nkotlin { jvmToolchain(17) }\ndependencies {\n  implementation("io.ktor:ktor-server-netty")\n}\n',
        "src/main/kotlin/Application.kt": KOTLIN,
      },
      {
        language: "Kotlin",
        framework: "ktor",
        port: 8090,
        bind: "0.0.0.0",
        build: "gradle buildFatJar",
        start: "java -jar build/libs/shop-all.jar",
        runtime: { name: "java", version: "17" },
      },
    ],
    [
      "Ktor with its files",
      {
        "settings.gradle.kts": 'rootProject.name = "shop"',
        "build.gradle.kts":
          'plugins {\n  application\n}\napplication {\n  mainClass.set("io.ktor.server.netty.EngineMain")\n}\ndependencies {\n  implementation("io.ktor:ktor-server-core-jvm:2.3.0")\n}\n',
        "src/main/kotlin/Application.kt": "import io.ktor.server.application.*\n\nfun Application.module() {}\n",
        [`${RESOURCES}/application.conf`]: "ktor {\n  deployment {\n    port = 8091\n    port = ${?PORT}\n  }\n}\n",
      },
      { framework: "ktor", port: 8091, build: "gradle installDist", start: "./build/install/shop/bin/shop" },
    ],
    [
      "Ktor with YAML",
      {
        "build.gradle.kts":
          'plugins { application }\ndependencies {\n  implementation("io.ktor:ktor-server-netty:2.3.0")\n}\n',
        "src/main/kotlin/App.kt": "fun main(args: Array<String>) = EngineMain.main(args)\n",
        [`${RESOURCES}/application.yaml`]: 'ktor:\n  deployment:\n    port: "$PORT:8092"\n',
      },
      { port: 8092 },
    ],
    [
      "a shadow jar",
      {
        ...SETTINGS,
        "build.gradle":
          "plugins {\n  id 'application'\n  id 'com.github.johnrengelman.shadow' version '8.1.1'\n}\nversion = '1.2'\ndependencies { implementation 'io.javalin:javalin:6.1.0' }\n",
        "src/main/java/Main.java":
          "public class Main { public static void main(String[] a) { Javalin.create().start(7070); } }",
      },
      { framework: "javalin", build: "gradle shadowJar", start: "java -jar build/libs/shop-1.2-all.jar", port: 7070 },
    ],
    [
      "Quarkus",
      {
        ...SETTINGS,
        gradlew: "",
        "build.gradle":
          "plugins { id 'io.quarkus' }\ndependencies { implementation 'io.quarkus:quarkus-resteasy-reactive' }\n",
        "src/main/java/Hello.java": '@Path("/") class Hello {}',
      },
      { framework: "quarkus", build: "./gradlew build -x test", start: "java -jar build/quarkus-app/quarkus-run.jar" },
    ],
    [
      "an application of Android",
      {
        "build.gradle": "plugins {\n  id 'com.android.application'\n}\n",
        "src/main/java/Main.java": "class Main { public static void main(String[] a) {} }",
      },
      { kind: "library", start: null },
    ],
    [
      "a commented-out plugin",
      {
        ...SETTINGS,
        "build.gradle": "plugins {\n  // id 'org.springframework.boot' version '3.2.0'\n  id 'java'\n}\n",
        "src/main/java/A.java": "class A {}",
      },
      { framework: null, kind: "library" },
    ],
    [
      "a broken build",
      { "build.gradle": "plugins {\n  id 'org.springframework.boot\n", [APPLICATION]: SPRING },
      { packageManager: "gradle", start: "java -jar build/libs/shop.jar" },
    ],
  ])("%s", (_, files, expected) => {
    expect(factsIn(files, Object.keys(expected))).toEqual(expected);
  });

  test("projects that run are services, with and without their own build files", () => {
    const files: Repository = {
      gradlew: "",
      "settings.gradle":
        "rootProject.name = 'shop'\ninclude ':core', ':services:api'\ninclude 'worker'\nproject(':worker').projectDir = file('apps/worker')\n",
      "build.gradle":
        "plugins { id 'org.springframework.boot' version '3.2.0' apply false }\nsubprojects {\n  apply plugin: 'java'\n  version = '5'\n}\n",
      "core/build.gradle": "dependencies { api 'org.springframework.boot:spring-boot-starter-web' }\n",
      "core/src/main/java/Core.java": "class Core {}",
      "services/api/build.gradle": "plugins { id 'my.service' }\ndependencies { implementation project(':core') }\n",
      "buildSrc/build.gradle": "plugins { id 'groovy-gradle-plugin' }\n",
      "buildSrc/src/main/groovy/my.service.gradle": "plugins { id 'org.springframework.boot' }\n",
      [`services/api/${APPLICATION}`]: SPRING,
      "apps/worker/src/main/java/Main.java": "class Main { public static void main(String[] a) {} }",
    };
    const found = servicesIn(files);
    expect(Object.keys(found)).toEqual(["worker", "api"]);
    expect(found.api).toMatchObject({
      path: "services/api",
      kind: "api",
      framework: "spring-boot",
      internal: ["core"],
      workspace: ".",
      build: "../../gradlew bootJar",
      start: "java -jar build/libs/api-5.jar",
    });
    expect(found.worker).toMatchObject({ path: "apps/worker", packageManager: "gradle", kind: "worker" });
    expect(factsIn(files, ["kind"], "core")).toEqual({ kind: "library" });
    expect(factsIn(files, ["kind"], "buildSrc")).toEqual({ kind: "library" });
  });
});
