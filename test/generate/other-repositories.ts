import type { Repositories } from "./types.ts";

const CSPROJ = (sdk: string, more = "") =>
  `<Project Sdk="${sdk}">\n  <PropertyGroup>\n    <TargetFramework>net8.0</TargetFramework>\n  </PropertyGroup>\n${more}</Project>\n`;

/** Applications of the other languages as people write them, small. */
export const OTHER_REPOSITORIES: Repositories = {
  go: {
    "go.mod": "module example.com/hello\n\ngo 1.23\n\nrequire github.com/go-chi/chi/v5 v5.1.0\n",
    "go.sum": "github.com/go-chi/chi/v5 v5.1.0 h1:x=\n",
    "main.go":
      'package main\n\nimport (\n\t"net/http"\n\t"os"\n\n\t"github.com/go-chi/chi/v5"\n)\n\nfunc main() {\n\tr := chi.NewRouter()\n\tr.Get("/healthz", func(w http.ResponseWriter, r *http.Request) {})\n\tport := os.Getenv("PORT")\n\tif port == "" {\n\t\tport = "8080"\n\t}\n\thttp.ListenAndServe(":"+port, r)\n}\n',
    "templates/index.html": "<p>hi</p>\n",
  },
  "go with several programs": {
    "go.mod": "module example.com/multi\n\ngo 1.24\n\nrequire github.com/gin-gonic/gin v1.10.0\n",
    "go.sum": "github.com/gin-gonic/gin v1.10.0 h1:x=\n",
    "cmd/api/main.go":
      'package main\n\nimport "github.com/gin-gonic/gin"\n\nfunc main() {\n\tr := gin.Default()\n\tr.GET("/ping", func(c *gin.Context) {})\n\tr.Run(":8081")\n}\n',
    "cmd/worker/main.go": "package main\n\nfunc main() {\n\tselect {}\n}\n",
    "internal/store/store.go": "package store\n",
  },
  "go workspace": {
    "go.work": "go 1.23\n\nuse (\n\t./api\n\t./lib\n)\n",
    "api/go.mod": "module example.com/api\n\ngo 1.23\n\nrequire example.com/lib v0.0.0\n",
    "api/main.go": 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n',
    "lib/go.mod": "module example.com/lib\n\ngo 1.23\n",
    "lib/lib.go": "package lib\n",
  },
  rust: {
    "Cargo.toml":
      '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\naxum = "0.7"\ntokio = { version = "1", features = ["full"] }\n',
    "Cargo.lock": "version = 3\n",
    "src/main.rs":
      'use axum::{routing::get, Router};\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/health", get(|| async { "ok" }));\n    let port = std::env::var("PORT").unwrap_or("3000".into());\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{port}")).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
  },
  "rust workspace": {
    "Cargo.toml": '[workspace]\nmembers = ["crates/server", "crates/core"]\nresolver = "2"\n',
    "Cargo.lock": "version = 3\n",
    "crates/server/Cargo.toml":
      '[package]\nname = "server"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nactix-web = "4"\ncore = { path = "../core" }\n',
    "crates/server/src/main.rs":
      'use actix_web::{App, HttpServer};\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind(("0.0.0.0", 8080))?.run().await\n}\n',
    "crates/core/Cargo.toml": '[package]\nname = "core"\nversion = "0.1.0"\nedition = "2021"\n',
    "crates/core/src/lib.rs": "pub fn a() {}\n",
  },
  "spring boot with maven": {
    "pom.xml":
      '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.4.0</version></parent><groupId>com.example</groupId><artifactId>demo</artifactId><version>0.0.1-SNAPSHOT</version><properties><java.version>21</java.version></properties><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-actuator</artifactId></dependency></dependencies><build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>\n',
    "src/main/java/com/example/demo/DemoApplication.java":
      "package com.example.demo;\n\n@SpringBootApplication\npublic class DemoApplication {\n  public static void main(String[] args) { SpringApplication.run(DemoApplication.class, args); }\n}\n",
    "src/main/resources/application.properties": "server.port=${PORT:8080}\n",
    mvnw: "#!/bin/sh\n",
    ".mvn/wrapper/maven-wrapper.properties": "distributionUrl=x\n",
  },
  "maven modules": {
    "pom.xml":
      '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1.0</version><packaging>pom</packaging><modules><module>core</module><module>web</module></modules></project>\n',
    "core/pom.xml":
      '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1.0</version></parent><artifactId>core</artifactId></project>\n',
    "core/src/main/java/A.java": "class A {}\n",
    "web/pom.xml":
      '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>1.0</version></parent><artifactId>web</artifactId><dependencies><dependency><groupId>com.acme</groupId><artifactId>core</artifactId><version>1.0</version></dependency><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId><version>3.4.0</version></dependency></dependencies><build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>\n',
    "web/src/main/java/com/acme/Web.java":
      "package com.acme;\n\n@SpringBootApplication\npublic class Web {\n  public static void main(String[] args) { SpringApplication.run(Web.class, args); }\n}\n",
  },
  "spring boot with gradle": {
    "settings.gradle.kts": 'rootProject.name = "shop"\n',
    "build.gradle.kts":
      'plugins {\n    id("org.springframework.boot") version "3.4.0"\n    kotlin("jvm") version "2.1.0"\n}\nversion = "1.0.0"\njava { toolchain { languageVersion = JavaLanguageVersion.of(17) } }\ndependencies {\n    implementation("org.springframework.boot:spring-boot-starter-web")\n}\n',
    gradlew: "#!/bin/sh\n",
    "gradle/wrapper/gradle-wrapper.properties": "distributionUrl=x\n",
    "src/main/kotlin/Shop.kt":
      "@SpringBootApplication\nclass Shop\n\nfun main(args: Array<String>) { runApplication<Shop>(*args) }\n",
  },
  rails: {
    Gemfile:
      'source "https://rubygems.org"\nruby "3.3.6"\ngem "rails", "~> 8.0"\ngem "pg"\ngem "puma"\ngem "sidekiq"\n',
    "Gemfile.lock":
      "GEM\n  remote: https://rubygems.org/\n  specs:\n    rails (8.0.0)\n    pg (1.5.9)\n    puma (6.5.0)\n    sidekiq (7.3.0)\n\nDEPENDENCIES\n  rails (~> 8.0)\n",
    "config.ru": "run Rails.application\n",
    "config/application.rb": 'require "rails/all"\nmodule Shop\n  class Application < Rails::Application\n  end\nend\n',
    "config/routes.rb": 'Rails.application.routes.draw do\n  get "up" => "rails/health#show"\nend\n',
    "config/puma.rb": 'port ENV.fetch("PORT", 3000)\n',
    "config/database.yml": 'production:\n  adapter: postgresql\n  url: <%= ENV["DATABASE_URL"] %>\n',
    "bin/rails": "#!/usr/bin/env ruby\n",
    "app/assets/stylesheets/application.css": "",
    "db/migrate/20240101000000_create_users.rb": "class CreateUsers < ActiveRecord::Migration[8.0]\nend\n",
    "db/schema.rb": "",
    Rakefile: "",
  },
  sinatra: {
    Gemfile: 'source "https://rubygems.org"\ngem "sinatra"\ngem "puma"\ngem "rackup"\n',
    "Gemfile.lock": "GEM\n  specs:\n    sinatra (4.1.0)\n    puma (6.5.0)\n",
    "app.rb": 'require "sinatra"\nget("/") { "hi" }\n',
    "config.ru": 'require "./app"\nrun Sinatra::Application\n',
  },
  laravel: {
    "composer.json": JSON.stringify({
      name: "laravel/laravel",
      require: { php: "^8.2", "laravel/framework": "^11.0", "ext-gd": "*" },
    }),
    "composer.lock": '{ "packages": [] }\n',
    artisan: "#!/usr/bin/env php\n<?php\n",
    "public/index.php": "<?php\n",
    "package.json": JSON.stringify({
      private: true,
      type: "module",
      scripts: { build: "vite build", dev: "vite" },
      devDependencies: { vite: "^6", "laravel-vite-plugin": "^1" },
    }),
    "package-lock.json": JSON.stringify({ lockfileVersion: 3, packages: {} }),
    "vite.config.js": "export default {};\n",
    "routes/web.php": "<?php\n",
    "bootstrap/app.php": "<?php\nreturn Application::configure()->withRouting(health: '/up')->create();\n",
    "config/database.php":
      "<?php\nreturn ['default' => env('DB_CONNECTION', 'mysql'), 'connections' => ['mysql' => ['url' => env('DB_URL'), 'host' => env('DB_HOST', '127.0.0.1')]]];\n",
    "database/migrations/2024_01_01_000000_create_users.php": "<?php\n",
    ".env.example": "APP_KEY=\nDB_CONNECTION=mysql\nDB_HOST=127.0.0.1\n",
  },
  symfony: {
    "composer.json": JSON.stringify({
      require: { php: ">=8.2", "symfony/framework-bundle": "7.1.*", "symfony/runtime": "7.1.*" },
    }),
    "composer.lock": '{ "packages": [] }\n',
    "symfony.lock": "{}\n",
    "bin/console": "#!/usr/bin/env php\n<?php\n",
    "public/index.php": "<?php\n",
    "config/bundles.php": "<?php\nreturn [];\n",
    "src/Kernel.php": "<?php\n",
  },
  "plain php": { "index.php": "<?php echo 'hi';\n", "composer.json": JSON.stringify({ require: { php: ">=8.1" } }) },
  ".NET": {
    "Shop.sln":
      'Microsoft Visual Studio Solution File, Format Version 12.00\nProject("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Shop.Api", "src/Shop.Api/Shop.Api.csproj", "{1}"\nEndProject\nProject("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Shop.Core", "src/Shop.Core/Shop.Core.csproj", "{2}"\nEndProject\n',
    "src/Shop.Api/Shop.Api.csproj": CSPROJ(
      "Microsoft.NET.Sdk.Web",
      '  <ItemGroup><ProjectReference Include="..\\Shop.Core\\Shop.Core.csproj" /></ItemGroup>\n',
    ),
    "src/Shop.Api/Program.cs":
      'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/healthz", () => "ok");\napp.Run();\n',
    "src/Shop.Core/Shop.Core.csproj": CSPROJ("Microsoft.NET.Sdk"),
    "src/Shop.Core/Item.cs": "class Item {}\n",
  },
  phoenix: {
    "mix.exs":
      'defmodule Chat.MixProject do\n  use Mix.Project\n  def project, do: [app: :chat, version: "0.1.0", elixir: "~> 1.16", deps: deps()]\n  def application, do: [mod: {Chat.Application, []}]\n  defp deps, do: [{:phoenix, "~> 1.7"}, {:ecto_sql, "~> 3.10"}, {:postgrex, ">= 0.0.0"}, {:esbuild, "~> 0.8"}]\nend\n',
    "mix.lock": "%{}\n",
    "config/runtime.exs":
      'import Config\nport = String.to_integer(System.get_env("PORT") || "4000")\nconfig :chat, Chat.Repo, url: System.get_env("DATABASE_URL")\nconfig :chat, ChatWeb.Endpoint, secret_key_base: System.fetch_env!("SECRET_KEY_BASE"), http: [port: port]\n',
    "lib/chat/application.ex": "defmodule Chat.Application do\n  use Application\nend\n",
    "lib/chat/repo.ex":
      "defmodule Chat.Repo do\n  use Ecto.Repo, otp_app: :chat, adapter: Ecto.Adapters.Postgres\nend\n",
    "lib/chat_web/router.ex": "defmodule ChatWeb.Router do\n  use ChatWeb, :router\nend\n",
    "assets/js/app.js": "",
    "priv/repo/migrations/20240101_create.exs": "",
  },
  "plain pages": { "index.html": "<h1>Hi</h1>\n", "style.css": "h1 { color: red }\n" },
  hugo: { "hugo.toml": 'title = "Site"\n', "content/_index.md": "# Hi\n", "layouts/index.html": "<p>hi</p>\n" },
  "dockerfile of their own": {
    Dockerfile:
      'FROM node:22-slim\nWORKDIR /srv\nCOPY . .\nRUN npm ci\nEXPOSE 5000\nUSER 1000\nCMD ["node", "index.js"]\n',
    "package.json": JSON.stringify({
      name: "legacy",
      scripts: { start: "node index.js" },
      dependencies: { express: "4" },
    }),
    "package-lock.json": JSON.stringify({ lockfileVersion: 3, packages: {} }),
    "index.js": 'const app = require("express")();\napp.listen(5000);\n',
  },
  "a language without recipe": {
    "CMakeLists.txt": "project(server)\nadd_executable(server main.cpp)\n",
    "main.cpp": "#include <iostream>\nint main() { return 0; }\n",
  },
  empty: {},
  "odd names": {
    "a b/ü.txt": "x",
    "package.json": "{ broken",
    "Dockerfile.old": "nonsense",
    "compose.dev.yml": ": :\n",
  },
};
