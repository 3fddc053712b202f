import { describe, expect, test } from "vitest";
import { parseManifest } from "../../config/load.ts";
import { memoryFiles } from "../../scan/files.ts";
import { reportOf } from "../../scan/report.ts";
import { scanUnits } from "../../scan/scan.ts";
import { takeSnapshot } from "../../scan/snapshot.ts";
import { makePlan } from "../make-plan.ts";
import { loadPins } from "../pins.ts";
import { manifestText } from "./manifest.ts";
import { offersOf } from "./offers.ts";

type Files = Record<string, string>;

function init(files: Files) {
  const snapshot = takeSnapshot(memoryFiles(files));
  const report = reportOf(scanUnits(snapshot));
  const { services, stores, left } = offersOf(report, snapshot, () => false);
  const started = services.filter(({ start }) => start !== "");
  const text = manifestText({ project: "shop", services: started, stores, platform: null, because: "" }, "x.json");
  const manifest = parseManifest(text, "stationmaster.yaml");
  const plan = makePlan({ report, tree: snapshot, pins: loadPins(), folder: "shop", manifest });
  return { services, stores, left, manifest, plan, notes: services.flatMap(({ notes }) => notes) };
}

const SHOP: Files = {
  "package.json": JSON.stringify({
    name: "shop",
    scripts: { start: "node server.js" },
    dependencies: { express: "4", pg: "8", ioredis: "5", multer: "1" },
  }),
  "package-lock.json": "{}",
  "server.js": `const app = require("express")();
const { Pool } = require("pg");
const Redis = require("ioredis");
const multer = require("multer");
new Pool({ connectionString: process.env.DATABASE_URL });
new Redis(process.env.REDIS_URL);
multer({ dest: "uploads/" });
stripe(process.env.STRIPE_SECRET_KEY);
app.get("/healthz", (request, response) => response.json({ ok: true }));
app.listen(process.env.PORT || 3000);
`,
  "worker.js": "work();\n",
  "clean.js": "clean();\n",
  Procfile: "web: node server.js\nworker: node worker.js\nmany: node a.js && node b.js\nrelease: node migrate.js\n",
  "app.json": '{ "cron": [{ "command": "node clean.js", "schedule": "0 3 * * *" }] }',
};

test("all that is certain is written: processes, stores, ports, health, folders; what has no place there is told", () => {
  const { manifest, left, notes } = init(SHOP);
  expect(manifest.services).toMatchObject({
    shop: {
      start: ["node", "server.js"],
      port: 3_000,
      health: { path: "/healthz" },
      env: { DATABASE_URL: "${store:db}", REDIS_URL: "${store:cache}" },
      depends_on: ["db", "cache"],
      data: ["uploads"],
    },
    "shop-worker": { kind: "worker", start: ["node", "worker.js"], env: { DATABASE_URL: "${store:db}" }, data: [] },
  });
  expect(Object.keys(manifest.services)).toEqual(["shop", "shop-worker"]);
  expect(manifest.stores).toMatchObject({
    db: { kind: "postgres" },
    cache: { kind: "redis", url: "${secret:REDIS_URL}" },
  });
  expect(manifest.stores.db?.url).toBeUndefined();
  expect(left.join("\n")).toMatch(
    /shop node clean\.js \(0 3 \* \* \*, node clean\.js; app\.json:1\) runs by the clock/,
  );
  expect(left.join("\n")).toMatch(/shop many \(node a\.js && node b\.js; Procfile:3\) needs a shell/);
  expect(notes.join("\n")).toMatch(/nothing gives it STRIPE_SECRET_KEY yet/);
});

test("an image runs the processes of its folder: they are no services of their own in production", () => {
  const { plan } = init(SHOP);
  expect(plan.services.map(({ name }) => name)).toEqual(["shop"]);
  expect(plan.services[0]?.processes).toContainEqual({ name: "worker", command: "node worker.js" });
  expect(plan.services[0]?.crons).toHaveLength(1);
  expect(plan.stores.map(({ name, variables }) => [name, variables])).toEqual([
    ["db", ["DATABASE_URL"]],
    ["cache", ["REDIS_URL"]],
  ]);
});

describe("stores", () => {
  const python = (requirements: string, code: string): Files => ({
    "requirements.txt": requirements,
    "main.py": `import os\nfrom fastapi import FastAPI\n${code}\napp = FastAPI()\n`,
  });
  test("SQLAlchemy takes no socket address: the address is asked for as a secret", () => {
    const { manifest } = init(
      python(
        "fastapi\nuvicorn\nsqlalchemy\npsycopg2-binary\n",
        'from sqlalchemy import create_engine\nengine = create_engine(os.environ["DATABASE_URL"])',
      ),
    );
    expect(manifest.stores.db).toMatchObject({ kind: "postgres", url: "${secret:DATABASE_URL}" });
    expect(Object.values(manifest.services)[0]?.env).toEqual({ DATABASE_URL: "${store:db}" });
  });
  test("an address that names its driver is that of no store", () => {
    const { manifest, left } = init(
      python(
        "fastapi\nuvicorn\nsqlalchemy\nasyncpg\n",
        'from sqlalchemy.ext.asyncio import create_async_engine\nengine = create_async_engine(os.environ["DATABASE_URL"])',
      ),
    );
    expect(manifest.stores).toEqual({});
    expect(Object.values(manifest.services)[0]?.env).toEqual({ DATABASE_URL: "${secret:DATABASE_URL}" });
    expect(left.join("\n")).toMatch(/names a driver \(postgresql\+asyncpg:\/\/\)/);
  });
  test("what the manifest has no word for is told", () => {
    const { manifest, left } = init({
      "package.json": JSON.stringify({ scripts: { start: "node a.js" }, dependencies: { express: "4", mongodb: "6" } }),
      "a.js":
        'require("express")().listen(process.env.PORT);\nnew (require("mongodb").MongoClient)(process.env.MONGODB_URI);\n',
    });
    expect(manifest.stores).toEqual({});
    expect(left.join("\n")).toMatch(/^mongodb \(a\.js:\d\): the manifest knows postgres and redis/);
  });
});

test("two services with one port: the second gets a free one, and it is told", () => {
  const server = 'require("express")().listen(process.env.PORT || 3000);\n';
  const manifest = JSON.stringify({ scripts: { start: "node server.js" }, dependencies: { express: "4" } });
  const { services } = init({
    "a/package.json": manifest,
    "a/server.js": server,
    "b/package.json": manifest,
    "b/server.js": server,
  });
  expect(services.map(({ name, port }) => [name, port])).toEqual([
    ["a", 3_000],
    ["b", null],
  ]);
  expect(services[1]?.notes.join("\n")).toMatch(/port 3000 is that of a already/);
});

test("a service that nothing tells how to start is offered without, so that a person is asked", () => {
  const { services, manifest } = init({
    "api/package.json": JSON.stringify({ scripts: { start: "node server.js" }, dependencies: { express: "4" } }),
    "api/server.js": 'require("express")().listen(process.env.PORT);\n',
    "engine/Dockerfile": "FROM scratch\nCOPY engine /engine\nEXPOSE 8080\n",
    "engine/main.zig": "pub fn main() void {}\n",
  });
  expect(services.find(({ name }) => name === "engine")).toMatchObject({ start: "", unknown: ["start", "health"] });
  expect(Object.keys(manifest.services)).toEqual(["api"]);
});
