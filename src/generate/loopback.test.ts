import { expect, test } from "vitest";
import { memoryFiles } from "../scan/files.ts";
import { reportOf } from "../scan/report.ts";
import { scanUnits } from "../scan/scan.ts";
import { takeSnapshot } from "../scan/snapshot.ts";
import { hasContainers, loopbackFindings } from "./loopback.ts";
import { makePlan } from "./make-plan.ts";
import { loadPins } from "./pins.ts";

const SERVER = (host: string) =>
  `const express = require("express");\nconst app = express();\napp.get("/healthz", (req, res) => res.send("ok"));\napp.listen(process.env.PORT || 3000${host});\n`;

function repository(host: string) {
  const tree = takeSnapshot(
    memoryFiles({
      "package.json": '{"name":"api","scripts":{"start":"node server.js"},"dependencies":{"express":"4"}}',
      "server.js": SERVER(host),
    }),
  );
  return { tree, report: reportOf(scanUnits(tree)), pins: loadPins(), folder: "api" };
}

test("a service that answers its own machine alone is a warning of generate, with its line and what to write", () => {
  const given = repository(', "127.0.0.1"');
  const [found, ...more] = makePlan(given).contradictions.filter(({ rule }) => rule === "loopback-bind");
  expect(found).toMatchObject({ severity: "warning", file: "server.js", line: 4 });
  expect(found?.message).toContain('`app.listen(process.env.PORT ?? 3000, "0.0.0.0");`');
  expect(more).toEqual([]);
  expect(
    makePlan({ ...given, target: "vercel" }).contradictions.filter(({ rule }) => rule === "loopback-bind"),
  ).toEqual([]);
});

test.each(["", ', "0.0.0.0"', ", () => {}"])("listening with %j is none", (host) => {
  expect(loopbackFindings(repository(host).report)).toEqual([]);
});

test.each([
  ["Dockerfile", true],
  ["api/Dockerfile.worker", true],
  ["ops/web.Dockerfile", true],
  ["compose.prod.yaml", true],
  ["docker-compose.yml", true],
  ["docs/compose.md", false],
  ["src/composer.yaml", false],
])("%s: in containers %s", (path, contained) => {
  expect(hasContainers([path])).toBe(contained);
});
