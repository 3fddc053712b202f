import { describe, expect, test } from "vitest";
import { compose } from "../../src/generate/kinds/compose/kind.ts";
import { dockerfile } from "../../src/generate/kinds/dockerfile/kind.ts";
import { envExample } from "../../src/generate/kinds/env-example/kind.ts";
import { render } from "../../src/generate/render.ts";
import { planOf } from "./scan-and-plan.ts";
import type { Files } from "./types.ts";

const pack = (manifest: object) => JSON.stringify(manifest);
const EXPRESS = 'require("express")().listen(process.env.PORT || 3000);\n';
const PRISMA = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n';
const RAILS = {
  Gemfile: 'source "https://rubygems.org"\ngem "rails"\ngem "pg"\ngem "puma"\n',
  "Gemfile.lock": "GEM\n  specs:\n    pg (1.5.9)\n    puma (6.5.0)\n    rails (8.0.0)\n",
  "config/application.rb": "module Shop\n  class Application < Rails::Application\n  end\nend\n",
  "config.ru": "run Rails.application\n",
  "config/database.yml": "production:\n  url: <%= ENV['DATABASE_URL'] %>\n",
};
const MONOREPO = {
  "package.json": pack({ name: "mono", private: true, packageManager: "pnpm@9.15.0" }),
  "pnpm-workspace.yaml": "packages:\n  - apps/*\n  - packages/*\n",
  "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
  "apps/api/package.json": pack({
    name: "@acme/api",
    scripts: { build: "nest build", "start:prod": "node dist/main", "start:dev": "nest start --watch" },
    dependencies: { "@nestjs/core": "10", "@nestjs/platform-express": "10", "@acme/shared": "workspace:*" },
    devDependencies: { "@nestjs/cli": "10" },
  }),
  "apps/api/nest-cli.json": "{}",
  "apps/api/src/main.ts":
    'import { NestFactory } from "@nestjs/core";\nNestFactory.create(M).then((app) => app.listen(process.env.PORT ?? 3000));\n',
  "apps/web/package.json": pack({
    name: "@acme/web",
    scripts: { build: "vite build" },
    devDependencies: { vite: "7" },
  }),
  "apps/web/vite.config.ts": "export default {};\n",
  "apps/web/index.html": "<p>",
  "packages/shared/package.json": pack({
    name: "@acme/shared",
    scripts: { build: "tsc" },
    dependencies: { "@acme/types": "workspace:*" },
  }),
  "packages/types/package.json": pack({ name: "@acme/types" }),
  "packages/lint/package.json": pack({ name: "@acme/lint" }),
};

const PAGES = {
  "package.json": pack({ name: "admin", scripts: { build: "vite build" }, devDependencies: { vite: "7" } }),
  "package-lock.json": "{}",
  "vite.config.ts": "export default {};\n",
  "index.html": '<script type="module" src="/src/main.ts"></script>',
  "src/main.ts": "console.log(import.meta.env.VITE_API_URL);\n",
};

interface Case {
  files: Files;
  /** File that is looked at. */
  path?: string;
  has?: readonly (string | RegExp)[];
  lacks?: readonly (string | RegExp)[];
}

