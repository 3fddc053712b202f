import { expect, test } from "vitest";
import { parseManifest } from "../../config/load.ts";
import type { Gap } from "../../contract/scan.ts";
import { memoryFiles } from "../files.ts";
import { scan } from "../scan.ts";

type Files = Record<string, string>;

const manifest = (more: object = {}) =>
  JSON.stringify(
    { name: "shop", scripts: { start: "node server.js" }, dependencies: { express: "4.0.0" }, ...more },
    null,
    2,
  );
/** An application that lacks nothing. */
const SOUND: Files = {
  "package.json": manifest({ engines: { node: "24" } }),
  "package-lock.json": "{}",
  "server.js": `const express = require("express");
const pino = require("pino");
const client = require("prom-client");
const app = express();
app.get("/healthz", (request, response) => response.json({ ok: true }));
app.get("/metrics", async (request, response) => response.end(await client.register.metrics()));
const server = app.listen(process.env.PORT || 3000, "0.0.0.0");
process.on("SIGTERM", () => server.close());
`,
};
SOUND["package.json"] = manifest({
  engines: { node: "24" },
  dependencies: { express: "4.0.0", "prom-client": "15.0.0", pino: "9.0.0" },
});

function gapsOf(files: Files): Gap[] {
  return scan(memoryFiles(files)).gaps;
}
const without = (name: string, words: string): Files => ({ ...SOUND, [name]: (SOUND[name] ?? "").replace(words, "") });
const withLine = (line: string): Files => ({ ...SOUND, "server.js": `${SOUND["server.js"]}${line}\n` });

test("an application that lacks nothing", () => {
  expect(gapsOf(SOUND).map(({ id }) => id)).toEqual([]);
});

const PYTHON: Files = {
  "requirements.txt": "fastapi==0.115.0\nuvicorn==0.32.0\n",
  ".python-version": "3.13\n",
  "main.py":
    'import os\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n@app.get("/health")\ndef h():\n    return {}\n',
  Procfile: "web: uvicorn main:app --host 0.0.0.0 --port $PORT\n",
};

test.each<[string, Files, string]>([
  ["no-lockfile", { ...SOUND, "package-lock.json": undefined } as unknown as Files, "package.json:1"],
  [
    "no-health-route",
    without("server.js", 'app.get("/healthz", (request, response) => response.json({ ok: true }));'),
    "server.js",
  ],
  [
    "loopback-bind",
    { ...SOUND, "server.js": (SOUND["server.js"] ?? "").replace("0.0.0.0", "127.0.0.1") },
    "server.js:7",
  ],
  ["no-graceful-stop", without("server.js", 'process.on("SIGTERM", () => server.close());'), "server.js"],
  ["no-json-logs", without("server.js", 'const pino = require("pino");\n'), "server.js"],
  [
    "no-metrics",
    without(
      "server.js",
      'app.get("/metrics", async (request, response) => response.end(await client.register.metrics()));',
    ),
    "server.js",
  ],
  ["open-cors", withLine("app.use(cors());"), "server.js:9"],
  ["memory-sessions", withLine('const session = require("express-session");'), "server.js:9"],
  ["local-uploads", withLine('const upload = multer({ dest: "uploads/" });'), "server.js:9"],
  [
    "port-ignored",
    { ...SOUND, "server.js": (SOUND["server.js"] ?? "").replace("process.env.PORT || 3000", "3000") },
    "server.js:7",
  ],
  ["default-secret", withLine('const key = process.env.JWT_SECRET || "change-me-now";'), "server.js:9"],
  [
    "runtime-unpinned",
    {
      ...SOUND,
      "package.json": manifest({ dependencies: { express: "4.0.0", "prom-client": "15.0.0", pino: "9.0.0" } }),
    },
    "package.json",
  ],
  ["two-lockfiles", { ...SOUND, "yarn.lock": "" }, "package-lock.json:1"],
  [
    "migration-in-start",
    {
      ...SOUND,
      "package.json": (SOUND["package.json"] ?? "").replace(
        "node server.js",
        "prisma migrate deploy && node server.js",
      ),
    },
    "package.json:4",
  ],
  [
    "public-secret",
    {
      ...SOUND,
      "package.json": (SOUND["package.json"] ?? "").replace('"pino"', '"next": "15.0.0", "pino"'),
      "page.js": "fetch(process.env.NEXT_PUBLIC_STRIPE_SECRET);",
    },
    "page.js:1",
  ],
  ["open-requirements", { ...PYTHON, "requirements.txt": "fastapi==0.115.0\nuvicorn\n" }, "requirements.txt:2"],
])("%s", (id, files, where) => {
  const known = Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined));
  const gap = gapsOf(known).find((one) => one.id === id);
  expect(gap, JSON.stringify(gapsOf(known).map((one) => one.id))).toBeDefined();
  expect(`${gap?.evidence[0]?.file}:${gap?.evidence[0]?.line}`).toContain(where);
  expect(gap?.why).toMatch(/^[A-Z].*\.$/);
});

