import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse, rawRequest } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "sm-web-"));
const webRoot = join(folder, "dist");
let server: RunningServer;

beforeAll(async () => {
  mkdirSync(join(webRoot, "assets"), { recursive: true });
  writeFileSync(join(folder, "outside.txt"), "PRIVATE");
  writeFileSync(join(webRoot, ".stamp"), "PRIVATE");
  writeFileSync(join(webRoot, "assets/app-1a2b.js"), "console.log(1)");
  writeFileSync(join(webRoot, "assets/app-1a2b.css"), "a{}");
  writeFileSync(join(webRoot, "assets/icon-1a2b.svg"), "<svg/>");
  server = await startServer({ usecases: createFakeHouse().usecases, port: 0, version: "1", webRoot });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

test("before the dashboard is built the page says how; built later, it is served without a restart", async () => {
  const before = await rawRequest(server.url, { path: "/" });
  expect([before.status, before.body]).toEqual([200, expect.stringContaining("npm run build")]);
  writeFileSync(join(webRoot, "index.html"), "<title>dashboard</title>");
  const after = await rawRequest(server.url, { path: "/" });
  expect(after.body).toBe("<title>dashboard</title>");
  expect(after.headers).toMatchObject({
    "cache-control": "no-cache",
    "content-type": expect.stringContaining("text/html"),
  });
});

test.each(["/rollouts/ro-1", "/incidents", "/checks/web%2Fhealth", "/index.html"])("%s is the page", async (path) => {
  const answer = await rawRequest(server.url, { path });
  expect(answer).toMatchObject({
    status: 200,
    body: "<title>dashboard</title>",
    headers: { "cache-control": "no-cache" },
  });
});

test.each([
  ["js", "javascript"],
  ["css", "text/css"],
  ["svg", "image/svg+xml"],
])("assets have their type and are kept: %s", async (ending, type) => {
  const { status, headers } = await rawRequest(server.url, {
    path: `/assets/${ending === "svg" ? "icon" : "app"}-1a2b.${ending}`,
  });
  expect([status, headers["content-type"]]).toEqual([200, expect.stringContaining(type)]);
  expect(headers["cache-control"]).toContain("immutable");
});

test("a missing asset is not the page, and is not kept", async () => {
  const { status, headers } = await rawRequest(server.url, { path: "/assets/old-0000.js" });
  expect(status).toBe(404);
  expect(headers["cache-control"] ?? "").not.toContain("immutable");
});

test.each([
  "/../outside.txt",
  "/assets/../../outside.txt",
  "/%2e%2e/outside.txt",
  "/assets/%2e%2e/%2e%2e/outside.txt",
  "/..%2foutside.txt",
  "/..%5coutside.txt",
  "/assets/..%2f..%2foutside.txt",
  "/%252e%252e/outside.txt",
  "/....//outside.txt",
  "//../outside.txt",
  "/\\..\\outside.txt",
  "/.stamp",
  "/%2estamp",
  "/assets/%00/../../outside.txt",
])("%s stays inside", async (path) => {
  const answer = await rawRequest(server.url, { path });
  expect(answer.body).not.toContain("PRIVATE");
  expect(answer.status).toBeLessThan(500);
});

test("changes are no pages", async () => {
  expect((await rawRequest(server.url, { path: "/rollouts", method: "POST" })).status).toBe(404);
});
