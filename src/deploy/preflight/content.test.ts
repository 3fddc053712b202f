import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { released } from "../../platforms/local/testing.ts";
import { contentOf, untested } from "./content.ts";
import { readExamples } from "./examples.ts";

const PARTS = { start: "s", env: "e", files: "f", settings: "x" };
const image = (digit: string) => ({ image: `shop/api@sha256:${digit.repeat(64)}`, ports: [1] });
const same = (from: Parameters<typeof released>[0], to: Parameters<typeof released>[0]) =>
  untested(
    contentOf({ api: released({ parts: PARTS, ...to }) }),
    contentOf({ api: released({ parts: PARTS, ...from }) }),
  ).length === 0;

test.each([
  ["variables and settings belong to the environment", {}, { parts: { ...PARTS, env: "e2", settings: "x2" } }, true],
  ["replicas too", { replicas: 1 }, { replicas: 3 }, true],
  ["files are what was tested", {}, { parts: { ...PARTS, files: "f2" } }, false],
  ["the command too", {}, { parts: { ...PARTS, start: "s2" } }, false],
  [
    "an image is known by its digest, whatever the files are",
    { recorded: image("a") },
    { recorded: { ...image("a"), ports: [2] }, parts: { ...PARTS, files: "f2" } },
    true,
  ],
  [
    "a digest in an argument of the build is not the image's",
    { recorded: { image: "shop/api:1", spec: { build: { args: image("a") } } } },
    { recorded: { image: "shop/api:2", spec: { build: { args: image("a") } } }, parts: { ...PARTS, files: "f2" } },
    false,
  ],
  [
    "the command of an image too",
    { recorded: { ...image("a"), spec: { command: ["serve"] } } },
    { recorded: { ...image("a"), spec: { command: ["work"] } } },
    false,
  ],
  ["another digest is another image", { recorded: image("a") }, { recorded: image("b") }, false],
])("%s", (_, from, to, expected) => {
  expect(same(from, to)).toBe(expected);
});

test("a service that was not there was not tested; one more does no harm", () => {
  const [one, two] = [released(), released({ path: "b" })];
  expect(untested(contentOf({ api: one, web: two }), contentOf({ api: one }))).toEqual(["web"]);
  expect(untested(contentOf({ api: one }), contentOf({ api: one, web: two }))).toEqual([]);
});

const root = mkdtempSync(join(tmpdir(), "stationmaster-examples-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("example files say what is missing, by name only", () => {
  expect(readExamples(root, { api: { path: "api", env: {} } }, () => false)).toEqual([]);
  mkdirSync(join(root, "api"));
  writeFileSync(join(root, ".env.example"), "# all\nDATABASE_URL=postgres://example\nLOG_LEVEL=info\nexport TOKEN=\n");
  writeFileSync(join(root, "api/.env.example"), "PORT=8080\nAPI_KEY=\nLOG_LEVEL=info\n");
  const services = {
    api: { path: "./api", env: { DATABASE_URL: "x" } },
    job: { path: "api", env: { API_KEY: "y" } },
    web: { path: "web", env: { LOG_LEVEL: "info" } },
  };
  expect(readExamples(root, services, (name) => name === "TOKEN")).toEqual([
    { file: ".env.example", missing: [] },
    { file: "api/.env.example", missing: ["LOG_LEVEL"] },
  ]);
  expect(readExamples(root, services, () => false)[0]?.missing).toEqual(["TOKEN"]);
});
