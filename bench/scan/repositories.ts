import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A small application as people write them, with what a scan should say of it. */
export interface Sample {
  name: string;
  language: string;
  /** Id of Stationmaster; null where there is no framework. */
  framework: string | null;
  files: Record<string, string>;
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const pkg = (dependencies: string[], scripts: Record<string, string>, development: string[] = []) =>
  json({
    name: "sample",
    version: "1.0.0",
    private: true,
    engines: { node: ">=22" },
    scripts,
    dependencies: Object.fromEntries(dependencies.map((name) => [name, "^1.0.0"])),
    devDependencies: Object.fromEntries(development.map((name) => [name, "^1.0.0"])),
  });
const LOCK = json({ name: "sample", lockfileVersion: 3, packages: {} });
const PAGE = "export default function Page() {\n  return <main>Hello</main>;\n}\n";

/** One for each ecosystem and its usual frameworks. */
export const SAMPLES: readonly Sample[] = [
  {
    name: "express",
    language: "TypeScript",
    framework: "express",
    files: {
      "package.json": pkg(["express", "pg"], { start: "node dist/server.js", build: "tsc" }, [
        "typescript",
        "@types/express",
        "vitest",
      ]),
      "package-lock.json": LOCK,
      "tsconfig.json": json({ compilerOptions: { outDir: "dist", strict: true } }),
      "src/server.ts":
        'import express from "express";\nimport { orders } from "./orders.ts";\n\nconst app = express();\napp.get("/healthz", (request, response) => response.json({ ok: true }));\napp.use("/orders", orders);\napp.listen(process.env.PORT ?? 3000);\n',
      "src/orders.ts":
        'import { Router } from "express";\nimport pg from "pg";\n\nconst pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\nexport const orders = Router();\norders.get("/", async (request, response) => response.json((await pool.query("select 1")).rows));\n',
      "test/server.test.ts": 'import { test } from "vitest";\ntest("x", () => {});\n',
    },
  },
  {
    name: "next",
    language: "TypeScript",
    framework: "next",
    files: {
      "package.json": pkg(
        ["next", "react", "react-dom"],
        { dev: "next dev", build: "next build", start: "next start" },
        ["typescript", "@types/react"],
      ),
      "package-lock.json": LOCK,
      "next.config.ts": "export default {};\n",
      "tsconfig.json": json({ compilerOptions: { jsx: "preserve" } }),
      "app/page.tsx": PAGE,
      "app/layout.tsx":
        "export default function Layout({ children }) {\n  return <html><body>{children}</body></html>;\n}\n",
      "app/api/health/route.ts": "export function GET() {\n  return Response.json({ ok: true });\n}\n",
    },
  },
  {
    name: "vite-react",
    language: "TypeScript",
    framework: "vite",
    files: {
      "package.json": pkg(
        ["react", "react-dom"],
        { dev: "vite", build: "tsc && vite build", preview: "vite preview" },
        ["vite", "@vitejs/plugin-react", "typescript"],
      ),
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      "vite.config.ts":
        'import react from "@vitejs/plugin-react";\nimport { defineConfig } from "vite";\nexport default defineConfig({ plugins: [react()] });\n',
      "index.html": '<!doctype html><div id="root"></div><script type="module" src="/src/main.tsx"></script>\n',
      "src/main.tsx":
        'import { createRoot } from "react-dom/client";\ncreateRoot(document.getElementById("root")!).render(<p>Hello</p>);\n',
    },
  },
  {
    name: "nest",
    language: "TypeScript",
    framework: "nest",
    files: {
      "package.json": pkg(
        ["@nestjs/core", "@nestjs/common", "@nestjs/platform-express", "reflect-metadata"],
        { build: "nest build", start: "nest start", "start:prod": "node dist/main" },
        ["@nestjs/cli", "typescript"],
      ),
      "yarn.lock": "# yarn lockfile v1\n",
      "nest-cli.json": json({ sourceRoot: "src" }),
      "src/main.ts":
        'import { NestFactory } from "@nestjs/core";\nimport { AppModule } from "./app.module";\n\nconst app = await NestFactory.create(AppModule);\nawait app.listen(process.env.PORT ?? 3000);\n',
      "src/app.module.ts":
        'import { Module } from "@nestjs/common";\nimport { HealthController } from "./health.controller";\n\n@Module({ controllers: [HealthController] })\nexport class AppModule {}\n',
      "src/health.controller.ts":
        'import { Controller, Get } from "@nestjs/common";\n\n@Controller("health")\nexport class HealthController {\n  @Get()\n  check() {\n    return { ok: true };\n  }\n}\n',
    },
  },
  {
    name: "fastapi",
    language: "Python",
    framework: "fastapi",
    files: {
      "pyproject.toml":
        '[project]\nname = "sample"\nversion = "1.0.0"\nrequires-python = ">=3.12"\ndependencies = ["fastapi", "uvicorn", "sqlalchemy", "psycopg"]\n',
      "uv.lock": "version = 1\n",
      "app/main.py":
        'import os\n\nfrom fastapi import FastAPI\n\nfrom app.orders import router\n\napp = FastAPI()\napp.include_router(router, prefix="/orders")\n\n\n@app.get("/health")\nasync def health() -> dict[str, str]:\n    return {"status": "ok"}\n',
      "app/orders.py":
        'import os\n\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\nURL = os.environ["DATABASE_URL"]\n\n\n@router.get("/")\nasync def orders() -> list[int]:\n    return []\n',
      "tests/test_main.py": "def test_x():\n    assert True\n",
    },
  },
  {
    name: "django",
    language: "Python",
    framework: "django",
    files: {
      "requirements.txt": "django==5.1\ngunicorn==23.0\npsycopg==3.2\n",
      "manage.py":
        '#!/usr/bin/env python\nimport os\n\nif __name__ == "__main__":\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n    from django.core.management import execute_from_command_line\n\n    execute_from_command_line()\n',
      "shop/settings.py":
        'import os\n\nSECRET_KEY = os.environ["SECRET_KEY"]\nINSTALLED_APPS = ["django.contrib.staticfiles"]\nROOT_URLCONF = "shop.urls"\nWSGI_APPLICATION = "shop.wsgi.application"\nDATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n',
      "shop/urls.py":
        'from django.urls import path\n\nfrom . import views\n\nurlpatterns = [path("health/", views.health)]\n',
      "shop/views.py":
        'from django.http import JsonResponse\n\n\ndef health(request):\n    return JsonResponse({"status": "ok"})\n',
      "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n",
    },
  },
  {
    name: "flask",
    language: "Python",
    framework: "flask",
    files: {
      "requirements.txt": "flask\ngunicorn\nredis\n",
      Procfile: "web: gunicorn app:app --bind 0.0.0.0:$PORT\n",
      "app.py":
        'import os\n\nfrom flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/healthz")\ndef healthz():\n    return "ok"\n',
    },
  },
  {
    name: "gin",
    language: "Go",
    framework: "gin",
    files: {
      "go.mod": "module example.com/sample\n\ngo 1.24\n\nrequire github.com/gin-gonic/gin v1.10.0\n",
      "go.sum": "",
      "cmd/api/main.go":
        'package main\n\nimport (\n\t"os"\n\n\t"github.com/gin-gonic/gin"\n)\n\nfunc main() {\n\tr := gin.Default()\n\tr.GET("/healthz", func(c *gin.Context) { c.Status(200) })\n\t_ = r.Run(":" + os.Getenv("PORT"))\n}\n',
    },
  },
  {
    name: "axum",
    language: "Rust",
    framework: "axum",
    files: {
      "Cargo.toml":
        '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\naxum = "0.8"\ntokio = { version = "1", features = ["full"] }\n',
      "Cargo.lock": "version = 4\n",
      "src/main.rs":
        'use axum::{Router, routing::get};\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/healthz", get(|| async { "ok" }));\n    let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    },
  },
  {
    name: "spring-boot",
    language: "Java",
    framework: "spring-boot",
    files: {
      "pom.xml":
        "<project>\n  <parent>\n    <groupId>org.springframework.boot</groupId>\n    <artifactId>spring-boot-starter-parent</artifactId>\n    <version>3.4.1</version>\n  </parent>\n  <groupId>com.example</groupId>\n  <artifactId>sample</artifactId>\n  <version>1.0.0</version>\n  <properties><java.version>21</java.version></properties>\n  <dependencies>\n    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>\n    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-actuator</artifactId></dependency>\n  </dependencies>\n  <build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>\n</project>\n",
      "src/main/java/com/example/SampleApplication.java":
        "package com.example;\n\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n\n@SpringBootApplication\npublic class SampleApplication {\n  public static void main(String[] args) {\n    SpringApplication.run(SampleApplication.class, args);\n  }\n}\n",
      "src/main/resources/application.yml": "server:\n  port: ${PORT:8080}\n",
    },
  },
  {
    name: "rails",
    language: "Ruby",
    framework: "rails",
    files: {
      Gemfile: 'source "https://rubygems.org"\n\nruby "3.4.1"\ngem "rails", "~> 8.0"\ngem "pg"\ngem "puma"\n',
      "Gemfile.lock": "GEM\n  specs:\n    rails (8.0.1)\n",
      "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
      "config/application.rb":
        'require "rails/all"\nmodule Sample\n  class Application < Rails::Application\n  end\nend\n',
      "config/routes.rb": 'Rails.application.routes.draw do\n  get "up" => "rails/health#show"\nend\n',
      "config/database.yml": "production:\n  adapter: postgresql\n",
      "app/models/order.rb": "class Order < ApplicationRecord\nend\n",
    },
  },
  {
    name: "laravel",
    language: "PHP",
    framework: "laravel",
    files: {
      "composer.json": json({ name: "a/sample", require: { php: "^8.3", "laravel/framework": "^11.0" } }),
      "composer.lock": json({ packages: [] }),
      artisan: "#!/usr/bin/env php\n<?php\n",
      "bootstrap/app.php":
        "<?php\n\nuse Illuminate\\Foundation\\Application;\n\nreturn Application::configure(basePath: dirname(__DIR__))\n    ->withRouting(web: __DIR__.'/../routes/web.php', health: '/up')\n    ->create();\n",
      "routes/web.php":
        "<?php\n\nuse Illuminate\\Support\\Facades\\Route;\n\nRoute::get('/', fn () => view('welcome'));\n",
      "public/index.php": "<?php\n",
    },
  },
  {
    name: "aspnet-core",
    language: "C#",
    framework: "aspnet-core",
    files: {
      "Sample.csproj":
        '<Project Sdk="Microsoft.NET.Sdk.Web">\n  <PropertyGroup>\n    <TargetFramework>net9.0</TargetFramework>\n  </PropertyGroup>\n</Project>\n',
      "Program.cs":
        'var builder = WebApplication.CreateBuilder(args);\nbuilder.Services.AddHealthChecks();\nvar app = builder.Build();\napp.MapHealthChecks("/healthz");\napp.Run();\n',
      "appsettings.json": json({ Logging: { LogLevel: { Default: "Information" } } }),
    },
  },
  {
    name: "phoenix",
    language: "Elixir",
    framework: "phoenix",
    files: {
      "mix.exs":
        'defmodule Sample.MixProject do\n  use Mix.Project\n\n  def project, do: [app: :sample, version: "0.1.0", elixir: "~> 1.18", deps: deps()]\n\n  def application, do: [mod: {Sample.Application, []}, extra_applications: [:logger]]\n\n  defp deps do\n    [{:phoenix, "~> 1.7"}, {:bandit, "~> 1.5"}, {:ecto_sql, "~> 3.12"}, {:postgrex, ">= 0.0.0"}]\n  end\nend\n',
      "mix.lock": "%{}\n",
      "lib/sample_web/endpoint.ex":
        "defmodule SampleWeb.Endpoint do\n  use Phoenix.Endpoint, otp_app: :sample\n\n  plug SampleWeb.Router\nend\n",
      "lib/sample_web/router.ex":
        'defmodule SampleWeb.Router do\n  use SampleWeb, :router\n\n  scope "/", SampleWeb do\n    get "/health", HealthController, :show\n  end\nend\n',
      "config/runtime.exs":
        'import Config\n\nconfig :sample, SampleWeb.Endpoint, http: [port: String.to_integer(System.get_env("PORT") || "4000")]\n',
    },
  },
  {
    name: "hugo",
    language: "HTML",
    framework: "hugo",
    files: {
      "hugo.toml": 'baseURL = "https://example.com/"\ntitle = "Sample"\n',
      "content/_index.md": "---\ntitle: Sample\n---\nHello\n",
      "layouts/index.html": "<!doctype html><title>{{ .Title }}</title>\n",
    },
  },
];

/** Writes a sample into a folder. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