const CASES: Record<string, Case> = {
  "development packages are taken out after the stage that one works in": {
    files: {
      "package.json": pack({
        name: "api",
        scripts: { build: "tsc", start: "node dist/server.js", dev: "tsx watch src/server.ts" },
        dependencies: { express: "4" },
        devDependencies: { typescript: "5", tsx: "4" },
      }),
      "package-lock.json": "{}",
      "tsconfig.json": pack({ compilerOptions: { outDir: "dist" } }),
      "src/server.ts": EXPRESS,
    },
    has: [
      /AS build\n[\s\S]*RUN npm run build\n\nFROM build AS packed\nRUN npm prune --omit=dev\n/,
      "COPY --from=packed /app /app",
    ],
  },
  "a migration tool that is a development package keeps them, and the file says why": {
    files: {
      "package.json": pack({
        name: "api",
        scripts: { start: "node server.js" },
        dependencies: { express: "4", "@prisma/client": "6" },
        devDependencies: { prisma: "6" },
      }),
      "package-lock.json": "{}",
      "server.js": `const { PrismaClient } = require("@prisma/client");\nnew PrismaClient();\n${EXPRESS}`,
      "prisma/schema.prisma": PRISMA,
      "prisma/migrations/1_init/migration.sql": "create table a ();\n",
    },
    has: [/# Migrations run from this image with prisma.*\nCOPY --from=build \/app \/app\n/, "openssl"],
    lacks: ["npm prune"],
  },
  "Prisma's client is made again where a manager installs anew": {
    files: {
      "package.json": pack({
        name: "api",
        scripts: { start: "node server.js" },
        dependencies: { express: "4", "@prisma/client": "6", prisma: "6" },
      }),
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      "server.js": `const { PrismaClient } = require("@prisma/client");\nnew PrismaClient();\n${EXPRESS}`,
      "prisma/schema.prisma": PRISMA,
    },
    has: [/pnpm install --prod .*\nRUN npx prisma generate --schema prisma\/schema\.prisma\n/],
  },
  "the image of a service of a monorepo holds what it runs with, and no other service": {
    files: MONOREPO,
    path: "apps/api/Dockerfile",
    has: [
      "COPY --from=packed /app/node_modules /app/node_modules",
      "COPY --from=packed /app/apps/api /app/apps/api",
      "COPY --from=packed /app/packages/shared /app/packages/shared",
      "COPY --from=packed /app/packages/types /app/packages/types",
    ],
    lacks: ["/app/apps/web /", "/app/packages/lint /", "COPY --from=packed /app /app"],
  },
  "a program that Bun runs as it is is not run while the image is built": {
    files: {
      "package.json": pack({ name: "api", scripts: { start: "bun run src/index.ts" }, dependencies: { elysia: "1" } }),
      "bun.lock": "{}",
      "src/index.ts": 'import { Elysia } from "elysia";\nnew Elysia().listen(process.env.PORT ?? 3000);\n',
    },
    lacks: [/RUN .*src\/index\.ts/],
  },
  "a port that a Procfile takes from outside has one of its own too": {
    files: {
      Procfile: "web: gunicorn app:app --bind 0.0.0.0:$PORT\n",
      "requirements.txt": "flask\ngunicorn\n",
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    },
    has: ["--bind 0.0.0.0:${PORT:-8000}"],
  },
  "the scheduler of Celery writes where memory is mounted": {
    files: {
      Procfile: "web: gunicorn app:app\nbeat: celery -A app beat\n",
      "requirements.txt": "flask\ngunicorn\ncelery\n",
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    },
    path: "compose.yaml",
    has: [/command:\n\s+- celery\n\s+- -A\n\s+- app\n\s+- beat\n\s+- --schedule\n\s+- \/tmp\/celerybeat-schedule/],
  },
  "a worker gets no port": {
    files: {
      Procfile: "web: gunicorn app:app\nworker: celery -A app worker\n",
      "requirements.txt": "flask\ngunicorn\ncelery\n",
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    },
    path: "compose.yaml",
    lacks: [/-worker:\n(?: {4}.*\n)*? {6}PORT:/],
    has: [/ {6}PORT: "8000"/],
  },
  "scripts and styles of Django are made by Node, whose packages stay behind": {
    files: {
      "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
      "shop/settings.py":
        'import os\nSECRET_KEY = os.environ["SECRET_KEY"]\nINSTALLED_APPS = ["django.contrib.staticfiles"]\nSTATIC_ROOT = "staticfiles"\nWSGI_APPLICATION = "shop.wsgi.application"\n',
      "shop/wsgi.py": "application = None\n",
      "requirements.txt": "django\ngunicorn\npsycopg2\n",
      "package.json": pack({ name: "assets", scripts: { build: "vite build" }, devDependencies: { vite: "7" } }),
      "package-lock.json": "{}",
      "vite.config.js": "export default {};\n",
    },
    has: [
      /FROM node:\S+ AS assets\n/,
      "COPY --from=assets /app ./",
      "SECRET_KEY=1 python manage.py collectstatic",
      /build-essential libpq-dev/,
      /install -y --no-install-recommends libpq5 /,
    ],
    lacks: [/(?:ENV|ARG) .*SECRET_KEY/],
  },
  "compilers stay in the stage that compiles": {
    files: {
      "Cargo.toml": '[package]\nname = "api"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\naxum = "0.7"\n',
      "Cargo.lock": '[[package]]\nname = "openssl-sys"\nversion = "0.9.0"\n',
      "src/main.rs": 'fn main() { let l = TcpListener::bind("0.0.0.0:8080"); axum::serve(l, Router::new()); }\n',
    },
    has: [/libssl-dev pkg-config/, /busybox ca-certificates libssl3 /],
    lacks: [/ca-certificates.*pkg-config/],
  },
  "pages of Hugo are made by the package of Alpine": {
    files: {
      "hugo.toml": 'baseURL = "https://example.org/"\n',
      "content/_index.md": "# Hi\n",
      "layouts/index.html": "<p>",
    },
    has: ["RUN apk add --no-cache git hugo", "COPY --from=build /app/public /srv"],
  },
  "Laravel's public folder comes from the stage of Node": {
    files: {
      "composer.json": pack({ require: { php: "^8.3", "laravel/framework": "^11.0" } }),
      "composer.lock": "{}",
      artisan: "<?php\n",
      "public/index.php": "<?php\n",
      "package.json": pack({
        scripts: { build: "vite build" },
        devDependencies: { vite: "6", "laravel-vite-plugin": "1" },
      }),
      "package-lock.json": "{}",
      "vite.config.js": "export default {};\n",
    },
    has: ["COPY --from=assets /app/public ./public", "COPY --from=vendor /app/vendor ./vendor"],
  },
  "ASP.NET Core is published to a folder of its own and started from there": {
    files: {
      "Api.csproj":
        '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>',
      "Program.cs":
        'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/healthz", () => "ok");\napp.Run();\n',
    },
    has: ["-o /out", "COPY --from=build /out ./", /exec dotnet Api\.dll --urls http:\/\/0\.0\.0\.0:\$\{PORT:-8080\}/],
  },
  "the libraries of Phoenix are compiled before its code is copied": {
    files: {
      "mix.exs":
        'defmodule Shop.MixProject do\n  use Mix.Project\n  def project do\n    [app: :shop, version: "0.1.0", deps: deps()]\n  end\n  defp deps do\n    [{:phoenix, "~> 1.7"}]\n  end\nend\n',
      "mix.lock": "%{}\n",
      "config/config.exs": "import Config\n",
      "lib/shop_web/endpoint.ex": "defmodule ShopWeb.Endpoint do\n  use Phoenix.Endpoint, otp_app: :shop\nend\n",
    },
    has: [/COPY config\/config\.exs \.\/config\/\nRUN mix deps\.compile\nCOPY \. \.\n/],
  },
  "values of pages that people committed are what the build takes": {
    files: {
      ...PAGES,
      ".env.production": "VITE_API_URL=https://api.example.com\n",
    },
    path: ".dockerignore",
    has: ["\n!.env.production\n"],
  },
  "and nothing empty goes before them": {
    files: { ...PAGES, ".env.production": "VITE_API_URL=https://api.example.com\n" },
    path: "compose.yaml",
    lacks: ["VITE_API_URL"],
    has: ["build:"],
  },
  "a file that holds anything else stays out of the image": {
    files: { ...PAGES, ".env.production": "VITE_API_URL=https://api.example.com\nSENTRY_AUTH_TOKEN=abc\n" },
    path: ".dockerignore",
    lacks: ["!.env.production"],
  },
  "Rails gets the key it does not start without": {
    files: RAILS,
    path: ".env.example",
    has: [/# \w+; required\nSECRET_KEY_BASE=\n/],
    lacks: ["RAILS_MASTER_KEY"],
  },
  "or the one that opens its credentials": {
    files: { ...RAILS, "config/credentials.yml.enc": "x" },
    path: "compose.yaml",
    has: ["RAILS_MASTER_KEY: ${RAILS_MASTER_KEY:?set it in .env}"],
    lacks: ["SECRET_KEY_BASE:"],
  },
  "Go without modules is built without them": {
    files: { "main.go": 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n' },
    has: ["GO111MODULE=off CGO_ENABLED=0 go build"],
    lacks: ["go mod"],
  },
  "no image is guessed for pages made of Rust": {
    files: {
      "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\n[dependencies]\nyew = "0.21"\n',
      "Trunk.toml": "[build]\n",
      "index.html": "<html></html>",
      "src/main.rs": "fn main() { yew::Renderer::<App>::new().render(); }\n",
    },
    has: ["no Dockerfile among"],
  },
  "no image is guessed for a project of Rush": {
    files: {
      "rush.json": '{ "pnpmVersion": "9.1.0", "projects": [{ "packageName": "api", "projectFolder": "apps/api" }] }',
      "common/config/rush/pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      "apps/api/package.json": pack({ name: "api", scripts: { start: "node a.js" }, dependencies: { express: "5" } }),
      "apps/api/a.js": EXPRESS,
    },
    path: "apps/api/Dockerfile",
    has: ["no apps/api/Dockerfile among"],
  },
};

describe("what a reviewer would ask for", () => {
  test.each(Object.entries(CASES))("%s", (_, { files, path = "Dockerfile", has = [], lacks = [] }) => {
    const made = render(planOf(files), [dockerfile, compose, envExample]);
    const text = made.get(path)?.text ?? `no ${path} among ${[...made.keys()]}`;
    for (const part of has) expect(text).toMatch(part);
    for (const part of lacks) expect(text).not.toMatch(part);
  });
});
