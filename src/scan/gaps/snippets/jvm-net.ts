import { type Snippets, snippet } from "./snippet.ts";

const PROPERTIES = "src/main/resources/application.properties";

export const springBoot: Snippets = {
  health: snippet(
    `
<dependency>
  <groupId>org.springframework.boot</groupId>
  <artifactId>spring-boot-starter-actuator</artifactId>
</dependency>`,
    "pom.xml",
  ),
  shutdown: snippet(
    `
server.shutdown=graceful
spring.lifecycle.timeout-per-shutdown-phase=20s`,
    PROPERTIES,
  ),
  metrics: snippet(
    `
# With the dependencies spring-boot-starter-actuator and io.micrometer:micrometer-registry-prometheus.
management.endpoints.web.exposure.include=health,prometheus`,
    PROPERTIES,
  ),
  logging: snippet(
    `
# Spring Boot 3.4 and newer.
logging.structured.format.console=logstash`,
    PROPERTIES,
  ),
};

export const aspnetCore: Snippets = {
  health: snippet(
    `
builder.Services.AddHealthChecks();
// Behind builder.Build().
app.MapHealthChecks("/healthz");`,
    "Program.cs",
  ),
  shutdown: snippet(
    `
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));`,
    "Program.cs",
  ),
  metrics: snippet(
    `
// dotnet add package prometheus-net.AspNetCore
app.UseHttpMetrics();
app.MapMetrics("/metrics");`,
    "Program.cs",
  ),
  logging: snippet(
    `
builder.Logging.ClearProviders();
builder.Logging.AddJsonConsole(options => options.UseUtcTimestamp = true);`,
    "Program.cs",
  ),
};
