import { expect, test } from "vitest";
import { healthOf } from "./testing.ts";

const GO = { "go.mod": "module example.com/shop\n\ngo 1.22\n" };
const RUST = { "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\n' };
const NET = { "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"/>' };
const MIX = { "mix.exs": "defmodule Shop.MixProject do\nend\n" };
const MAVEN = { "pom.xml": "<project><modelVersion>4.0.0</modelVersion></project>" };
const pom = (group: string, artifact: string) => ({
  "pom.xml": `<project>\n <dependencies>\n  <dependency>\n   <groupId>${group}</groupId>\n   <artifactId>${artifact}</artifactId>\n  </dependency>\n </dependencies>\n</project>`,
});
const ACTUATOR = pom("org.springframework.boot", "spring-boot-starter-actuator");

test.each<[string, Record<string, string>, string | undefined, string?]>([
  ["Spring's actuator", { ...ACTUATOR }, "/actuator/health pom.xml:3"],
  [
    "an actuator elsewhere",
    {
      ...ACTUATOR,
      "src/main/resources/application.yml":
        "server:\n  servlet:\n    context-path: /shop\nmanagement:\n  endpoints:\n    web:\n      base-path: ${MANAGE_PATH:/manage}",
      "src/main/resources/bootstrap.properties": "management.endpoint.health.probes.enabled=true",
    },
    "/shop/manage/health pom.xml:3",
    "/shop/manage/health/readiness pom.xml:3",
  ],
  [
    "an actuator without health",
    {
      ...ACTUATOR,
      "src/main/resources/application.properties": "management.endpoints.web.exposure.include=info,metrics",
    },
    undefined,
  ],
  [
    "an actuator of Gradle",
    {
      "build.gradle.kts":
        'dependencies {\n  implementation("org.springframework.boot:spring-boot-starter-actuator")\n}',
    },
    "/actuator/health build.gradle.kts:2",
  ],
  ["Quarkus", pom("io.quarkus", "quarkus-smallrye-health"), "/q/health pom.xml:3", "/q/health/ready pom.xml:3"],
  ["Micronaut", pom("io.micronaut", "micronaut-management"), "/health pom.xml:3", "/health/readiness pom.xml:3"],
  [
    "a controller of Spring",
    {
      ...MAVEN,
      "src/main/java/H.java":
        '@RestController\n@RequestMapping("/api")\npublic class H {\n  @GetMapping("/health")\n  String h() { return "ok"; }\n}',
    },
    "/api/health src/main/java/H.java:4",
  ],
  [
    "JAX-RS",
    {
      ...MAVEN,
      "src/main/java/H.java": '@Path("/health")\npublic class H {\n  @GET\n  public String h() { return "ok"; }\n}',
    },
    "/health src/main/java/H.java:3",
  ],
  [
    "Ktor",
    {
      "build.gradle.kts": "",
      "src/main/kotlin/App.kt": 'routing {\n  route("/api") {\n    get("/health") { call.respondText("ok") }\n  }\n}',
    },
    "/api/health src/main/kotlin/App.kt:3",
  ],
  [
    "Javalin",
    { ...MAVEN, "src/main/java/App.java": 'app.get("/healthz", ctx -> ctx.result("ok"));' },
    "/healthz src/main/java/App.java:1",
  ],

  [
    "a controller below the path of the server",
    {
      ...MAVEN,
      "src/main/resources/application.properties": "server.servlet.context-path=/shop",
      "H.java": 'class H { @GetMapping("/health") String h() { return ""; } }',
    },
    "/shop/health H.java:1",
  ],
  [
    "JAX-RS below its application",
    {
      ...MAVEN,
      "A.java": '@ApplicationPath("/rest")\nclass A extends Application {}',
      "H.java": '@Path("health")\nclass H {\n  @GET\n  String h() { return ""; }\n}',
    },
    "/rest/health H.java:3",
  ],
  [
    "net/http",
    { ...GO, "main.go": 'package main\n\nfunc main() {\n\thttp.HandleFunc("/healthz", health)\n}' },
    "/healthz main.go:4",
  ],
  [
    "a pattern with its method",
    { ...GO, "main.go": 'package main\nfunc main() {\n\tmux.HandleFunc("GET /health", h)\n}' },
    "/health main.go:3",
  ],
  [
    "gin with a group",
    {
      ...GO,
      "main.go":
        'package main\nfunc main() {\n\tr := gin.Default()\n\tapi := r.Group("/api/v1")\n\tapi.GET("/health", h)\n}',
    },
    "/api/v1/health main.go:5",
  ],
  [
    "a router that is handed on",
    {
      ...GO,
      "main.go":
        'package main\nfunc main() {\n\tr := gin.New()\n\tRegister(r.Group("/x"))\n\tapi := r.Group("/api")\n\troutes.RegisterHealth(db, api)\n}',
      "routes/health.go": 'package routes\nfunc RegisterHealth(db *DB, g *gin.RouterGroup) {\n\tg.GET("/health", h)\n}',
    },
    "/api/health routes/health.go:3",
  ],
  [
    "chi",
    {
      ...GO,
      "main.go":
        'package main\nfunc main() {\n\tr.Route("/api", func(r chi.Router) {\n\t\tr.Get("/healthz", h)\n\t})\n}',
    },
    "/api/healthz main.go:4",
  ],
  [
    "chi's heartbeat",
    { ...GO, "main.go": 'package main\nfunc main() {\n\tr.Use(middleware.Heartbeat("/ping"))\n}' },
    "/ping main.go:3",
  ],
  [
    "a subrouter of gorilla",
    {
      ...GO,
      "main.go":
        'package main\nfunc main() {\n\ts := r.PathPrefix("/ops").Subrouter()\n\ts.HandleFunc("/live", h).Methods("GET")\n}',
    },
    "/ops/live main.go:4",
  ],
  [
    "a constant of Go",
    { ...GO, "main.go": 'package main\n\nconst healthPath = "/health"\n\nfunc main() {\n\te.GET(healthPath, h)\n}' },
    "/health main.go:6",
  ],
  ["a client of Go", { ...GO, "main.go": 'package main\nfunc main() {\n\thttp.Get("/health")\n}' }, undefined],

  [
    "axum",
    { ...RUST, "src/main.rs": 'fn main() {\n  let app = Router::new().route("/health", get(health));\n}' },
    "/health src/main.rs:2",
  ],
  [
    "axum in axum",
    {
      ...RUST,
      "src/main.rs": 'fn main() {\n  let app = Router::new().nest("/api", routes::router());\n}',
      "src/routes.rs": 'pub fn router() -> Router {\n  Router::new()\n    .route("/readyz", get(ready))\n}',
    },
    undefined,
    "/api/readyz src/routes.rs:3",
  ],
  [
    "actix",
    { ...RUST, "src/main.rs": '#[get("/health")]\nasync fn health() -> impl Responder { "ok" }' },
    "/health src/main.rs:1",
  ],
  [
    "a scope of actix",
    {
      ...RUST,
      "src/main.rs":
        'fn config(c: &mut ServiceConfig) {\n  c.service(web::scope("/api").route("/health", web::get().to(h)));\n}',
    },
    "/api/health src/main.rs:2",
  ],
  [
    "rocket",
    {
      ...RUST,
      "src/main.rs":
        '#[get("/health")]\nfn health() -> &\'static str { "ok" }\n#[launch]\nfn rocket() -> _ { rocket::build().mount("/api", routes![health, other]) }',
    },
    "/api/health src/main.rs:1",
  ],

  ["ASP.NET Core", { ...NET, "Program.cs": 'app.MapHealthChecks("/healthz");' }, "/healthz Program.cs:1"],
  [
    "its readiness",
    {
      ...NET,
      "Program.cs":
        'app.MapHealthChecks("/health/ready", new() { Predicate = c => c.Tags.Contains("ready") });\napp.MapHealthChecks("/health/live");',
    },
    "/health/live Program.cs:2",
    "/health/ready Program.cs:1",
  ],
  [
    "a minimal API in a group",
    { ...NET, "Program.cs": 'var api = app.MapGroup("/api");\napi.MapGet("/health", () => "ok");' },
    "/api/health Program.cs:2",
  ],
  [
    "a controller of ASP.NET",
    {
      ...NET,
      "Controllers/HealthController.cs":
        '[ApiController]\n[Route("api/[controller]")]\npublic class HealthController : ControllerBase\n{\n  [HttpGet]\n  public IActionResult Get() => Ok();\n}',
    },
    "/api/health Controllers/HealthController.cs:5",
  ],

  [
    "Phoenix",
    {
      ...MIX,
      "lib/shop_web/router.ex":
        'defmodule ShopWeb.Router do\n  use ShopWeb, :router\n\n  scope "/api", ShopWeb do\n    pipe_through :api\n    get "/health", HealthController, :index\n  end\nend',
    },
    "/api/health lib/shop_web/router.ex:6",
  ],
  [
    "Plug",
    {
      ...MIX,
      "lib/shop/router.ex":
        'defmodule Shop.Router do\n  use Plug.Router\n  get "/healthz" do\n    send_resp(conn, 200, "ok")\n  end\nend',
    },
    "/healthz lib/shop/router.ex:3",
  ],
  [
    "a plug of its own",
    { ...MIX, "lib/shop_web/endpoint.ex": "defmodule ShopWeb.Endpoint do\n  plug PlugHeartbeat\nend" },
    "/heartbeat lib/shop_web/endpoint.ex:2",
  ],
])("%s", (_, files, health, readiness) => {
  expect(healthOf(files)).toEqual({ health, readiness });
});
