import { expect, test } from "vitest";
import { parseManifest } from "../config/load.ts";
import { memoryTree } from "../formats/tree.ts";
import { memoryFiles } from "../scan/files.ts";
import { scan } from "../scan/scan.ts";
import { makePlan } from "./make-plan.ts";
import { manifestSource } from "./manifest-source.ts";
import { loadPins } from "./pins.ts";
import { prepare } from "./prepare.ts";

const SERVER = `const express = require("express");
const app = express();
app.get("/healthz", (request, response) => response.json({ ok: true }));
app.get("/api/orders", (request, response) => response.json([]));
app.listen(process.env.PORT || 3000);
`;
const FILES = {
  "package.json": JSON.stringify({
    name: "shop",
    scripts: { start: "node server.js" },
    dependencies: { express: "4.0.0", "@prisma/client": "6.0.0" },
    devDependencies: { prisma: "6.0.0" },
  }),
  "package-lock.json": "{}",
  "server.js": SERVER,
  "prisma/schema.prisma": 'datasource db {\n  provider = "mysql"\n  url = env("DATABASE_URL")\n}\n',
  "prisma/migrations/1_init/migration.sql": "CREATE TABLE orders (id INT);\n",
};
const FIXED = { ...FILES, "server.js": SERVER.replace("process.env.PORT || 3000", "3000") };

function planned(lines: readonly string[], files: Record<string, string> = FILES, made: readonly string[] = []) {
  const text = `project: shop
services:
  shop:
${lines.map((line) => `    ${line}\n`).join("")}stores:
  db: { kind: postgres, url: "\${secret:DATABASE_URL}" }
environments:
  production: { platform: compose, hosts: [deploy@shop.example.com], path: /srv/shop }
`;
  const report = scan(memoryFiles(files));
  const manifest = parseManifest(text);
  const source = manifestSource("stationmaster.yaml", text);
  return makePlan({
    report,
    tree: memoryTree(files),
    pins: loadPins(),
    folder: "shop",
    manifest,
    source,
    made: new Set(made),
  });
}
const said = (lines: readonly string[], files?: Record<string, string>) =>
  planned(lines, files).contradictions.map(({ file, line, message }) => `${file}:${line} ${message}`);

const STORE = "stationmaster.yaml:6 db is postgres here, and the code uses mysql (prisma/schema.prisma:2)";

test.each<[string, string[], RegExp[], Record<string, string>?]>([
  ["nothing that the code knows better", ["path: ."], []],
  ["a port that the code takes from PORT", ["port: 8080"], []],
  [
    "a port that the code does not take",
    ["port: 8080"],
    [/^stationmaster.yaml:4 shop is to listen on 8080, and the code listens on 3000 .* \(server.js:5\)$/],
    FIXED,
  ],
  ["the port of the code", ["port: 3000"], [], FIXED],
  ["the health route of the code", ["health: /healthz"], []],
  ["another route of the code", ["health: /api/orders"], []],
  [
    "a route that nobody wrote",
    ["health: { path: /alive }"],
    [/^stationmaster.yaml:4 shop is to be asked for \/alive, .* it has \/healthz \(server.js:3\)$/],
  ],
  ["a worker that answers requests", ["kind: worker"], [/^stationmaster.yaml:4 shop is a worker here.* \(/]],
  ["a worker with a start of its own", ["kind: worker", "start: node worker.js"], []],
  [
    "another tool of migrations",
    ["path: .", "migrate: { tool: alembic }"],
    [/^stationmaster.yaml:5 shop is migrated by alembic here, and the code has prisma \(prisma\//],
  ],
])("%s", (_, lines, expected, files) => {
  const found = said(lines, files).filter((line) => !line.includes(" db is postgres"));
  expect(found).toHaveLength(expected.length);
  for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
});

test("a route that only what was generated names", () => {
  const files = { ...FILES, Dockerfile: "HEALTHCHECK CMD wget http://127.0.0.1/alive\n" };
  const { contradictions } = planned(["health: /alive"], files, ["Dockerfile"]);
  expect(contradictions.map(({ message }) => message)).toContainEqual(
    expect.stringContaining("is to be asked for /alive"),
  );
});

test("a database that the code does not use", () => {
  expect(said(["path: ."])).toEqual([STORE]);
  const postgres = { ...FILES, "prisma/schema.prisma": FILES["prisma/schema.prisma"].replace("mysql", "postgresql") };
  expect(said(["path: ."], postgres)).toEqual([]);
});

test("a run tells it and writes all the same", async () => {
  const plan = planned(["port: 8080"], FIXED);
  const { findings, blocking } = await prepare({ plan, current: () => undefined, today: "2026-11-22" });
  expect(findings.filter(({ rule }) => rule === "manifest").map(({ line, severity }) => [line, severity])).toEqual([
    [4, "warning"],
    [6, "warning"],
  ]);
  expect(blocking).toEqual([]);

  const suppressions = [{ rule: "manifest", reason: "a proxy in front moves it" }];
  const again = await prepare({ plan: { ...plan, suppressions }, current: () => undefined, today: "2026-11-22" });
  expect(again.findings.filter(({ rule, suppressed }) => rule === "manifest" && !suppressed)).toEqual([]);
});

test("what the manifest decides names its line, and its command of migrations is taken", () => {
  const plan = planned(["port: 8080", "migrate: { tool: prisma, command: npx prisma migrate deploy --schema db }"]);
  expect(plan.services[0]).toMatchObject({
    migrations: { tool: "prisma", command: "prisma migrate deploy --schema db" },
    origin: {
      port: "stationmaster.yaml:4",
      migrations: "stationmaster.yaml:5",
      kind: expect.stringMatching(/^server\.js:/),
      start: expect.stringMatching(/^package\.json:/),
    },
  });
});
