import { describe, expect, test } from "vitest";
import { type ReadCase, variablesRead } from "./testing.ts";

const CASES: ReadCase[] = [
  {
    title: "os.Getenv of Go and what is done with an empty value",
    file: "main.go",
    code: `package main
func main() {
	addr := os.Getenv("ADDR")
	if addr == "" {
		addr = ":8080"
	}
	host := os.Getenv("API_HOST")
	if host == "" {
		log.Fatal("API_HOST is not set")
	}
	if v, ok := os.LookupEnv("EXTRA"); ok { _ = v }
	zone := os.Getenv("ZONE")
	if os.Getenv("DEBUG_MODE") == "1" { }
	region := cmp.Or(os.Getenv("REGION"), "eu")
}`,
    expected: ["ADDR?=:8080:3", "API_HOST:7", "DEBUG_MODE?:13", "EXTRA?:11", "REGION?=eu:14", "ZONE:12"],
  },
  {
    title: "tags of structs in Go",
    file: "config.go",
    code: `package config
type DB struct {
	Host string \`env:"HOST,required"\`
}
type Config struct {
	Level string \`env:"LEVEL" envDefault:"info"\`
	Zone string \`env:"ZONE,notEmpty"\`
	Region string \`envconfig:"REGION" default:"eu"\`
	Limit int \`env:"LIMIT" env-default:"5"\`
	Must string \`env:"MUST" env-required:"true"\`
	Name string \`json:"name"\`
	Source string \`mapstructure:"DB_SOURCE"\`
	Main DB \`envPrefix:"MAIN_"\`
}`,
    expected: ["DB_SOURCE?:12", "LEVEL?=info:6", "LIMIT?=5:9", "MAIN_HOST:3", "MUST:10", "REGION?=eu:8", "ZONE:7"],
  },
  {
    title: "viper and flags",
    file: "config.go",
    code: `package config
import "github.com/spf13/viper"
func load() {
	viper.SetDefault("LIMIT", 5)
	viper.BindEnv("db.host", "DB_HOST")
	viper.AutomaticEnv()
	_ = viper.GetString("API_HOST")
	_ = viper.GetString("db.name")
	_ = &cli.StringFlag{Name: "zone", EnvVars: []string{"ZONE"}}
}`,
    expected: ["API_HOST:7", "DB_HOST?:5", "LIMIT?=5:4", "ZONE?:9"],
  },
  {
    title: "a helper in Go",
    file: "env.go",
    code: `package main
func getEnv(key, fallback string) string {
	if value, ok := os.LookupEnv(key); ok {
		return value
	}
	return fallback
}
func mustEnv(key string) string {
	v := os.Getenv(key)
	if v == "" { log.Fatalf("%s", key) }
	return v
}
var a = getEnv("REGION", "eu")
var b = mustEnv("API_HOST")`,
    expected: ["API_HOST:14", "REGION?=eu:13"],
  },
  {
    title: "env::var of Rust",
    file: "src/main.rs",
    code: `fn main() {
    let a = std::env::var("API_HOST").expect("API_HOST");
    let b = env::var("REGION").unwrap_or_else(|_| "eu".to_string());
    let c = env::var("ZONE").ok();
    let d = env::var("LIMIT").unwrap_or("5".into());
    let e = env!("BUILD_ID");
    let f = option_env!("BUILD_TAG");
    let g = env!("CARGO_PKG_VERSION");
    if let Ok(x) = env::var("EXTRA") {}
}`,
    expected: [
      "API_HOST:2",
      "BUILD_ID@build:6",
      "BUILD_TAG?@build:7",
      "EXTRA?:9",
      "LIMIT?=5:5",
      "REGION?=eu:3",
      "ZONE?:4",
    ],
  },
  {
    title: "clap and envy",
    file: "src/config.rs",
    code: `#[derive(Parser)]
struct Args {
    #[arg(long, env = "API_HOST")]
    host: String,
    #[clap(long, env, default_value = "5")]
    limit: u32,
    #[arg(long, env)]
    zone: Option<String>,
}
#[derive(Deserialize)]
struct Config {
    region: String,
    #[serde(default)]
    trace: bool,
    label: Option<String>,
}
fn load() { let c = envy::from_env::<Config>().unwrap(); }`,
    expected: ["API_HOST:3", "LABEL?:15", "LIMIT?=5:5", "REGION:12", "TRACE?:14", "ZONE?:7"],
  },
  {
    title: "System.getenv of Java",
    file: "src/main/java/App.java",
    code: `class App {
  String a = System.getenv("API_HOST");
  String b = System.getenv().getOrDefault("REGION", "eu");
  String c = System.getenv("ZONE") != null ? System.getenv("ZONE") : "z";
  String d = Optional.ofNullable(System.getenv("LIMIT")).orElse("5");
  @Value("\${APP_NAME:shop}") String e;
  @Value("\${shop.title}") String f;
}`,
    expected: ["API_HOST:2", "APP_NAME?=shop:6", "LIMIT?=5:5", "REGION?=eu:3", "ZONE?=z:4"],
  },
  {
    title: "System.getenv of Kotlin",
    file: "src/main/kotlin/App.kt",
    code: `val a = System.getenv("API_HOST") ?: error("API_HOST")
val b = System.getenv("REGION") ?: "eu"
val c = System.getenv("ZONE")!!`,
    expected: ["API_HOST:1", "REGION?=eu:2", "ZONE:3"],
  },
  {
    title: "placeholders of Spring",
    file: "src/main/resources/application.yml",
    code: `spring:
  application:
    name: \${APP_NAME:shop}
  # old: \${OLD}
  data: \${DATA_HOST}
  other: \${shop.name}
  empty: \${EMPTY:}
  in: \${OUTER:\${INNER:x}}
`,
    expected: ["APP_NAME?=shop:3", "DATA_HOST:5", "EMPTY?:7", "INNER?=x:8", "OUTER?:8"],
  },
  {
    title: "HOCON",
    file: "src/main/resources/application.conf",
    code: `ktor.deployment {
  port = 8080
  port = \${?APP_PORT}
  host = \${API_HOST}
}`,
    expected: ["API_HOST:4", "APP_PORT?=8080:3"],
  },
  {
    title: ".NET",
    file: "Program.cs",
    code: `var a = Environment.GetEnvironmentVariable("API_HOST");
var b = Environment.GetEnvironmentVariable("REGION") ?? "eu";
var c = Environment.GetEnvironmentVariable("ZONE") ?? throw new Exception();
var d = builder.Configuration.GetConnectionString("Main");
var e = builder.Configuration["Jwt:Issuer"];
var f = builder.Configuration["API_MODE"];`,
    expected: ["API_HOST:1", "API_MODE?:6", "ConnectionStrings__Main?:4", "REGION?=eu:2", "ZONE:3"],
  },
];

describe("variables that Go, Rust, the JVM and .NET read", () => {
  test.each(CASES)("$title", ({ expected, ...read }) => {
    expect(variablesRead(read)).toEqual(expected.toSorted());
  });
  test.each(CASES)("broken off: $title", ({ file, code }) => {
    for (const part of [0.2, 0.5, 0.9])
      expect(() => variablesRead({ file, code: code.slice(0, Math.floor(code.length * part)) })).not.toThrow();
  });
});
