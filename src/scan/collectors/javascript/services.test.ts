import { expect, test } from "vitest";
import { servicesIn } from "../compiled/testing.ts";
import { dev, pack } from "./testing.ts";

const LISTEN = "const express = require('express');\nexpress().listen(process.env.PORT || 3000);\n";
const json = (value: unknown) => JSON.stringify(value, null, 2);
const vite = json(pack({ dev: "vite", build: "vite build" }, ["react"], dev("vite")));

test.each<[string, Record<string, string>, Record<string, unknown>]>([
  [
    "each application of an Nx workspace has its own framework",
    {
      "package.json": json(pack({}, ["@angular/core", "@nestjs/core", "next"], dev("nx", "@nx/webpack"))),
      "nx.json": "{}",
      "apps/web/project.json": json({
        name: "web",
        projectType: "application",
        targets: {
          build: { executor: "@angular-devkit/build-angular:application", options: { outputPath: "dist/web" } },
        },
      }),
      "apps/web/src/main.ts": "",
      "apps/web/src/app/app.component.ts": "",
      "apps/api/project.json": json({
        name: "api",
        projectType: "application",
        targets: {
          build: { executor: "@nx/webpack:webpack", options: { outputPath: "dist/api", main: "apps/api/src/main.ts" } },
        },
      }),
      "apps/api/src/main.ts": "import { NestFactory } from '@nestjs/core';\nawait app.listen(3000);\n",
      "apps/api/src/app/app.module.ts": "import { Module } from '@nestjs/common';\n",
    },
    { web: "angular", api: "nest" },
  ],
  [
    "assets of an application of another language are a part of it",
    {
      artisan: "",
      "composer.json": json({ type: "project", require: { "laravel/framework": "^11" } }),
      "public/index.php": "<?php\n",
      "resources/assets/v1/package.json": json(pack({ production: "mix --production" }, [], dev("laravel-mix", "vue"))),
      "resources/assets/v1/src/app.js": "",
      "resources/assets/v2/package.json": vite,
      "resources/assets/v2/index.html": "",
    },
    { shop: "laravel" },
  ],
  [
    "pages that ASP.NET publishes",
    {
      "Shop.csproj":
        '<Project Sdk="Microsoft.NET.Sdk.Web">\n  <PropertyGroup>\n    <TargetFramework>net8.0</TargetFramework>\n    <SpaRoot>ClientApp\\</SpaRoot>\n  </PropertyGroup>\n</Project>\n',
      "Program.cs": "var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.Run();\n",
      "ClientApp/package.json": vite,
      "ClientApp/index.html": "",
    },
    { shop: "aspnet-core" },
  ],
  [
    "functions of a host",
    {
      "package.json": json(pack({ build: "next build", start: "next start" }, ["next"])),
      "pages/index.js": "",
      "supabase/functions/hello/deno.json": "{}",
      "supabase/functions/hello/index.ts": "Deno.serve(() => new Response('hello'));\n",
    },
    { app: "next" },
  ],
  [
    "a program for desks",
    {
      "package.json": json(
        pack({ dev: "vite", build: "vite build" }, ["react"], { main: "dist/main.js", ...dev("electron", "vite") }),
      ),
      "index.html": "",
      "src/main.tsx": "",
    },
    {},
  ],
  [
    "a window of Electron without a bundler",
    {
      "package.json": json(pack({ start: "electron ." }, [], { main: "main.js", ...dev("electron") })),
      "main.js": "const { app, BrowserWindow } = require('electron');\n",
      "index.html": "",
    },
    {},
  ],
  [
    "an extension of browsers",
    {
      "package.json": vite,
      "index.html": "",
      "manifest.json": json({ manifest_version: 3, name: "x" }),
    },
    {},
  ],
  [
    "an action of GitHub",
    {
      "action.yml": "name: x\nruns:\n  using: node20\n  main: dist/index.js\n",
      "package.json": json(pack({ build: "tsc" }, ["@actions/core"], { main: "lib/main.js" })),
      "src/main.ts": "run();\n",
    },
    {},
  ],
  [
    "a library whose documents are a site",
    {
      "package.json": json(
        pack({ build: "tsup", "docs:build": "vitepress build docs" }, [], {
          main: "dist/index.js",
          types: "dist/index.d.ts",
          ...dev("vitepress", "tsup"),
        }),
      ),
      "docs/index.md": "",
      "docs/.vitepress/config.ts": "export default {}",
      "src/index.ts": "",
    },
    {},
  ],
  [
    "what a library is tested with",
    {
      Gemfile: "source 'https://rubygems.org'\ngemspec\n",
      "shop.gemspec": "Gem::Specification.new do |s|\n  s.add_dependency 'rails'\nend\n",
      "lib/shop/engine.rb": "class Engine < ::Rails::Engine\nend\n",
      "test/dummy/config.ru": "run Rails.application\n",
      "test/dummy/config/application.rb": "class Application < Rails::Application\nend\n",
    },
    {},
  ],
  [
    "templates beside an application",
    {
      "web/package.json": json(pack({ start: "next start" }, ["next"])),
      "web/pages/index.js": "",
      "templates/base/package.json": json(pack({ start: "node index.js" }, ["express"])),
      "templates/base/index.js": LISTEN,
    },
    { web: "next" },
  ],
  [
    "a theme of WordPress in its place",
    {
      "index.php": "<?php require __DIR__ . '/wp-blog-header.php';\n",
      "wp-load.php": "<?php\n",
      "wp-config-sample.php": "<?php\n",
      "wp-content/themes/shop/package.json": json(
        pack({ start: "wp-scripts start", build: "wp-scripts build" }, [], dev("@wordpress/scripts")),
      ),
    },
    { shop: "wordpress" },
  ],
])("services: %s", (_, files, expected) => {
  const found = servicesIn(files);
  expect(Object.fromEntries(Object.entries(found).map(([name, { framework }]) => [name, framework]))).toEqual(expected);
});

