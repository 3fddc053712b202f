/** How a framework of the JVM shows itself. */
export interface JvmFramework {
  id: string;
  plugin?: RegExp;
  dependency: RegExp;
  /** Its packages in code. */
  imports: RegExp;
  /** What makes it answer requests; without it a program is no server. Absent: it always does. */
  serves?: RegExp;
  /** What makes pages of it. */
  pages: RegExp;
  /** Where it listens unless told otherwise. */
  port?: number;
}

const TEMPLATES =
  "thymeleaf|freemarker|mustache|velocity|pebble|jte|handlebars|rocker|html-builder|htmx|groovy-templates";

/** The most specific first. */
export const JVM_FRAMEWORKS: readonly JvmFramework[] = [
  {
    id: "grails",
    plugin: /^org\.(?:apache\.)?grails(?:\.gradle)?\.grails-web$|^grails-web$/,
    dependency: /^org\.(?:apache\.)?grails:grails-(?:core|web-boot)$/,
    imports: /\bgrails\.boot\b/,
    pages: /:grails-(?:plugin-)?(?:gsp|views-gson)$|^org\.(?:apache\.)?grails:/,
    port: 8080,
  },
  {
    id: "spring-boot",
    plugin: /^org\.springframework\.boot(?::spring-boot-maven-plugin)?$/,
    dependency: /^org\.springframework\.boot:/,
    imports: /\borg\.springframework\.boot\b|@SpringBootApplication\b/,
    serves:
      /:spring-boot-starter-(?:web|webflux|webmvc|web-services|jersey|graphql|data-rest|hateoas|websocket|rsocket|tomcat|jetty|undertow|thymeleaf)$|:spring-webmvc$|:spring-cloud-(?:starter-gateway\S*|gateway\S*|config-server|starter-netflix-(?:eureka-server|zuul))$|:spring-boot-admin-starter-server$|^com\.vaadin:|grpc-server-spring-boot/,
    pages: new RegExp(
      `:spring-boot-starter-(?:${TEMPLATES})$|:tomcat-embed-jasper$|^com\\.vaadin:|:(?:thymeleaf|jte)-spring`,
    ),
    port: 8080,
  },
  {
    id: "quarkus",
    plugin: /^(?:\$\{quarkus\.platform\.group-id\}|io\.quarkus(?:\.platform)?)(?::quarkus-maven-plugin)?$/,
    dependency: /^io\.quarkus(?:\.\w+)*:/,
    imports: /\bio\.quarkus\b/,
    serves:
      /:quarkus-(?:rest|resteasy|vertx-http|reactive-routes|undertow|smallrye-graphql|smallrye-openapi|spring-web|grpc|funqy-http|websockets)\S*$|quarkus-renarde/,
    pages: /:quarkus-(?:rest|resteasy\S*)-qute$|:quarkus-renarde$|:quarkus-web-bundler$/,
    port: 8080,
  },
  {
    id: "micronaut",
    plugin: /^io\.micronaut\.(?:minimal\.)?application$|^io\.micronaut\.(?:maven|build):micronaut-maven-plugin$/,
    dependency: /^io\.micronaut(?:\.\w+)*:/,
    imports: /\bio\.micronaut\b/,
    serves:
      /:micronaut-http-server\S*$|:micronaut-(?:servlet|jetty|tomcat|undertow)\S*$|^io\.micronaut:micronaut-http-server/,
    pages: /^io\.micronaut\.views:/,
    port: 8080,
  },
  {
    id: "dropwizard",
    dependency: /^io\.dropwizard:dropwizard-core$/,
    imports: /\bio\.dropwizard\b/,
    pages: /^io\.dropwizard:dropwizard-views/,
    port: 8080,
  },
  {
    id: "helidon",
    dependency: /^io\.helidon(?:\.\w+)*:helidon-(?:webserver|microprofile)/,
    imports: /\bio\.helidon\b/,
    pages: /$^/,
    port: 8080,
  },
  {
    id: "play",
    plugin: /^org\.playframework\.play$/,
    dependency: /^(?:com\.typesafe\.play|org\.playframework):play/,
    imports: /\bplay\.(?:api|mvc)\b/,
    pages: /:play/,
    port: 9000,
  },
  {
    id: "ktor",
    plugin: /^io\.ktor\.plugin$/,
    dependency: /^io\.ktor:ktor-server-/,
    imports: /\bio\.ktor\.server\b/,
    pages: new RegExp(`^io\\.ktor:ktor-server-(?:${TEMPLATES})`),
  },
  {
    id: "javalin",
    dependency: /^io\.javalin:javalin(?:-bundle)?$/,
    imports: /\bio\.javalin\b/,
    pages: /^io\.javalin:javalin-rendering/,
    port: 8080,
  },
  {
    id: "jooby",
    dependency: /^(?:io|org)\.jooby:jooby/,
    imports: /\b(?:io|org)\.jooby\b/,
    pages: new RegExp(`:jooby-(?:${TEMPLATES})`),
    port: 8080,
  },
  {
    id: "sparkjava",
    dependency: /^com\.sparkjava:spark-core$/,
    imports: /\bspark\.Spark\b/,
    pages: /^com\.sparkjava:spark-template/,
    port: 4567,
  },
  {
    id: "http4k",
    dependency: /^org\.http4k:http4k-/,
    imports: /\borg\.http4k\b/,
    pages: /^org\.http4k:http4k-template/,
  },
  {
    id: "vertx",
    dependency: /^io\.vertx:vertx-(?:web|core)$/,
    imports: /\bio\.vertx\b/,
    pages: /^io\.vertx:vertx-web-templ/,
  },
];
