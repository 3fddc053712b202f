import { describe, expect, test } from "vitest";
import type { EnvironmentVariable } from "../../fact.ts";
import { environmentCollector } from "./index.ts";
import { collectOnly } from "./testing.ts";

/** `NAME`, `NAME?` where it is optional, with `=default`, `@build`, and the line. */
function read(files: Record<string, string>, unit = "."): string[] {
  return collectOnly(environmentCollector, files, unit)
    .claims.filter(({ confidence = 1 }) => confidence >= 0.5)
    .map(({ value, evidence }) => {
      const { name, required, default: given, phase } = value as EnvironmentVariable;
      return `${name}${required ? "" : "?"}${given === null ? "" : `=${given}`}${phase === "build" ? "@build" : ""}:${evidence[0]?.line}`;
    })
    .sort();
}

const CASES: { title: string; file: string; code: string; expected: string[] }[] = [
  {
    title: "process.env by dot, index, with fallback",
    file: "server.js",
    code: `const port = process.env.PORT || 3000;
const url = process.env["API_URL"];
const level = process.env.LOG_LEVEL ?? "info";
// const old = process.env.OLD;
const size = parseInt(process.env.POOL_SIZE, 10) || 5;
const n = Number(process.env.MAX_ITEMS ?? '20');`,
    expected: ["API_URL:2", "LOG_LEVEL?=info:3", "MAX_ITEMS?=20:6", "POOL_SIZE?=5:5", "PORT?=3000:1"],
  },
  {
    title: "what is written, compared or tested",
    file: "server.ts",
    code: `process.env.TZ_NAME = "UTC";
if (process.env.FEATURE_X === "true") run();
if (process.env.CACHE) warm();
const debug = !!process.env.DEBUG_MODE;
if (!process.env.STRIPE_URL) { throw new Error("STRIPE_URL is missing"); }
const host = process.env.HOST_NAME ? process.env.HOST_NAME : "x";
delete process.env.GONE;
const a = process.env.A_URL!;
const b = process.env.B_URL as string;
process.env.MODE_X ??= "fast";`,
    expected: [
      "A_URL:8",
      "B_URL:9",
      "CACHE?:3",
      "DEBUG_MODE?:4",
      "FEATURE_X?:2",
      "HOST_NAME?:6",
      "MODE_X?=fast:10",
      "STRIPE_URL:5",
    ],
  },
  {
    title: "destructured, and under another name",
    file: "config.ts",
    code: `const { DB_HOST, DB_PORT = "5432", DB_NAME: name } = process.env;
const env = process.env;
export const region = env.REGION ?? "eu";
export const zone = env.ZONE;`,
    expected: ["DB_HOST:1", "DB_NAME:1", "DB_PORT?=5432:1", "REGION?=eu:3", "ZONE:4"],
  },
  {
    title: "import.meta.env is read while the page is built",
    file: "src/api.ts",
    code: `const base = import.meta.env.VITE_API_URL;
if (import.meta.env.DEV) console.log(import.meta.env.MODE);
const key = import.meta.env.SOME_FLAG;`,
    expected: ["SOME_FLAG@build:3", "VITE_API_URL@build:1"],
  },
  {
    title: "Deno and Bun",
    file: "main.ts",
    code: `const a = Deno.env.get("API_BASE") ?? "http://x";
const b = Bun.env.REGION;
if (Deno.env.has("EXTRA")) go();`,
    expected: ["API_BASE?=http://x:1", "EXTRA?:3", "REGION:2"],
  },
  {
    title: "static imports of SvelteKit",
    file: "src/routes/+page.server.ts",
    code: `import { API_HOST, ZONE as zone } from "$env/static/private";
import { PUBLIC_SITE } from "$env/static/public";
import { env } from "$env/dynamic/private";
const x = env.TIMEOUT;`,
    expected: ["API_HOST@build:1", "PUBLIC_SITE@build:2", "TIMEOUT:4", "ZONE@build:1"],
  },
  {
    title: "a schema of zod",
    file: "src/env.ts",
    code: `import { z } from "zod";
const schema = z.object({
  NODE_ENV: z.enum(["development", "production"]).default("development"),
  API_HOST: z.string().url(),
  PAGE_SIZE: z.coerce.number().int().default(20),
  TRACE: z.string().optional(),
});
export const env = schema.parse(process.env);`,
    expected: ["API_HOST:4", "NODE_ENV?=development:3", "PAGE_SIZE?=20:5", "TRACE?:6"],
  },
  {
    title: "t3-env: the schema says what is needed",
    file: "src/env.mjs",
    code: `import { createEnv } from "@t3-oss/env-nextjs";
export const env = createEnv({
  server: { AUTH_ISSUER: z.string(), REGION: z.string().default("eu") },
  client: { NEXT_PUBLIC_HOST: z.string().min(1) },
  runtimeEnv: {
    AUTH_ISSUER: process.env.AUTH_ISSUER,
    REGION: process.env.REGION,
    NEXT_PUBLIC_HOST: process.env.NEXT_PUBLIC_HOST,
  },
});`,
    expected: ["AUTH_ISSUER:3", "NEXT_PUBLIC_HOST@build:4", "REGION?=eu:3"],
  },
  {
    title: "envalid",
    file: "env.js",
    code: `const { cleanEnv, str, port, bool } = require("envalid");
module.exports = cleanEnv(process.env, {
  API_HOST: str(),
  METRICS_PORT: port({ default: 9100 }),
  VERBOSE: bool({ devDefault: true }),
});`,
    expected: ["API_HOST:3", "METRICS_PORT?=9100:4", "VERBOSE?:5"],
  },
  {
    title: "Joi takes what is not required as optional",
    file: "src/app.module.ts",
    code: `ConfigModule.forRoot({ validationSchema: Joi.object({
  API_HOST: Joi.string().required(),
  LIMIT: Joi.number().default(10),
  EXTRA: Joi.string(),
}) })`,
    expected: ["API_HOST:2", "EXTRA?:4", "LIMIT?=10:3"],
  },
  {
    title: "convict and env-var",
    file: "config.js",
    code: `const convict = require("convict");
const env = require("env-var");
module.exports = convict({ port: { format: "port", default: 8080, env: "APP_PORT" } });
const host = env.get("API_HOST").required().asString();
const n = env.get("LIMIT").default("5").asInt();`,
    expected: ["API_HOST:4", "APP_PORT?=8080:3", "LIMIT?=5:5"],
  },
  {
    title: "the configuration service of Nest",
    file: "src/app.service.ts",
    code: `const a = this.configService.get<string>("API_HOST");
const b = this.config.getOrThrow("QUEUE_NAME");
const c = configService.get("LIMIT", 10);
const d = configService.get("database.host");`,
    expected: ["API_HOST:1", "LIMIT?=10:3", "QUEUE_NAME:2"],
  },
  {
    title: "runtimeConfig of Nuxt",
    file: "nuxt.config.ts",
    code: `export default defineNuxtConfig({
  runtimeConfig: {
    mailHost: "localhost",
    other: process.env.OTHER_HOST,
    public: {
      apiBase: "/api",
    },
  },
})`,
    expected: ["NUXT_MAIL_HOST?=localhost:3", "NUXT_PUBLIC_API_BASE?=/api@build:6", "OTHER_HOST@build:4"],
  },
  {
    title: "a reader of the project itself",
    file: "src/config.ts",
    code: `function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(name);
  return value;
}
const optional = (name: string, fallback: string) => process.env[name] ?? fallback;
export const host = required("API_HOST");
export const region = optional("REGION", "eu");`,
    expected: ["API_HOST:7", "REGION?=eu:8"],
  },
  {
    title: "os.environ and getenv",
    file: "app.py",
    code: `import os
A = os.environ["API_HOST"]
B = os.environ.get("REGION", "eu")
C = os.getenv("ZONE")
D = int(os.getenv("LIMIT", 5))
os.environ["WRITTEN"] = "1"
if os.getenv("TRACE"): pass
E = os.getenv("LEVEL") or "info"
F = os.environ.get("FLAG") == "1"
# G = os.environ["OLD"]
H = "EXTRA" in os.environ`,
    expected: [
      "API_HOST:2",
      "EXTRA?:11",
      "FLAG?:9",
      "LEVEL?=info:8",
      "LIMIT?=5:5",
      "REGION?=eu:3",
      "TRACE?:7",
      "ZONE:4",
    ],
  },
  {
    title: "django-environ",
    file: "shop/settings.py",
    code: `import environ
env = environ.Env(DEBUG=(bool, False))
environ.Env.read_env()
DEBUG = env.bool("DEBUG", default=False)
HOSTS = env.list("ALLOWED_HOSTS")
DATABASES = {"default": env.db()}
CACHES = {"default": env.cache("CACHE_HOST", default="locmemcache://")}
N = env("LIMIT", int, 3)`,
    expected: ["ALLOWED_HOSTS:5", "CACHE_HOST?=locmemcache://:7", "DATABASE_URL:6", "DEBUG?=false:4", "LIMIT?=3:8"],
  },
  {
    title: "decouple, and dj_database_url",
    file: "settings.py",
    code: `from decouple import config, Csv
import dj_database_url
DEBUG = config("DEBUG", default=True, cast=bool)
HOSTS = config('ALLOWED_HOSTS', cast=Csv())
DATABASES = {"default": dj_database_url.config(default="sqlite:///db.sqlite3")}`,
    expected: ["ALLOWED_HOSTS:4", "DATABASE_URL?:5", "DEBUG?=true:3"],
  },
  {
    title: "settings of pydantic",
    file: "app/config.py",
    code: `from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

class Other(BaseModel):
    name: str

class Settings(BaseSettings):
    """Words of it."""

    model_config = SettingsConfigDict(env_prefix="SHOP_", env_file=".env")
    api_host: str
    page_size: int = 20
    region: str | None = None
    zone: str = Field("eu", description="x")
    mode: str = Field(..., alias="RUN_MODE")
    tags: list[str] = Field(default_factory=list)

    @property
    def url(self) -> str:
        local: str = "x"
        return local

class Worker(Settings):
    queue: str = "main"
`,
    expected: [
      "SHOP_QUEUE?=main:24",
      "RUN_MODE:15",
      "SHOP_API_HOST:11",
      "SHOP_PAGE_SIZE?=20:12",
      "SHOP_REGION?:13",
      "SHOP_TAGS?:16",
      "SHOP_ZONE?=eu:14",
    ],
  },
  {
    title: "options of click",
    file: "cli.py",
    code: `import click
@click.option("--host", envvar="API_HOST")
def main(host): ...`,
    expected: ["API_HOST?:2"],
  },
  {
    title: "ENV of Ruby",
    file: "config/puma.rb",
    code: `threads ENV.fetch("MAX_THREADS") { 5 }
port ENV.fetch("APP_PORT", 3000)
host = ENV["API_HOST"]
key = ENV.fetch("REGION")
level = ENV["LEVEL"] || "info"
plugin :x if ENV["PLUGIN"]
ENV["RAILS_MODE"] ||= "production"
ENV["WRITTEN"] = "1"
on = ENV["FLAG"].present?
ENV.key?("EXTRA")`,
    expected: [
      "API_HOST:3",
      "APP_PORT?=3000:2",
      "EXTRA?:10",
      "FLAG?:9",
      "LEVEL?=info:5",
      "MAX_THREADS?=5:1",
      "PLUGIN?:6",
      "RAILS_MODE?=production:7",
      "REGION:4",
    ],
  },
  {
    title: "ERB in the YAML files of Rails",
    file: "config/database.yml",
    code: `production:
  url: <%= ENV["MAIN_DB"] %>
  pool: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>
# host: <%= ENV["OLD"] %>
`,
    expected: ["MAIN_DB:2", "RAILS_MAX_THREADS?=5:3"],
  },
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
    title: "getenv of PHP",
    file: "config.php",
    code: `<?php
$a = getenv('API_HOST');
$b = getenv("REGION") ?: 'eu';
$c = $_ENV['ZONE'] ?? 'z';
$d = env('LIMIT', 5);
$e = env('OPEN');
if (isset($_ENV['EXTRA'])) {}
$f = $_SERVER['REQUEST_URI'];
$g = $_SERVER['APP_MODE'] ?? 'x';
// getenv('OLD')`,
    expected: ["API_HOST:2", "APP_MODE?=x:9", "EXTRA?:7", "LIMIT?=5:5", "OPEN?:6", "REGION?=eu:3", "ZONE?=z:4"],
  },
  {
    title: "env() of Symfony",
    file: "config/packages/app.yaml",
    code: `parameters:
  env(LIMIT): '5'
app:
  host: '%env(resolve:API_HOST)%'
  limit: '%env(int:LIMIT)%'
`,
    expected: ["API_HOST:4", "LIMIT?=5:2"],
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
  {
    title: "Elixir",
    file: "config/runtime.exs",
    code: `import Config
a = System.get_env("API_HOST") || raise "missing"
b = System.get_env("REGION") || "eu"
c = String.to_integer(System.get_env("LIMIT", "5"))
d = System.fetch_env!("ZONE")
if System.get_env("SERVER_MODE") do
  :ok
end
e = System.get_env("ECTO_IPV6") in ~w(true 1)`,
    expected: ["API_HOST:2", "ECTO_IPV6?:9", "LIMIT?=5:4", "REGION?=eu:3", "SERVER_MODE?:6", "ZONE:5"],
  },
  {
    title: "shell",
    file: "entrypoint.sh",
    code: `#!/bin/sh
: "\${API_HOST:?is not set}"
exec app --zone "\${ZONE:-eu}" --home "$HOME" # \${OLD:-x}`,
    expected: ["API_HOST:2", "ZONE?=eu:3"],
  },
  {
    title: "a schema of Prisma",
    file: "prisma/schema.prisma",
    code: `datasource db {
  provider = "postgresql"
  url      = env("MAIN_DB")
  // url = env("OLD")
  shadowDatabaseUrl = env("SHADOW")
}`,
    expected: ["MAIN_DB:3", "SHADOW?:5"],
  },
];

describe("variables that code reads", () => {
  test.each(CASES)("$title", ({ file, code, expected }) => {
    expect(read({ "package.json": "{}", [file]: code })).toEqual(expected.toSorted());
  });
  test.each(CASES)("broken off: $title", ({ file, code }) => {
    for (const part of [0.2, 0.5, 0.9])
      expect(() => read({ [file]: code.slice(0, Math.floor(code.length * part)) })).not.toThrow();
  });
});
