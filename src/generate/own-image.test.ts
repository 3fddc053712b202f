import { expect, test } from "vitest";
import { memoryTree } from "../formats/tree.ts";
import { checkFiles } from "../lint/check.ts";
import { inImage } from "./image-folders.ts";
import { compose } from "./kinds/compose/kind.ts";
import { railway } from "./kinds/railway/kind.ts";
import { ownImage } from "./own-image.ts";
import { releaseCommand } from "./release-command.ts";
import { placedFolders } from "./state-folders.ts";
import { plan, service } from "./testing.ts";

test.each([
  ["FROM node:22\nWORKDIR /srv\nUSER node\n", { home: "/srv", user: "node", programs: false }],
  ["FROM node:22\nWORKDIR /srv\nWORKDIR app/\n", { home: "/srv/app", user: null, programs: false }],
  ["FROM node:22 AS base\nWORKDIR /rails\nUSER 1000:1000\nFROM base\n", { home: "/rails", user: "1000:1000" }],
  ["FROM node:22 AS build\nWORKDIR /build\nFROM node:22\nCOPY --from=build /build /x\n", { home: null }],
  ["ARG HOME_DIR=/opt/app\nFROM node:22\nARG HOME_DIR=/opt/app\nWORKDIR $HOME_DIR\n", { home: "/opt/app" }],
  ["FROM node:22\nWORKDIR ${SOMEWHERE}\n", { home: null }],
  ["FROM node:22\nWORKDIR /srv\nENV PATH=/srv/node_modules/.bin:$PATH\n", { programs: true }],
  ["\uFEFFFROM node:22\r\nWORKDIR /\r\n", { home: "/" }],
  ["", { home: null, user: null, programs: false }],
  ["# no Dockerfile\nhello", { home: null }],
])("%j", (text, told) => {
  expect(ownImage(text)).toMatchObject(told);
});

const own = (home: string | null, user: string | null = null) => ({
  dockerfile: { path: "Dockerfile", foreign: true, own: { home, user, programs: false } },
});

test.each([
  [".", "/srv", "uploads", "/srv/uploads"],
  [".", "/", "uploads", "/uploads"],
  [".", "/srv", "/data", "/data"],
  ["apps/api", "/srv/apps/api", "uploads", "/srv/apps/api/uploads"],
  ["apps/api", "/srv", "uploads", "/srv/apps/api/uploads"],
])("a folder of %s in an image at %s", (path, home, folder, at) => {
  const workspace = path === "." ? null : ".";
  expect(inImage(service("api", { path, workspace, ...own(home) }), folder)).toBe(at);
});

test("compose.yaml and railway.ts mount where the image of one's own has it, and forbid it nothing that is not known", async () => {
  const kept = service("api", {
    path: ".",
    state: ["uploads"],
    processes: [{ name: "worker", command: "node worker.js" }],
    migrations: { tool: "x", command: "node migrate.js" },
    ...own("/srv"),
  });
  const tree = memoryTree({ Dockerfile: "FROM node:22\nWORKDIR /srv\n", "package.json": "{}" });
  const given = plan({ services: [kept], stores: [], tree });
  const text = compose.render(given).find(({ path }) => path === "compose.yaml")?.text ?? "";
  expect(text).toContain("api-uploads:/srv/uploads");
  expect(text).not.toMatch(/read_only: true|cap_drop:/);
  expect(text).toContain("no-new-privileges:true");
  const found = await checkFiles({ tree: memoryTree({ "compose.yaml": text }), today: "2026-01-01" });
  expect(found.filter(({ suppressed }) => !suppressed)).toEqual([]);
  expect(railway.render({ ...given, target: "railway" })[0]?.text).toContain('"/srv/uploads": apiState');
  const named = plan({ services: [{ ...kept, ...own("/srv", "node") }], stores: [], tree });
  expect(compose.render(named)[0]?.text).toContain("cap_drop:");
});

test("what lies nobody knows where is left out, and said", () => {
  const said: string[] = [];
  const kept = own(null).dockerfile;
  expect(placedFolders(["uploads", "/data", "uploads"], kept, (text) => said.push(text))).toEqual(["/data"]);
  expect(said[0]).toContain("Dockerfile names no WORKDIR");
  expect(placedFolders(["uploads"], { path: "Dockerfile", foreign: false }, (text) => said.push(text))).toEqual([
    "uploads",
  ]);
  expect(said).toHaveLength(1);
});

test.each([
  ["npx node-pg-migrate up", false, "node_modules/.bin/node-pg-migrate up"],
  ["node-pg-migrate up", false, "node_modules/.bin/node-pg-migrate up"],
  ["node-pg-migrate up", true, "node-pg-migrate up"],
  ["node migrate.js", false, "node migrate.js"],
  ["npm run migrate", false, "npm run migrate"],
  ["./migrate.sh", false, "./migrate.sh"],
])("%s in an image of one's own, programs of packages by name: %s", (command, programs, expected) => {
  const { release } = releaseCommand({
    migrations: { tool: "x", command },
    runtime: "node",
    path: ".",
    start: null,
    theirs: { home: "/srv", user: null, programs, text: "FROM node:22\nWORKDIR /srv\n" },
    tree: memoryTree({}),
  });
  expect(release?.command).toBe(expected);
});
