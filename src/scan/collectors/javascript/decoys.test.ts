import { describe, expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "./testing.ts";

type Expected = Record<string, unknown>;
const SERVER = "const app = require('express')()\napp.listen(3000)\n";
const PAGE = { "index.html": "<div></div>", "src/main.ts": "" };

describe("a server and the pages beside it", () => {
  test.each<[string, Repository, Expected]>([
    [
      "tools of development are no framework",
      {
        "package.json": pack(
          { start: "node server.js", storybook: "storybook dev -p 6006", test: "vitest" },
          ["express"],
          dev("storybook", "vite", "vitest", "next", "@playwright/test", "astro"),
        ),
        "vite.config.ts": "export default { test: {} }",
        "server.js": SERVER,
      },
      { framework: "express", kind: "api", start: "node server.js", port: 3000 },
    ],
    [
      "a server of development only",
      {
        "package.json": pack({ dev: "vite", build: "vite build" }, [], dev("vite", "express")),
        "mock/server.js": SERVER,
        ...PAGE,
      },
      { framework: "vite", start: undefined, output: "dist" },
    ],
    [
      "pages and a server that serves them",
      {
        "package.json": pack({ build: "vite build", start: "node server.js" }, ["express"], dev("vite")),
        "server.js": "import express from 'express'\napp.use(express.static('dist'))\napp.listen(8080)",
        ...PAGE,
      },
      { framework: "express", kind: "web", start: "node server.js", port: 8080, output: undefined },
    ],
    [
      "a server without a script",
      {
        "package.json": pack(
          { dev: "concurrently vite 'nodemon server.js'", build: "vite build" },
          ["express"],
          dev("vite"),
        ),
        "server.js": SERVER,
        ...PAGE,
      },
      { framework: "express", start: "node server.js" },
    ],
    [
      "pages that start, and a server for people's own machines",
      {
        "package.json": pack({ start: "react-scripts start", build: "react-scripts build" }, [
          "react-scripts",
          "express",
        ]),
        "server.js": SERVER,
        "src/index.js": "",
      },
      { framework: "create-react-app", output: "build", start: undefined },
    ],
    [
      "pages that start, and a server that production starts",
      {
        "package.json": pack(
          { start: "react-scripts start", "start:prod": "node server.js", build: "react-scripts build" },
          ["react-scripts", "express"],
        ),
        "server.js": SERVER,
        "src/index.js": "",
      },
      { framework: "express", start: "node server.js" },
    ],
    [
      "a dependency that nothing imports",
      {
        "package.json": pack({ start: "node a.js" }, ["express", "fastify"]),
        "a.js": "const f = require('fastify')()\nf.listen({ port: 3000 })",
      },
      { framework: "fastify" },
    ],
    [
      "an import in a comment",
      {
        "package.json": pack({ start: "node a.js" }, ["koa", "express"]),
        "a.js": "// require('express')\nconst Koa = require('koa')\nnew Koa().listen(3000)",
      },
      { framework: "koa" },
    ],
    [
      "an import in tests and examples",
      {
        "package.json": pack({ start: "node a.js" }, ["hono", "express"]),
        "a.js": "const h = require('hono')",
        "test/a.js": "require('express')",
        "examples/b.js": "require('express')",
      },
      { framework: "hono" },
    ],
    [
      "code for browsers is not started",
      {
        "package.json": pack({ build: "gulp build" }, ["react", "react-dom"], { main: "src/index.js" }),
        "src/index.js": "render()",
      },
      { start: undefined },
    ],
    [
      "a program for desks",
      {
        "package.json": pack({ start: "electron ." }, [], { main: "main.js", ...dev("electron") }),
        "main.js": "const { app } = require('electron')",
      },
      { start: undefined, framework: undefined },
    ],
    [
      "an application for phones",
      {
        "package.json": pack({ start: "expo start" }, ["expo", "react"], { main: "expo-router/entry" }),
        "app/index.tsx": "",
      },
      { start: undefined, output: undefined },
    ],
    [
      "a server of development of its own",
      {
        "package.json": pack({ start: "node scripts/start.js", build: "node scripts/build.js" }, ["react-dom"]),
        "scripts/start.js": "require('webpack-dev-server')",
      },
      { start: undefined },
    ],
    [
      "a function that a host calls",
      { "package.json": pack({}, [], { main: "index.js" }), "index.js": "exports.handler = async () => {}" },
      { start: undefined },
    ],
    [
      "a worker of a host",
      {
        "package.json": pack({ dev: "wrangler dev" }, ["hono"], dev("wrangler")),
        "src/index.ts": "import { Hono } from 'hono'\nexport default new Hono()",
      },
      { framework: "hono", start: undefined },
    ],
    [
      "only tools",
      { "package.json": pack({ lint: "eslint .", prepare: "husky" }, [], dev("eslint", "husky")) },
      { framework: undefined, start: undefined, output: undefined },
    ],
  ])("%s", (_, repository, expected) => expect(picked(told(repository), expected)).toEqual(expected));

  test("what almost was a framework is told", () => {
    const { misses } = told({ "package.json": pack({ start: "node a.js" }, [], dev("express", "next")), "a.js": "" });
    expect(misses.map(({ message }) => message)).toEqual([
      "next is a dependency, but no configuration, script or page uses it",
      "express is a development dependency only",
    ]);
  });
});

describe("a package.json beside an application of another language", () => {
  const assets = pack({ build: "esbuild app/*.js", dev: "vite" }, [], dev("vite", "esbuild"));
  test.each<[string, Repository]>([
    [
      "Rails",
      { Gemfile: "gem 'rails'\n", "config.ru": "", "package.json": assets, "app/javascript/application.js": "" },
    ],
    [
      "Laravel",
      { "composer.json": {}, artisan: "", "package.json": assets, "vite.config.js": "", "public/index.php": "<?php" },
    ],
    ["Django", { "manage.py": "", "requirements.txt": "django", "package.json": assets, "index.html": "" }],
    ["Flask", { "requirements.txt": "flask", "app.py": "", "package.json": assets }],
    ["Phoenix", { "mix.exs": "", "package.json": assets }],
    ["Go", { "go.mod": "module x", "main.go": "package main", "package.json": assets }],
    [
      "Spring",
      {
        "pom.xml": "<project/>",
        "src/main/java/A.java": "",
        "package.json": pack({ start: "ng serve" }, ["@angular/core"]),
      },
    ],
    [".NET", { "App.csproj": "<Project/>", "Program.cs": "", "package.json": assets }],
    ["Hugo", { "hugo.toml": "baseURL = 'x'", "package.json": assets }],
  ])("%s", (_, repository) =>
    expect([...told(repository).facts.keys()].filter((id) => id !== "workspace")).toEqual([]),
  );

  test.each<[string, Repository, Expected]>([
    [
      "Next with functions of Python",
      {
        "package.json": pack({ build: "next build", start: "next start" }, ["next"]),
        "app/page.tsx": "",
        "requirements.txt": "fastapi",
        "api/index.py": "",
      },
      { framework: "next", start: "next start" },
    ],
    [
      "a server with scripts of Python",
      {
        "package.json": pack({ start: "node server.js" }, ["express"]),
        "server.js": SERVER,
        "requirements.txt": "numpy",
        "tools/run.py": "",
      },
      { framework: "express", start: "node server.js" },
    ],
    [
      "React Native with a Gemfile",
      {
        "package.json": pack({ start: "node server.js" }, ["express"]),
        Gemfile: "gem 'cocoapods'",
        "server.js": SERVER,
      },
      { framework: "express" },
    ],
  ])("%s is its own", (_, repository, expected) => expect(picked(told(repository), expected)).toEqual(expected));
});
