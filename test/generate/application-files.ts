/** A file of each kind that says what an application is, as people write them: seeds of `mutations.test.ts`. */
export const APPLICATION_FILES: Readonly<Record<string, string>> = {
  "package.json": `{
  "name": "shop", "version": "1.0.0", "private": true, "type": "module", "main": "dist/server.js", "bin": { "shop": "cli.js" },
  "packageManager": "pnpm@9.1.0", "engines": { "node": ">=20 <23" }, "workspaces": ["packages/*", "apps/*"], "volta": { "node": "20.1.0" },
  "scripts": { "build": "tsc -p . && vite build", "start": "cross-env NODE_ENV=production node dist/server.js --port 4000", "dev": "nodemon server.js", "test": "vitest run", "migrate": "knex migrate:latest", "worker": "node dist/worker.js" },
  "dependencies": { "express": "^4.19.0", "next": "14", "@nestjs/core": "^10", "pg": "^8", "ioredis": "5", "bullmq": "5", "prom-client": "15", "winston": "3", "cors": "2" },
  "devDependencies": { "vite": "^5", "typescript": "5", "@storybook/react": "8" },
  "prisma": { "schema": "db/schema.prisma" }, "nx": { "targets": { "build": { "options": { "command": "x" } } } } }`,
  "pnpm-workspace.yaml": `packages:
  - 'packages/*'
  - '!**/test/**'
catalog:
  react: ^18
`,
  "deno.json": `{ "tasks": { "start": "deno run -A --port 8000 main.ts", "build": "x" }, "imports": { "oak": "jsr:@oak/oak@17" }, "workspace": ["./a"] }`,
  "angular.json": `{ "version": 1, "defaultProject": "web", "projects": { "web": { "projectType": "application", "root": "", "architect": { "build": { "builder": "@angular-devkit/build-angular:application", "options": { "outputPath": { "base": "dist/web" } } }, "serve": { "options": { "port": 4300 } } } } } }`,
  "requirements.txt": `# comment
-r base.txt
Django>=4.2,<5
gunicorn==21.2.0 ; python_version > "3.8"
psycopg2-binary
celery[redis]==5.3
uvicorn[standard] @ https://example.com/x.whl
-e git+https://github.com/a/b.git#egg=b
`,
  "pyproject.toml": `[project]
name = "shop"
requires-python = ">=3.11"
dependencies = ["fastapi>=0.110", "uvicorn[standard]", "sqlalchemy", "psycopg[binary]"]
[project.scripts]
shop = "shop.main:run"
[tool.poetry.dependencies]
python = "^3.11"
flask = { version = "^3", extras = ["async"] }
[tool.uv.workspace]
members = ["packages/*"]
[build-system]
requires = ["hatchling"]
`,
  "main.py": `import os
from fastapi import FastAPI, APIRouter
import uvicorn
app = FastAPI()
router = APIRouter(prefix="/v1")
@app.get("/health")
def health(): return {"ok": True}
app.include_router(router)
DB = os.environ["DATABASE_URL"]
DEBUG = os.getenv("DEBUG", "0")
if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=int(os.environ.get("PORT", 8000)))
`,
  "go.mod": `module example.com/shop

go 1.22.1
toolchain go1.22.3

require (
	github.com/gin-gonic/gin v1.9.1
	github.com/jackc/pgx/v5 v5.5.0 // indirect
)
replace example.com/a => ./a
`,
  "main.go": `package main
import ("net/http"; "os"; "github.com/gin-gonic/gin")
func main() {
 r := gin.Default()
 v := r.Group("/v1")
 v.GET("/healthz", h)
 port := os.Getenv("PORT")
 if port == "" { port = "8081" }
 http.ListenAndServe(":"+port, nil)
}
`,
  "Cargo.toml": `[package]
name = "shop"
version = "0.1.0"
edition = "2021"
rust-version = "1.75"
default-run = "server"
[[bin]]
name = "server"
path = "src/main.rs"
[dependencies]
axum = { version = "0.7", features = ["ws"] }
sqlx = "0.7"
[workspace]
members = ["crates/*"]
`,
  "pom.xml": `<?xml version="1.0"?>
<project><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.2.0</version></parent><artifactId>shop</artifactId><packaging>jar</packaging><properties><java.version>17</java.version></properties><modules><module>api</module></modules><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies><build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>`,
  "build.gradle.kts": `plugins { kotlin("jvm") version "1.9.22"; id("io.ktor.plugin") version "2.3.7"; application }
application { mainClass.set("com.example.ApplicationKt") }
kotlin { jvmToolchain(17) }
dependencies { implementation(libs.ktor.server) }
`,
  "src/main/resources/application.yml": `server:
  port: \${PORT:8085}
spring:
  datasource:
    url: jdbc:postgresql://localhost/shop
management:
  endpoints:
    web:
      exposure:
        include: health,prometheus
---
spring:
  config:
    activate:
      on-profile: prod
`,
  Gemfile: `source "https://rubygems.org"
ruby "3.3.0"
gem "rails", "~> 7.1"
gem "puma"
gem "pg"
gem "sidekiq"
group :development do
  gem "sqlite3"
end
`,
  "composer.json": `{ "name": "a/shop", "type": "project", "require": { "php": "^8.2", "laravel/framework": "^11.0", "ext-redis": "*" }, "config": { "platform": { "php": "8.2.0" } }, "scripts": { "test": ["@php artisan test"], "post-install-cmd": "x" } }`,
  "app.csproj": `<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</TargetFramework><AssemblyName>Shop</AssemblyName></PropertyGroup><ItemGroup><PackageReference Include="Npgsql" Version="8.0.0" /><ProjectReference Include="..\\lib\\lib.csproj" /></ItemGroup></Project>`,
  "Program.cs": `var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHealthChecks();
var app = builder.Build();
app.MapHealthChecks("/healthz");
app.MapGet("/", () => Environment.GetEnvironmentVariable("GREETING"));
app.Run("http://0.0.0.0:5001");
`,
  "mix.exs": `defmodule Shop.MixProject do
  use Mix.Project
  def project, do: [app: :shop, version: "0.1.0", elixir: "~> 1.16", deps: deps(), releases: [shop: []]]
  defp deps, do: [{:phoenix, "~> 1.7"}, {:postgrex, ">= 0.0.0"}, {:oban, "~> 2.17"}]
end
`,
  ".env.example": `# database
DATABASE_URL=postgres://user:password@localhost:5432/shop
export KEY='a b' # c
EMPTY=
MULTI="a
b"
`,
  "prisma/schema.prisma": `datasource db {
  provider = "postgresql"
  url = env("DATABASE_URL")
}
generator client { provider = "prisma-client-js" }
`,
  "server.js": `const express = require("express");
const { KEY, B = "x" } = process.env;
const app = express();
const r = express.Router();
r.get("/health", (q, s) => s.json({}));
app.use("/api", r);
app.use(require("cors")());
process.on("SIGTERM", () => server.close());
const server = app.listen(process.env.PORT || 3000, "0.0.0.0");
`,
  "src/server.ts": `import Fastify from "fastify";
import { z } from "zod";
const Env = z.object({ DATABASE_URL: z.string().url(), PORT: z.coerce.number().default(4000) });
const env = Env.parse(process.env);
const app = Fastify({ logger: true });
app.register(routes, { prefix: \`/v\${1}\` });
app.route({ method: "GET", url: "/healthz", handler: () => ({}) });
await app.listen({ port: env.PORT, host: "127.0.0.1" });
`,
  ".gitattributes": `vendor/** linguist-vendored
*.pb.go linguist-generated=true
`,
  "SPEC-1/spec.md": `# Shop
## Application type
Web API
## Scaling
| Metric | Target |
|---|---|
| Users | 10,000 |
- p95 < 300 ms, 99.9 % uptime
## Constraints
1. Budget: $100/month
2. EU only
`,
};
