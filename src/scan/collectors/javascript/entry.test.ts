import { expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "./testing.ts";

const LISTEN = "import express from 'express'\nexpress().listen(3000)\n";
const server = (
  scripts: Record<string, string>,
  more: Repository = {},
  extra: Record<string, unknown> = {},
): Repository => ({
  "package.json": pack(scripts, ["express"], extra),
  ...more,
});

test.each<[string, Repository, Record<string, unknown>]>([
  ["main", server({}, { "lib/run.js": LISTEN }, { main: "lib/run.js" }), { start: "node lib/run.js" }],
  ["main that is not there", server({}, { "app.js": LISTEN }, { main: "index.js" }), { start: "node app.js" }],
  [
    "nodemon, which reads main",
    server({ start: "nodemon" }, { "src/app.js": LISTEN }, { main: "src/app.js" }),
    { start: "node src/app.js" },
  ],
  [
    "a point",
    server({ start: "node ." }, { "app.js": "require('express')().listen(3005)" }, { main: "app.js" }),
    { start: "node .", port: 3005 },
  ],
  [
    "the file that listens",
    server({}, { "index.js": "module.exports = 1", "server.js": LISTEN }),
    { start: "node server.js" },
  ],
  ["a file below src", server({}, { "src/index.js": LISTEN }), { start: "node src/index.js" }],
  [
    "the generator of Express",
    server(
      { start: "node ./bin/www" },
      {
        "bin/www": "#!/usr/bin/env node\nvar port = normalizePort(process.env.PORT || '3456');\nserver.listen(port);",
        "app.js": "var express = require('express');",
      },
    ),
    { start: "node ./bin/www", port: 3456 },
  ],
  [
    "TypeScript and a compiler",
    server(
      { build: "tsc -p tsconfig.build.json" },
      {
        "src/main.ts": LISTEN,
        "tsconfig.json": '{ // base\n "compilerOptions": { "outDir": "./out", }, }',
        "tsconfig.build.json": { extends: "./tsconfig.json", include: ["src"] },
      },
    ),
    { start: "node out/main.js" },
  ],
  [
    "TypeScript whose sources lie in two folders",
    server(
      { build: "tsc" },
      { "src/main.ts": LISTEN, "lib/a.ts": "", "tsconfig.json": { compilerOptions: { outDir: "dist" } } },
    ),
    { start: "node dist/src/main.js" },
  ],
  [
    "TypeScript and tsup",
    server({ build: "tsup src/index.ts --format esm" }, { "src/index.ts": LISTEN }, { type: "module" }),
    { start: "node dist/index.js" },
  ],
  [
    "TypeScript and esbuild",
    server(
      { build: "esbuild src/index.ts --bundle --platform=node --outfile=build/app.cjs" },
      { "src/index.ts": LISTEN },
    ),
    { start: "node build/app.cjs" },
  ],
  [
    "JavaScript and Babel",
    server({ build: "babel src -d lib" }, { "src/server/index.js": "", "src/index.js": LISTEN }),
    { start: "node lib/index.js" },
  ],
  ["TypeScript without a compiler", server({}, { "src/index.ts": LISTEN }, dev("tsx")), { start: "tsx src/index.ts" }],
  [
    "Bun",
    {
      "package.json": pack({}, [], { module: "index.ts", ...dev("@types/bun") }),
      "bun.lock": "",
      "index.ts": "Bun.serve({ port: 3333, fetch() {} })",
    },
    { start: "bun run index.ts", port: 3333 },
  ],
  [
    "Bun in a script",
    {
      "package.json": pack({ start: "bun src/index.ts" }, ["elysia"]),
      "bun.lock": "",
      "src/index.ts": "import { Elysia } from 'elysia'\nnew Elysia().listen(3001)",
    },
    { start: "bun src/index.ts", runtime: { name: "bun", version: null } },
  ],
  [
    "Bun and an exported application",
    {
      "package.json": pack({ dev: "bun run --hot src/index.ts" }, ["hono"]),
      "bun.lockb": "",
      "src/index.ts": "import { Hono } from 'hono'\nconst app = new Hono()\nexport default app",
    },
    { start: "bun run src/index.ts", port: 3000 },
  ],
  [
    "a program without a framework",
    { "package.json": pack({}, [], { main: "index.js" }), "index.js": "console.log(1)" },
    { start: "node index.js" },
  ],
  [
    "a program without a package",
    { "server.js": "require('http').createServer(() => {}).listen(process.env.PORT || 8080)" },
    { start: "node server.js", port: 8080, language: "JavaScript" },
  ],
  [
    "a script of a page without a package",
    { "index.html": "", "app.js": "document.title = 'x'" },
    { start: undefined, language: undefined },
  ],
  [
    "a library",
    {
      "package.json": {
        name: "lib",
        main: "dist/index.js",
        types: "dist/index.d.ts",
        scripts: { build: "tsup", start: "tsup --watch" },
      },
      "src/index.ts": "",
    },
    { start: undefined, kind: "library" },
  ],
  [
    "a tool",
    {
      "package.json": { name: "tool", bin: { tool: "bin/tool.js" }, main: "index.js" },
      "bin/tool.js": "",
      "index.js": "",
    },
    { start: undefined, kind: "cli" },
  ],
])("a package without a start script: %s", (_, repository, expected) =>
  expect(picked(told(repository), expected)).toEqual(expected),
);
