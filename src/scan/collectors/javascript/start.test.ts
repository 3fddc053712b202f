import { describe, expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "./testing.ts";

type Expected = Record<string, unknown>;
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
      "a program that Bun runs as it is",
      server({ start: "bun run src/index.ts" }, { "src/index.ts": LISTEN, "bun.lock": "{}" }),
      { start: "bun run src/index.ts", build: undefined },
    ],
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
  ])("%s", (_, repository, expected) => expect(picked(told(repository), expected)).toEqual(expected));

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
