import { describe, expect, test } from "vitest";
import { factsIn, type Repository, servicesIn } from "../compiled/testing.ts";
import {
  APPLICATION,
  artifact,
  BOOT_PARENT,
  BOOT_PLUGIN,
  boot,
  plain,
  pom,
  RESOURCES,
  SPRING,
  WEB,
} from "./testing.ts";

describe("Maven", () => {
  test.each<[string, Repository, Record<string, unknown>]>([
    [
      "Spring Boot",
      boot(
        {},
        {
          mvnw: "#!/bin/sh\n",
          "src/test/java/com/acme/shop/ShopApplicationTests.java": "class ShopApplicationTests {}",
        },
      ),
      {
        name: "shop",
        language: "Java",
        runtime: { name: "java", version: "17" },
        packageManager: "maven",
        framework: "spring-boot",
        kind: "api",
        install: "./mvnw -B dependency:go-offline",
        build: "./mvnw -B package -DskipTests",
        test: "./mvnw -B test",
        start: "java -jar target/shop-0.0.1-SNAPSHOT.jar",
        port: 8080,
      },
    ],
    [
      "a port with a variable",
      boot(
        {},
        {
          [`${RESOURCES}/application.properties`]:
            "#server.port=1\nserver.port=${PORT:9090}\nmanagement.server.port=9091\n",
        },
      ),
      { port: 9090 },
    ],
    [
      "a port in YAML",
      boot(
        {},
        {
          [`${RESOURCES}/application.yml`]:
            "spring:\n  application:\n    name: shop\nserver:\n  port: 8081\n---\nspring.config.activate.on-profile: dev\nserver.port: 1\n",
        },
      ),
      { port: 8081 },
    ],
    [
      "a key with dots in YAML",
      boot({}, { [`${RESOURCES}/application.yaml`]: "server.port: 8082\nserver:\n  address: 127.0.0.1\n" }),
      { port: 8082, bind: "127.0.0.1" },
    ],
    ["only a variable", boot({}, { [`${RESOURCES}/application.properties`]: "server.port=${PORT}\n" }), { port: 8080 }],
    [
      "a name of the jar",
      boot({ build: "<finalName>${project.artifactId}-app</finalName>" }),
      { start: "java -jar target/shop-app.jar", build: "mvn -B package -DskipTests" },
    ],
    [
      "an executable archive for the web, pages",
      boot({
        head: `${BOOT_PARENT}<artifactId>shop</artifactId><version>1</version><packaging>war</packaging>`,
        dependencies: [WEB, artifact("org.springframework.boot:spring-boot-starter-thymeleaf")],
      }),
      { start: "java -jar target/shop-1.war", kind: "web" },
    ],
    [
      "a version by property",
      boot({
        head: `${BOOT_PARENT}<artifactId>shop</artifactId><version>\${revision}</version>`,
        properties: "<revision>2.1</revision>",
      }),
      { start: "java -jar target/shop-2.1.jar" },
    ],
    [
      "Kotlin",
      {
        ...boot(),
        [APPLICATION]: "",
        "src/main/kotlin/com/acme/App.kt":
          "package com.acme\n\n@SpringBootApplication\nclass App\n\nfun main(args: Array<String>) { runApplication<App>(*args) }\n",
      },
      { language: "Kotlin", framework: "spring-boot" },
    ],
    [
      "Spring without the web is a worker",
      boot({ dependencies: [artifact("org.springframework.boot:spring-boot-starter-amqp")] }),
      { kind: "worker", port: null, start: "java -jar target/shop-0.0.1-SNAPSHOT.jar" },
    ],
    [
      "Spring Batch is a job",
      boot({ dependencies: [artifact("org.springframework.boot:spring-boot-starter-batch")] }),
      { kind: "job", port: null },
    ],
    [
      "Quarkus",
      {
        "pom.xml": pom({
          properties:
            "<maven.compiler.release>21</maven.compiler.release><quarkus.platform.group-id>io.quarkus.platform</quarkus.platform.group-id>",
          dependencies: [artifact("io.quarkus:quarkus-rest")],
          plugins:
            "<plugin><groupId>${quarkus.platform.group-id}</groupId><artifactId>quarkus-maven-plugin</artifactId></plugin>",
        }),
        "src/main/java/com/acme/Hello.java": '@Path("/hello") public class Hello {}',
        [`${RESOURCES}/application.properties`]: "quarkus.http.port=8085\n%prod.quarkus.http.port=${PORT:8086}\n",
      },
      {
        framework: "quarkus",
        kind: "api",
        start: "java -jar target/quarkus-app/quarkus-run.jar",
        port: 8086,
        runtime: { name: "java", version: "21" },
      },
    ],
    [
      "Micronaut",
      {
        "pom.xml": pom({
          dependencies: [artifact("io.micronaut:micronaut-http-server-netty")],
          plugins:
            "<plugin><groupId>io.micronaut.maven</groupId><artifactId>micronaut-maven-plugin</artifactId></plugin>",
        }),
        "src/main/java/com/acme/Application.java":
          "public class Application { public static void main(String[] a) { Micronaut.run(Application.class, a); } }",
        [`${RESOURCES}/application.yml`]: "micronaut:\n  server:\n    port: 8087\n",
      },
      { framework: "micronaut", port: 8087, start: "java -jar target/shop-1.0.0.jar" },
    ],
    [
      "Javalin in a shaded jar",
      plain(
        [artifact("io.javalin:javalin")],
        "    Javalin.create().start(7000);",
        "<plugin><artifactId>maven-shade-plugin</artifactId></plugin>",
      ),
      { framework: "javalin", kind: "api", port: 7000, start: "java -jar target/shop-1.0.0.jar" },
    ],
    [
      "Dropwizard with its file",
      {
        ...plain(
          [artifact("io.dropwizard:dropwizard-core")],
          "    new Main().run(args);",
          "<plugin><artifactId>maven-shade-plugin</artifactId></plugin>",
        ),
        "config.yml":
          "server:\n  applicationConnectors:\n    - type: http\n      port: ${PORT:-8180}\n  adminConnectors:\n    - port: 8181\n",
      },
      { framework: "dropwizard", port: 8180, start: "java -jar target/shop-1.0.0.jar server config.yml" },
    ],
    [
      "an assembly with its dependencies",
      plain(
        [artifact("com.sparkjava:spark-core")],
        '    port(Integer.parseInt(System.getenv().getOrDefault("PORT", "4600")));',
        "<plugin><artifactId>maven-assembly-plugin</artifactId><configuration><descriptorRefs><descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs></configuration></plugin>",
      ),
      { framework: "sparkjava", port: 4600, start: "java -jar target/shop-1.0.0-jar-with-dependencies.jar" },
    ],
    [
      "the server of the JDK",
      plain([], '    HttpServer.create(new InetSocketAddress("127.0.0.1", 8500), 0).start();'),
      { framework: null, kind: "api", port: 8500, bind: "127.0.0.1", start: "java -cp target/classes com.acme.Main" },
    ],
    [
      "a tool",
      plain([artifact("info.picocli:picocli")], "    new CommandLine(new Main()).execute(args);"),
      { kind: "cli", start: null, port: null },
    ],
    [
      "a library",
      { "pom.xml": pom({ dependencies: [WEB] }), "src/main/java/com/acme/Util.java": "public class Util {}" },
      { kind: "library", start: null },
    ],
    ["test dependencies are no framework", plain([artifact("io.javalin:javalin", "test")], ""), { framework: null }],
    [
      "version files go first",
      boot({}, { "system.properties": "java.runtime.version=21\n" }),
      { runtime: { name: "java", version: "21" } },
    ],
    [
      "a version of SDKMAN",
      boot({ properties: "" }, { ".sdkmanrc": "# env\njava=17.0.9-tem\n" }),
      { runtime: { name: "java", version: "17.0.9" } },
    ],
    [
      "a compiler plugin",
      plain(
        [],
        "",
        "<plugin><artifactId>maven-compiler-plugin</artifactId><configuration><source>1.8</source></configuration></plugin>",
      ),
      { runtime: { name: "java", version: "1.8" } },
    ],
    [
      "a broken pom",
      { "pom.xml": "\uFEFF<project>\r\n  <artifactId>shop</artifactId>\r\n  <dep", [APPLICATION]: SPRING },
      { packageManager: "maven", name: "shop" },
    ],
    [
      "no pom at all in pom.xml",
      { "pom.xml": "not xml", [APPLICATION]: SPRING },
      { packageManager: null, framework: null },
    ],
  ])("%s", (_, files, expected) => {
    expect(factsIn(files, Object.keys(expected))).toEqual(expected);
  });

  test("only modules that run are services", () => {
    const parent = "<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>3.0</version></parent>";
    const files: Repository = {
      mvnw: "",
      "pom.xml": pom({
        head: `${BOOT_PARENT}<groupId>com.acme</groupId><artifactId>parent</artifactId><version>3.0</version><packaging>pom</packaging><modules><module>core</module><module>api</module></modules>`,
        properties: "<java.version>21</java.version>",
        plugins: BOOT_PLUGIN,
      }),
      "core/pom.xml": pom({ head: `${parent}<artifactId>core</artifactId>`, dependencies: [WEB] }),
      "core/src/main/java/com/acme/Core.java": "public class Core {}",
      "api/pom.xml": pom({ head: `${parent}<artifactId>api</artifactId>`, dependencies: [artifact("com.acme:core")] }),
      [`api/${APPLICATION}`]: SPRING,
      [`api/${RESOURCES}/application.properties`]: "server.port=8088",
    };
    const found = servicesIn(files);
    expect(Object.keys(found)).toEqual(["api"]);
    expect(found.api).toMatchObject({
      path: "api",
      framework: "spring-boot",
      kind: "api",
      runtime: { name: "java", version: "21" },
      workspace: ".",
      internal: ["core"],
      port: 8088,
      build: "../mvnw -B package -DskipTests -f ../pom.xml -pl api -am",
      start: "java -jar target/api-3.0.jar",
    });
    expect(factsIn(files, ["kind", "start"], "core")).toEqual({ kind: "library", start: null });
    expect(factsIn(files, ["kind"])).toEqual({ kind: "library" });
  });
});

