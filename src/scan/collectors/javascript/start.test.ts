import { describe, expect, test } from "vitest";
import { dev, pack, type Repository, told } from "./testing.ts";

type Expected = Record<string, unknown>;
const pick = (values: Record<string, unknown>, keys: Expected) =>
  Object.fromEntries(Object.keys(keys).map((key) => [key, values[key]]));
const LISTEN = "import express from 'express'\nexpress().listen(3000)\n";
const TSC = { compilerOptions: { outDir: "dist", rootDir: "src" } };
const server = (
  scripts: Record<string, string>,
  more: Repository = {},
  extra: Record<string, unknown> = {},
): Repository => ({
  "package.json": pack(scripts, ["express"], extra),
  ...more,
});

describe("start", () => {
  test.each<[string, Repository, Expected]>([
    ["a script", server({ start: "node server.js" }, { "server.js": LISTEN }), { start: "node server.js" }],
    [
      "scripts within scripts",
      server({ start: "npm run prod", prod: "cross-env NODE_ENV=production node dist/main.js" }),
      { start: "NODE_ENV=production node dist/main.js" },
    ],
    [
      "a build and a migration in front",
      server({ start: "npm run build && prisma migrate deploy && node dist/main", build: "tsc" }),
      { start: "node dist/main", build: "npm run build" },
    ],
    [
      "a watching start and one for production",
      server({ start: "nodemon src/a.js", "start:prod": "node dist/a.js" }),
      { start: "node dist/a.js" },
    ],
    [
      "a watching start alone",
      server({ start: "nodemon server.js" }, { "server.js": LISTEN }),
      { start: "node server.js" },
    ],
    [
      "sources run by a tool",
      server({ start: "ts-node src/index.ts", build: "tsc" }, { "src/index.ts": LISTEN, "tsconfig.json": TSC }),
      { start: "ts-node src/index.ts" },
    ],
    [
      "sources watched, and built by a script",
      server({ start: "tsx watch src/index.ts", build: "tsc" }, { "src/index.ts": LISTEN, "tsconfig.json": TSC }),
      { start: "node dist/index.js" },
    ],
    [
      "a script for development alone",
      server({ dev: "nodemon app.js" }, { "app.js": LISTEN }),
      { start: "node app.js" },
    ],
    [
      "a script for development, and a build",
      server({ dev: "ts-node-dev src/server.ts", build: "tsc" }, { "src/server.ts": LISTEN, "tsconfig.json": TSC }),
      { start: "node dist/server.js" },
    ],
    [
      "a server under another name",
      server({ server: "node api.js", dev: "vite" }, { "api.js": LISTEN }),
      { start: "node api.js" },
    ],
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
    [
      "TypeScript without a compiler",
      server({}, { "src/index.ts": LISTEN }, dev("tsx")),
      { start: "tsx src/index.ts" },
    ],
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
      "a process manager",
      server({ start: "pm2 start server.js -i max" }, { "server.js": LISTEN }),
      { start: "node server.js" },
    ],
    [
      "a process manager in the foreground",
      server({ start: "pm2-runtime start ecosystem.config.js" }),
      { start: "pm2-runtime start ecosystem.config.js" },
    ],
    [
      "a script of the shell",
      server({ start: "./start.sh" }, { "server.js": LISTEN }),
      { start: "./start.sh", port: 3000 },
    ],
    [
      "a static server",
      {
        "package.json": pack({ start: "serve -s build -l 5050", build: "react-scripts build" }, [
          "react-scripts",
          "serve",
        ]),
        "src/index.js": "",
      },
      { start: "serve -s build -l 5050", output: "build", port: 5050 },
    ],
    [
      "a static server of pages that lie there",
      {
        "package.json": pack({ start: "http-server public -p 8081" }, [], dev("http-server")),
        "public/index.html": "",
      },
      { start: "http-server public -p 8081", output: "public", port: 8081, kind: "static" },
    ],
    [
      "pages that nothing serves",
      { "package.json": pack({ start: "live-server" }, [], dev("live-server")), "index.html": "" },
      { start: undefined, output: ".", kind: "static" },
    ],
    [
      "the preview of Vite",
      {
        "package.json": pack({ start: "vite preview --port 8080", build: "vite build" }, [], dev("vite")),
        "index.html": "",
      },
      { start: "vite preview --port 8080", port: 8080, bind: "localhost" },
    ],
    [
      "flags of Next",
      { "package.json": pack({ start: "next start -p ${PORT:-8080} -H 0.0.0.0" }, ["next"]), "pages/a.js": "" },
      { start: "next start -p ${PORT:-8080} -H 0.0.0.0", port: 8080, bind: "0.0.0.0" },
    ],
    [
      "a variable in front",
      server({ start: "PORT=4100 node server.js" }, { "server.js": "require('express')().listen(process.env.PORT)" }),
      { port: 4100, start: "PORT=4100 node server.js" },
    ],
    [
      "Windows",
      server({ start: "set NODE_ENV=production&& node app.js" }, { "app.js": LISTEN }),
      { start: "NODE_ENV=production node app.js" },
    ],
    [
      "two servers side by side",
      server({ start: "concurrently 'node api.js' 'node worker.js'" }),
      { start: "node api.js" },
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
    [
      "a server with a command besides",
      server({ start: "node index.js" }, { "index.js": LISTEN }, { bin: { x: "cli.js" } }),
      { start: "node index.js", kind: "api" },
    ],
    [
      "a bot",
      { "package.json": pack({ start: "node bot.js" }, ["discord.js"]), "bot.js": "client.login()" },
      { start: "node bot.js", kind: "worker", port: undefined },
    ],
    [
      "pages of a server",
      { "package.json": pack({ start: "node a.js" }, ["express", "ejs"]), "a.js": LISTEN },
      { kind: "web" },
    ],
  ])("%s", (_, repository, expected) => expect(pick(told(repository).values, expected)).toEqual(expected));

  test("the place is the script; what runs before it is named too", () => {
    const { facts } = told(server({ prestart: "npm run build", start: "node server.js", build: "tsc" }));
    expect(facts.get("start")).toMatchObject({
      source: "project",
      confidence: 1,
      evidence: [{ file: "package.json", line: 5 }, { line: 4 }],
    });
  });

  test("less sure ones say so", () => {
    const worth = (repository: Repository) => told(repository).facts.get("start")?.confidence;
    expect(worth(server({ start: "nodemon server.js" }, { "server.js": LISTEN }))).toBe(0.8);
    expect(worth({ "package.json": pack({}), "index.js": "console.log(1)" })).toBe(0.5);
    expect(worth({ "package.json": pack({}), "src/index.ts": "console.log(1)" })).toBeLessThan(0.5);
  });
});

describe("other processes", () => {
  test.each<[string, Record<string, string>, Record<string, unknown>]>([
    [
      "a worker",
      { worker: "node src/worker.js" },
      { "process.worker": { name: "worker", command: "node src/worker.js" } },
    ],
    [
      "a built one",
      { "start:worker": "node dist/jobs.js" },
      { "process.worker": { name: "worker", command: "node dist/jobs.js" } },
    ],
    ["one that is not there", { worker: "node nothing.js" }, {}],
    ["one for development", { "dev:worker": "nodemon src/worker.js", "worker:dev": "node src/worker.js" }, {}],
    ["the start under another name", { worker: "node src/index.js" }, {}],
  ])("%s", (_, scripts, expected) => {
    const { values } = told(
      server(
        { start: "node src/index.js", ...scripts },
        { "src/index.js": LISTEN, "src/worker.js": "", "src/jobs.ts": "" },
      ),
    );
    expect(Object.fromEntries(Object.entries(values).filter(([id]) => id.startsWith("process.")))).toEqual(expected);
  });
});
