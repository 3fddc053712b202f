import { expect, test } from "vitest";
import { servicesIn } from "../../compiled/testing.ts";

const POM =
  "<project><groupId>a</groupId><artifactId>shop</artifactId><version>1.0</version><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.2.0</version></parent><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>\n";
const MAIN =
  "package a;\n@SpringBootApplication\npublic class App { public static void main(String[] x) { SpringApplication.run(App.class, x); } }\n";
const BUILT = "java -jar target/shop-1.0.jar";

const start = (dockerfile: string, folder = "") =>
  Object.values(
    servicesIn({
      [`${folder}pom.xml`]: POM,
      [`${folder}src/main/java/a/App.java`]: MAIN,
      [`${folder}Dockerfile`]: dockerfile,
    }),
  ).map((service) => service.start);

test.each<[string, string, string]>([
  [
    "an argument with a pattern",
    'FROM eclipse-temurin:17\nARG JAR_FILE=target/*.jar\nCOPY ${JAR_FILE} app.jar\nENTRYPOINT ["java", "-Djava.security.egd=file:/dev/./urandom", "-jar", "/app.jar"]\n',
    BUILT,
  ],
  [
    "an archive of another stage, with arguments",
    'FROM maven:3 AS build\nWORKDIR /build\nCOPY . .\nRUN mvn package\nFROM eclipse-temurin:17\nWORKDIR /opt\nCOPY --from=build /build/target/shop-1.0.jar ./shop.jar\nCMD ["java", "-Xmx512m", "-jar", "shop.jar", "--spring.profiles.active=prod"]\n',
    "java -Xmx512m -jar target/shop-1.0.jar --spring.profiles.active=prod",
  ],
  [
    "a line of a shell",
    'FROM eclipse-temurin:17\nCOPY build/target/shop-1.0.jar /srv/shop.jar\nENTRYPOINT ["sh", "-c", "java $JAVA_OPTS -jar /srv/shop.jar"]\n',
    "java $JAVA_OPTS -jar build/target/shop-1.0.jar",
  ],
  [
    "an archive in parts",
    'FROM eclipse-temurin:17\nCOPY --from=build /x/application/ ./\nENTRYPOINT ["java", "org.springframework.boot.loader.launch.JarLauncher"]\n',
    BUILT,
  ],
  [
    "an archive of which nothing is known, with arguments",
    'FROM eclipse-temurin:17\nCOPY target/*.jar app.jar\nCMD ["java", "-jar", "app.jar", "--debug"]\n',
    "java -jar app.jar --debug",
  ],
  ["the archive itself", `FROM eclipse-temurin:17\nWORKDIR /app\nCOPY . .\nCMD ${BUILT}\n`, BUILT],
])("what an image of the JVM starts is what the build leaves: %s", (_, dockerfile, expected) => {
  expect(start(dockerfile)).toEqual([expected]);
});

test("in a folder of its own", () => {
  const image =
    'FROM maven:3 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn package\nFROM eclipse-temurin:17\nCOPY --from=build /src/target/shop-1.0.jar /app.jar\nCMD ["java", "-jar", "/app.jar"]\n';
  expect(start(image, "api/")).toEqual([BUILT]);
});
