import { describe, expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "./testing.ts";

const SERVER = "const app = require('express')()\napp.listen(3000)\n";

describe("what others import", () => {
  const MODULE = "'use strict';\nmodule.exports = function pad(text) { return text.padStart(2); };\n";
  test.each<[string, Repository]>([
    [
      "a module that main names",
      { "package.json": pack({ test: "mocha" }, [], { main: "index.js" }), "index.js": MODULE },
    ],
    [
      "a module that makes servers and starts none",
      {
        "package.json": pack({ test: "tap" }, ["debug"], { main: "lib/index.js" }),
        "lib/index.js": "exports.create = function () { return require('http').createServer() }",
      },
    ],
    [
      "a module in TypeScript with nothing but tests of Vite",
      {
        "package.json": pack({ build: "tsc", test: "vitest" }, [], { main: "dist/index.js", ...dev("vite", "vitest") }),
        "vite.config.ts": "export default defineConfig({ test: { globals: true } })",
        "src/index.ts": "export const add = (a: number, b: number) => a + b",
        "tsconfig.json": {},
      },
    ],
    [
      "what Vite builds by a configuration that cannot be read",
      {
        "package.json": pack({ build: "vite build" }, [], { main: "dist/thing.js", ...dev("vite") }),
        "vite.config.js": "import base from './base.js'\nexport default base({ name: 'thing' })",
        "src/index.js": "export * from './button'",
      },
    ],
    [
      "an adapter that listens where it is called",
      {
        "package.json": pack({ build: "tsup" }, [], {
          types: "dist/index.d.ts",
          main: "dist/index.js",
          ...dev("tsup"),
        }),
        "src/index.ts":
          "import { createServer } from 'node:http'\nexport const serve = (options) => createServer().listen(options.port ?? 3000)",
      },
    ],
    [
      "its own module, which start only tries out",
      {
        "package.json": pack({ start: "node lib/index.js", prepublishOnly: "npm test" }, [], { main: "lib/index.js" }),
        "lib/index.js": MODULE,
      },
    ],
    [
      "examples that start serves",
      {
        "package.json": pack({ start: "http-server -p 9876" }, [], { files: ["dist"] }),
        "index.html": "",
        "a.js": MODULE,
      },
    ],
    [
      "scripts that build and watch",
      {
        "package.json": pack({ watch: "node ./scripts/build.js --watch", dev: "tsx build.ts --watch" }, [], {
          files: ["dist"],
        }),
        "scripts/build.js": "require('fs').watch('.')",
        "build.ts": "",
      },
    ],
    [
      "a program that nobody knows, to develop with",
      {
        "package.json": pack({ watch: "some-watch", production: "tap -Rspec test" }, [], { main: "index.js" }),
        "index.js": MODULE,
      },
    ],
    [
      "a prompt",
      {
        "package.json": pack({ start: "node --enable-source-maps -i -e 'A=require(\"./a\")'" }, [], { main: "a.js" }),
        "a.js": MODULE,
      },
    ],
  ])("%s is no program", (_, repository) => {
    expect(picked(told(repository), { start: undefined, output: undefined })).toEqual({
      start: undefined,
      output: undefined,
    });
    expect(told(repository).values.kind ?? "library").toBe("library");
  });

  test.each<[string, Repository, Record<string, unknown>]>([
    [
      "a module that listens",
      { "package.json": pack({}, ["express"], { main: "index.js" }), "index.js": `${SERVER}module.exports = app` },
      { start: "node index.js", port: 3000 },
    ],
    [
      "a bot that hands out its client",
      {
        "package.json": pack({}, ["discord.js"], { main: "index.js" }),
        "index.js": "const client = new Client()\nclient.login(process.env.TOKEN)\nmodule.exports = client",
      },
      { start: "node index.js", kind: "worker" },
    ],
    [
      "one with an image",
      {
        "package.json": pack({ start: "node index.js" }, [], { main: "index.js", files: ["index.js"] }),
        "index.js": MODULE,
        Dockerfile: "FROM node",
      },
      { start: "node index.js" },
    ],
  ])("%s is a program", (_, repository, expected) => expect(picked(told(repository), expected)).toEqual(expected));
});