test.each<[string, Files]>([
  ["no-health-route", SOUND],
  [
    "memory-sessions",
    withLine('const session = require("express-session");\nconst store = new RedisStore({ client });'),
  ],
  ["open-cors", withLine('app.use(cors({ origin: "https://shop.example" }));')],
  ["default-secret", withLine('// process.env.JWT_SECRET || "change-me-now"')],
  ["default-secret", withLine("const key = process.env.JWT_SECRET;")],
  ["open-requirements", PYTHON],
  ["no-graceful-stop", PYTHON],
  ["no-lockfile", { ...SOUND, "package-lock.json": "{}" }],
  [
    "no-lockfile",
    {
      "package.json": '{"workspaces":["apps/*"]}',
      "package-lock.json": "{}",
      "apps/api/package.json": manifest(),
      "apps/api/server.js": SOUND["server.js"] ?? "",
    },
  ],
])("%s is no gap here", (id, files) => {
  expect(gapsOf(files).map((gap) => gap.id)).not.toContain(id);
});

test("a server for development", () => {
  const gaps = gapsOf({ ...PYTHON, Procfile: "web: flask --app main run --port $PORT\n" });
  expect(gaps.find(({ id }) => id === "dev-server")).toMatchObject({
    to: "operations",
    evidence: [{ file: "Procfile", line: 1 }],
  });
});

test("a patch is written for the framework and for its modules", () => {
  const bare = { "package.json": manifest(), "server.js": 'const app = require("express")();\napp.listen(3000);\n' };
  const find = (files: Files, id: string) => gapsOf(files).find((gap) => gap.id === id)?.patch;
  expect(find(bare, "no-metrics")).toMatchObject({
    file: "server.js",
    text: expect.stringContaining('const client = require("prom-client");'),
  });
  const modules = {
    ...bare,
    "server.js": 'import express from "express";\nconst app = express();\napp.listen(3000);\n',
  };
  expect(find(modules, "no-metrics")?.text).toContain('import client from "prom-client";');
  expect(
    find({ ...PYTHON, "main.py": "from fastapi import FastAPI\napp = FastAPI()\n" }, "no-health-route"),
  ).toMatchObject({ file: "main.py", text: expect.stringContaining('@app.get("/healthz"') });
});

test("the pages of a site are for the front end, a library for nobody", () => {
  const site = {
    "package.json": JSON.stringify({
      scripts: { build: "next build", start: "next start" },
      dependencies: { next: "15", react: "19" },
    }),
    "app/page.tsx": "export default function Page() {}",
  };
  expect(gapsOf(site).filter(({ to }) => to === "backend")).toEqual([]);
  expect(gapsOf(site).find(({ id }) => id === "no-health-route")?.patch?.file).toBe("app/healthz/route.ts");
  expect(
    gapsOf({ "package.json": JSON.stringify({ name: "lib", exports: "./lib.js" }), "lib.js": "export const one = 1" }),
  ).toEqual([]);
});

test("no secret of the code is told", () => {
  const report = scan(memoryFiles(withLine('const key = process.env.JWT_SECRET || "hunter2-hunter2";')));
  expect(JSON.stringify(report)).not.toContain("hunter2");
});

test("the settings that are proposed for migrations are settings of the manifest", () => {
  const start = (SOUND["package.json"] ?? "").replace("node server.js", "prisma migrate deploy && node server.js");
  const files = {
    ...SOUND,
    "package.json": start.replace('"pino"', '"@prisma/client": "6.0.0", "prisma": "6.0.0", "pino"'),
    "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
    "prisma/migrations/1_init/migration.sql": "SELECT 1;\n",
  };
  const patch = gapsOf(files).find(({ id }) => id === "migration-in-start")?.patch;
  expect(patch?.file).toBe("stationmaster.yaml");
  const rest =
    "environments:\n  production: { platform: compose, hosts: [deploy@shop.example.com], path: /srv/shop }\n";
  const { services } = parseManifest(`project: shop\n${patch?.text}${rest}`);
  expect(services.shop?.migrate).toMatchObject({ tool: "prisma", command: ["npx", "prisma", "migrate", "deploy"] });
});