test("an archive for a servlet container is deployed, whoever starts it", () => {
  const files: Repository = {
    "pom.xml": pom({
      head: "<groupId>a</groupId><artifactId>shop</artifactId><version>1</version><packaging>war</packaging>",
    }),
    "src/main/java/com/acme/Hello.java": 'package com.acme; @WebServlet("/") public class Hello {}',
  };
  expect(servicesIn(files).shop).toMatchObject({
    kind: "web",
    languages: ["Java"],
    packageManager: "maven",
    start: null,
  });
});

test("a program with a window is no service", () => {
  const files: Repository = {
    "pom.xml": pom({ head: "<groupId>a</groupId><artifactId>paint</artifactId><version>1</version>" }),
    "src/main/java/com/acme/Paint.java":
      "package com.acme;\nimport javax.swing.JFrame;\npublic class Paint { public static void main(String[] a) { new JFrame(); } }\n",
  };
  expect(factsIn(files, ["kind", "start"])).toEqual({ kind: "cli", start: null });
});

test("Maven goes before Gradle where both are there", () => {
  const files = { ...boot(), "build.gradle": "plugins { id 'org.springframework.boot' }" };
  expect(factsIn(files, ["packageManager", "start"])).toEqual({
    packageManager: "maven",
    start: "java -jar target/shop-0.0.1-SNAPSHOT.jar",
  });
});
