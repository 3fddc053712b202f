import { expect, test } from "vitest";
import { memoryFiles } from "../../files.ts";
import { reportOf } from "../../report.ts";
import { scan, scanUnits } from "../../scan.ts";
import { takeSnapshot } from "../../snapshot.ts";

const APPLICATION = {
  "package.json": JSON.stringify({
    name: "shop",
    scripts: { start: "node server.js" },
    dependencies: { express: "4", pg: "8" },
  }),
  "package-lock.json": "{}",
  "server.js":
    'const app = require("express")();\nconst { Pool } = require("pg");\nnew Pool({ connectionString: process.env.DATABASE_URL });\napp.get("/healthz", (q, r) => r.json({ ok: true }));\napp.listen(process.env.PORT || 3000);\n',
  Procfile: "web: node server.js\nworker: node worker.js\n",
};
const MANIFEST = `project: shop
services:
  front:
    path: .
    start: node main.js --production
    port: 4000
    health:
      path: /up
    env: { DATABASE_URL: "\${store:db}", LEVEL: debug }
    data: [uploads]
  front-worker: { path: ., kind: worker, start: "node other.js" }
stores: { db: { kind: postgres } }
environments: { local: { platform: local } }
`;

test("what the manifest says goes before all else, and what lost is told", () => {
  const { facts, services } = scan(memoryFiles({ ...APPLICATION, "stationmaster.yaml": MANIFEST }));
  expect(services.map(({ name }) => name)).toEqual(["front"]);
  const told = (id: string) => {
    const fact = facts[`front.${id}`];
    return [
      fact?.value,
      fact?.source,
      fact?.evidence[0]?.line,
      fact?.alternatives.map(({ value, source }) => [value, source]),
    ];
  };
  expect(told("start")).toEqual(["node main.js --production", "answer", 5, [["node server.js", "platform"]]]);
  expect(told("port")).toEqual([4_000, "answer", 6, [[3_000, "code"]]]);
  expect(told("health")).toEqual(["/up", "answer", 8, [["/healthz", "code"]]]);
  expect(told("process.worker")).toEqual([
    { name: "worker", command: "node other.js" },
    "answer",
    11,
    [[{ name: "worker", command: "node worker.js" }, "platform"]],
  ]);
  expect(told("store.postgres").slice(1, 3)).toEqual(["answer", 9]);
  expect(facts["front.env.LEVEL"]).toMatchObject({ source: "answer", value: { default: "debug" } });
  expect(facts["front.state.uploads"]).toMatchObject({ source: "answer", evidence: [{ line: 10 }] });
});

test("how init starts it on this machine decides nothing about production", () => {
  const manifest = MANIFEST.replace("node main.js --production", "node_modules/.bin/nodemon x.js").replace(
    "node other.js",
    ".venv/bin/python -u -m rq",
  );
  const { facts, conflicts } = scan(memoryFiles({ ...APPLICATION, "stationmaster.yaml": manifest }));
  expect(facts["front.start"]).toMatchObject({ value: "node server.js", source: "platform" });
  expect(facts["front.process.worker"]).toMatchObject({ value: { command: "node worker.js" }, source: "platform" });
  expect(conflicts.map(({ fact }) => fact)).toEqual(["front.health", "front.port"]);
});

test("who plans with the facts gets those of the repository", () => {
  const snapshot = takeSnapshot(memoryFiles({ ...APPLICATION, "stationmaster.yaml": MANIFEST }));
  const { facts } = reportOf(scanUnits(snapshot));
  expect(Object.values(facts).filter(({ source }) => source === "answer")).toEqual([]);
});

test.each([
  ["not YAML", "services: [\n  : {"],
  ["a list", "- a\n- b"],
  ["services of another form", "services: 7"],
  [
    "values of other forms",
    "services:\n  a: { path: 3, start: { b: 1 }, port: x, health: [1], env: 5, data: 7, depends_on: no }",
  ],
  ["a folder outside", "services: { a: { path: ../../x, start: ./a } }"],
])("%s says nothing", (_, text) => {
  const { facts } = scan(memoryFiles({ ...APPLICATION, "stationmaster.yaml": text }));
  expect(Object.values(facts).filter(({ source }) => source === "answer")).toEqual([]);
});
