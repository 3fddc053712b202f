import { expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "../javascript/testing.ts";

const DENO = { name: "deno", version: null };

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "a task",
    {
      "deno.json": { tasks: { dev: "deno run --watch main.ts", start: "deno run --allow-net main.ts" } },
      "main.ts": "Deno.serve({ port: 8080 }, () => new Response('x'))",
    },
    {
      start: "deno run --allow-net main.ts",
      port: 8080,
      runtime: DENO,
      language: "TypeScript",
      packageManager: "deno",
      kind: "api",
    },
  ],
  [
    "a task that watches",
    { "deno.json": { tasks: { start: "deno run -A --watch main.ts" } }, "main.ts": "Deno.serve(() => new Response())" },
    { start: "deno run -A main.ts", port: 8000 },
  ],
  [
    "a task of a task",
    {
      "deno.json": {
        tasks: {
          start: { command: "deno task build && deno task serve" },
          build: "x",
          serve: "deno serve --port 9000 -A main.ts",
        },
      },
      "main.ts": "",
    },
    { start: "deno serve --port 9000 -A main.ts", port: 9000, build: "deno task build" },
  ],
  [
    "tasks that are a circle",
    { "deno.json": { tasks: { start: "deno task start" } }, "main.ts": "Deno.serve(f)" },
    { start: "deno run -A main.ts" },
  ],
  [
    "only a task for development",
    { "deno.json": { tasks: { dev: "deno run -A --watch src/main.ts" } }, "src/main.ts": "Deno.serve(f)" },
    { start: "deno run -A src/main.ts" },
  ],
  [
    "Fresh",
    {
      "deno.json": {
        tasks: {
          start: "deno run -A --watch=static/,routes/ dev.ts",
          build: "deno run -A dev.ts build",
          preview: "deno run -A main.ts",
        },
        imports: { "$fresh/": "https://deno.land/x/fresh@1.6.5/" },
      },
      "main.ts": "",
      "dev.ts": "",
    },
    { framework: "fresh", kind: "web", start: "deno run -A main.ts", port: 8000 },
  ],
  [
    "Fresh 2",
    {
      "deno.json": {
        tasks: { dev: "vite", build: "vite build", start: "deno serve -A _fresh/server.js" },
        imports: { fresh: "jsr:@fresh/core@^2.0.0" },
      },
      "main.ts": "",
    },
    { framework: "fresh", start: "deno serve -A _fresh/server.js", port: 8000 },
  ],
  [
    "Hono without tasks, with comments",
    {
      "deno.jsonc": '{ // imports\n "imports": { "hono": "jsr:@hono/hono@^4" }, }',
      "deno.lock": "{}",
      "main.ts": "import { Hono } from 'hono'\nDeno.serve({ port: 4000 }, new Hono().fetch)",
    },
    { framework: "hono", start: "deno run -A main.ts", port: 4000, install: "deno install --frozen" },
  ],
  [
    "Oak without a configuration",
    {
      "main.ts":
        "import { Application } from 'https://deno.land/x/oak@v12.6.0/mod.ts'\nawait new Application().listen({ port: 8001 })",
    },
    { framework: "oak", start: "deno run -A main.ts", port: 8001, runtime: DENO },
  ],
  [
    "an exported handler",
    {
      "deno.json": {},
      "server.ts": "export default { fetch: () => new Response('x') } satisfies Deno.ServeDefaultExport",
    },
    { start: "deno serve -A server.ts", port: 8000 },
  ],
  [
    "a port of the environment",
    { "deno.json": {}, "main.ts": "const port = Number(Deno.env.get('PORT') ?? '8090')\nDeno.serve({ port }, f)" },
    { port: 8090 },
  ],
  [
    "a library",
    { "deno.json": { name: "@acme/lib", exports: "./mod.ts" }, "mod.ts": "export const a = 1" },
    { start: undefined, kind: "library" },
  ],
  [
    ".dvmrc",
    { "deno.json": { tasks: { start: "deno run main.ts" } }, ".dvmrc": "1.40.2\n", "main.ts": "" },
    { runtime: { name: "deno", version: "1.40.2" } },
  ],
  [
    "a package that Node starts",
    {
      "deno.json": { lint: {} },
      "package.json": pack({ start: "node a.js" }, ["express"]),
      "a.js": "require('express')().listen(3000)",
    },
    { runtime: { name: "node", version: null }, start: "node a.js", packageManager: "npm" },
  ],
  [
    "a package for its tools only",
    {
      "deno.json": { tasks: { start: "deno run -A main.ts" } },
      "package.json": pack({}, [], dev("prettier")),
      "main.ts": "Deno.serve(f)",
    },
    { runtime: DENO, start: "deno run -A main.ts", packageManager: "deno" },
  ],
  [
    "Lume",
    {
      "deno.json": {
        imports: { "lume/": "https://deno.land/x/lume@v2.0.0/" },
        tasks: {
          lume: "echo \"import 'lume/cli.ts'\" | deno run -A -",
          build: "deno task lume",
          serve: "deno task lume -s",
        },
      },
      "_config.ts": 'import lume from "lume/mod.ts";\nexport default lume({ dest: "./public" });\n',
      "index.md": "",
    },
    { framework: "lume", kind: "static", output: "public", build: "deno task build", start: undefined },
  ],
  [
    "a broken configuration",
    { "deno.json": '{ "tasks": ', "main.ts": "Deno.serve(f)" },
    { start: "deno run -A main.ts", runtime: DENO },
  ],
  [
    "Deno in a comment",
    { "main.ts": "// Deno.serve(f)\nconst http = require('http')\nhttp.createServer().listen(3000)" },
    { runtime: { name: "node", version: null } },
  ],
])("%s", (_, repository, expected) => expect(picked(told(repository), expected)).toEqual(expected));

test("members of a workspace of Deno need each other by name", () => {
  const files = {
    "deno.json": { workspace: ["./api", "./lib"] },
    "api/deno.json": { name: "@acme/api", tasks: { start: "deno run -A main.ts" }, imports: { "@acme/lib": "../lib" } },
    "api/main.ts": "Deno.serve(f)",
    "lib/deno.json": { name: "@acme/lib", exports: "./mod.ts" },
    "lib/mod.ts": "",
  };
  expect(told(files, "api").values).toMatchObject({
    workspace: ".",
    "internal.lib": { path: "lib" },
    start: "deno run -A main.ts",
  });
});
