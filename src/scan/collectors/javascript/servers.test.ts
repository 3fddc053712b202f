import { expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "./testing.ts";

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "Nitro",
    { "package.json": pack({ build: "nitropack build" }, [], dev("nitropack")), "nitro.config.ts": "" },
    { framework: "nitro", start: "node .output/server/index.mjs", kind: "api" },
  ],
  [
    "Strapi",
    {
      "package.json": pack({ develop: "strapi develop", start: "strapi start" }, ["@strapi/strapi"]),
      "config/server.js": "module.exports = ({ env }) => ({ port: env.int('PORT', 1400) })",
    },
    { framework: "strapi", start: "strapi start", port: 1400 },
  ],
  [
    "Adonis",
    {
      "package.json": pack({ build: "node ace build", start: "node bin/server.js" }, ["@adonisjs/core"]),
      "adonisrc.ts": "",
      "bin/server.ts": "",
    },
    { framework: "adonis", start: "node build/bin/server.js", port: 3333 },
  ],
  [
    "Nest",
    {
      "package.json": pack({ start: "nest start", "start:dev": "nest start --watch", "start:prod": "node dist/main" }, [
        "@nestjs/core",
        "express",
      ]),
      "src/main.ts": "import { NestFactory } from '@nestjs/core'\nawait app.listen(process.env.PORT ?? 3001)",
    },
    { framework: "nest", kind: "api", start: "node dist/main", port: 3001 },
  ],
  [
    "Nest without a script for production",
    {
      "package.json": pack({ start: "nest start" }, ["@nestjs/core"]),
      "src/main.ts": "import { NestFactory } from '@nestjs/core'\nawait app.listen(3000)",
    },
    { start: "node dist/main" },
  ],
  [
    "Keystone",
    {
      "package.json": pack({ start: "keystone start" }, ["@keystone-6/core"]),
      "keystone.ts": "export default config({ db: { port: 5432 }, server: { port: 3055 } })",
    },
    { framework: "keystone", start: "keystone start", port: 3055 },
  ],
  [
    "Moleculer, whose gateway is one of its services",
    {
      "package.json": pack({ start: "moleculer-runner" }, ["moleculer", "moleculer-web"]),
      "services/api.service.js": "module.exports = { name: 'api', settings: { port: process.env.PORT || 3056 } }",
    },
    { framework: "moleculer", start: "moleculer-runner", port: 3056, kind: "api" },
  ],
  [
    "HonoX",
    {
      "package.json": pack({ dev: "vite", build: "vite build" }, ["hono", "honox"], dev("vite")),
      "vite.config.ts": "import honox from 'honox/vite'\nexport default { plugins: [honox()] }",
    },
    { framework: "hono", kind: "ssr", start: undefined, output: undefined },
  ],
  [
    "a server among the tools, which start runs",
    {
      "package.json": pack({ start: "nodemon server" }, [], dev("express", "nodemon")),
      "server.js": "const app = require('express')()\napp.listen(3057)",
    },
    { framework: "express", start: "node server", port: 3057 },
  ],
  [
    "a server among the tools, which start does not run",
    {
      "package.json": pack({ start: "node index.js" }, [], dev("express")),
      "index.js": "require('http').createServer().listen(3058)",
      "mock.js": "const app = require('express')()\napp.listen(9999)",
    },
    { framework: undefined, start: "node index.js", port: 3058 },
  ],
  [
    "LoopBack, which listens where its configuration says",
    {
      "package.json": pack({ start: "node ." }, ["loopback"], { main: "server/server.js" }),
      "server/server.js": "var app = require('loopback')()\napp.start = () => app.listen(function () {})",
    },
    { framework: "loopback", start: "node .", port: 3000 },
  ],
])("frameworks of servers: %s", (_, repository, expected) =>
  expect(picked(told(repository), expected)).toEqual(expected),
);

test("a tool among the installed ones that Node is told to run", () => {
  const found = told({
    "package.json": pack(
      {
        start: "node --max_old_space_size=4096 node_modules/@angular/cli/bin/ng serve",
        build: "node --max_old_space_size=8192 ./node_modules/@angular/cli/bin/ng build",
      },
      ["@angular/core"],
    ),
    "angular.json": { projects: { shop: { projectType: "application", architect: { build: {} } } } },
    "src/app/app.component.ts": "",
  });
  expect(picked(found, { framework: "", start: "", kind: "" })).toEqual({
    framework: "angular",
    start: undefined,
    kind: "spa",
  });
});
