import type { Repository } from "../compiled/testing.ts";

export const artifact = (id: string, scope = "") => {
  const [group, name] = id.split(":");
  return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId>${scope && `<scope>${scope}</scope>`}</dependency>`;
};
export const BOOT_PARENT =
  "<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.2.0</version><relativePath/></parent>";
export const BOOT_PLUGIN =
  "<plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin>";
export const pom = (parts: {
  head?: string;
  properties?: string;
  dependencies?: string[];
  plugins?: string;
  build?: string;
}) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n  <modelVersion>4.0.0</modelVersion>\n  ${
    parts.head ?? "<groupId>com.acme</groupId><artifactId>shop</artifactId><version>1.0.0</version>"
  }\n  <properties>${parts.properties ?? ""}</properties>\n  <dependencies>${(parts.dependencies ?? []).join("")}</dependencies>\n  <build>${parts.build ?? ""}<plugins>${parts.plugins ?? ""}</plugins></build>\n</project>\n`;
export const WEB = artifact("org.springframework.boot:spring-boot-starter-web");
export const APPLICATION = "src/main/java/com/acme/shop/ShopApplication.java";
export const SPRING = `package com.acme.shop;\n\n@SpringBootApplication\npublic class ShopApplication {\n  public static void main(String[] args) { SpringApplication.run(ShopApplication.class, args); }\n}\n`;
export const boot = (parts: Parameters<typeof pom>[0] = {}, more: Repository = {}): Repository => ({
  "pom.xml": pom({
    head: `${BOOT_PARENT}<groupId>com.acme</groupId><artifactId>shop</artifactId><version>0.0.1-SNAPSHOT</version>`,
    properties: "<java.version>17</java.version>",
    dependencies: [WEB],
    plugins: BOOT_PLUGIN,
    ...parts,
  }),
  [APPLICATION]: SPRING,
  ...more,
});
export const plain = (dependencies: string[], main: string, plugins = ""): Repository => ({
  "pom.xml": pom({ dependencies, plugins }),
  "src/main/java/com/acme/Main.java": `package com.acme;\n\npublic class Main {\n  public static void main(String[] args) {\n${main}\n  }\n}\n`,
});
export const RESOURCES = "src/main/resources";