test.each<[string, Record<string, string>, Record<string, unknown>]>([
  [
    "a script that starts the tools of Rails",
    {
      Gemfile: "source 'https://rubygems.org'\ngem 'rails', '~> 7.1'\ngem 'puma'\n",
      "config.ru": "run Rails.application\n",
      "config/application.rb": "class Application < Rails::Application\nend\n",
      "config/puma.rb": "port ENV.fetch('PORT', 3000)\n",
      "package.json": json(pack({ start: "bin/dev", build: "esbuild app/javascript/*.*" }, [], dev("esbuild"))),
      "app/javascript/application.js": "",
    },
    { shop: { framework: "rails", start: "bundle exec puma -C config/puma.rb" } },
  ],
  [
    "a script that starts the server of Phoenix",
    {
      "mix.exs":
        'defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, deps: deps()]\n  def application, do: [mod: {A, []}]\n  defp deps, do: [{:phoenix, "~> 1.7"}]\nend\n',
      "lib/a_web/endpoint.ex": "defmodule AWeb.Endpoint do\n  use Phoenix.Endpoint, otp_app: :a\nend\n",
      "package.json": json(pack({ start: "mix phx.server" })),
    },
    { a: { framework: "phoenix", start: "bin/a start" } },
  ],
  [
    "a script that shows the pages of Hugo",
    {
      "hugo.toml": "baseURL = 'https://example.org/'\n",
      "content/a.md": "",
      "layouts/index.html": "",
      "package.json": json(pack({ start: "hugo server -D", build: "hugo --minify" }, [], dev("hugo-bin"))),
    },
    { shop: { framework: "hugo", kind: "static", start: null } },
  ],
  [
    "a script for plain pages of PHP",
    {
      "index.php": "<?php echo 1;\n",
      "package.json": json(pack({ start: "php -S localhost:8000" })),
    },
    { shop: { languages: ["PHP"], kind: "web" } },
  ],
  [
    "a program of another language side by side with the server",
    {
      "package.json": json(pack({ start: 'concurrently "python3 ml/app.py" "node server.js"' }, ["express"])),
      "server.js": LISTEN,
    },
    { app: { framework: "express", start: "node server.js" } },
  ],
  [
    "a script that starts Deno",
    {
      "package.json": json(pack({ start: "deno run -A main.ts" })),
      "deno.json": "{}",
      "main.ts": "Deno.serve(() => new Response('hello'));\n",
    },
    { shop: { runtime: { name: "deno", version: null }, start: "deno run -A main.ts" } },
  ],
])("start: %s", (_, files, expected) => {
  expect(servicesIn(files)).toMatchObject(expected);
});
