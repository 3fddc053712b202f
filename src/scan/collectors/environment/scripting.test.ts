import { describe, expect, test } from "vitest";
import { type ReadCase, variablesRead } from "./testing.ts";

const CASES: ReadCase[] = [
  {
    title: "in words and in what strings take in",
    file: "a.py",
    code: `"""Needs os.environ["NOT_READ"]."""
url = f"http://{os.environ['API_HOST']}/"`,
    expected: ["API_HOST:2"],
  },
  {
    title: "in what strings of Ruby take in",
    file: "a.rb",
    code: `puts "ENV['NOT_READ'] is missing"
url = "http://#{ENV['API_HOST']}/"`,
    expected: ["API_HOST:2"],
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
    expected: ["ALLOWED_HOSTS:5", "CACHE_HOST?=locmemcache://:7", "DATABASE_URL:6", "DEBUG?=false:2", "LIMIT?=3:8"],
  },
  {
    title: "django-environ, with what is taken where nothing is set",
    file: "shop/settings.py",
    code: `import environ
env = environ.Env(
    DEBUG=(bool, False),
    HOSTS=(list, []),
    LIMIT=(int, 5),
)
DEBUG = env("DEBUG")
LIMIT = env.int("LIMIT")
KEY = env("SECRET_KEY")`,
    expected: ["DEBUG?=false:3", "HOSTS?:4", "LIMIT?=5:5", "SECRET_KEY:9"],
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
    origins: Annotated[
        list[str], BeforeValidator(parse)
    ] = []

    @property
    def url(self) -> str:
        local: str = "x"
        return local

class Worker(Settings):
    queue: str = "main"
`,
    expected: [
      "SHOP_ORIGINS?:17",
      "SHOP_QUEUE?=main:27",
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

describe("variables that Python, Ruby, PHP, Elixir and shells read", () => {
  test.each(CASES)("$title", ({ expected, ...read }) => {
    expect(variablesRead(read)).toEqual(expected.toSorted());
  });
  test.each(CASES)("broken off: $title", ({ file, code }) => {
    for (const part of [0.2, 0.5, 0.9])
      expect(() => variablesRead({ file, code: code.slice(0, Math.floor(code.length * part)) })).not.toThrow();
  });
});
