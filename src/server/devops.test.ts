import { afterAll, beforeAll, expect, test } from "vitest";
import { answers } from "./answers/testing.ts";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse, rawRequest } from "./testing.ts";

const house = createFakeHouse();
let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ usecases: house.usecases, port: 0, version: "1" });
});
afterAll(() => server.close());

const send = (method: string, path: string) =>
  rawRequest(server.url, {
    method,
    path,
    headers: { "content-type": "application/json" },
    body: method === "POST" ? "{}" : "",
  });

test.each([
  ["GET", "/api/devops/health", ["devops", "health"]],
  ["GET", "/api/devops/stats", ["devops", "stats"]],
  ["POST", "/api/devops/cleanup/stale-sessions", ["clearDevops", "stale-sessions", "web"]],
  ["POST", "/api/devops/cleanup/orphans", ["clearDevops", "orphans", "web"]],
])("%s %s", async (method, path, call) => {
  const { status, body } = await send(method, path);
  expect([status, JSON.parse(body)]).toEqual([200, answers.devops]);
  expect(house.calls.at(-1)).toEqual(call);
});

test.each([
  ["GET", "/api/devops/cleanup/orphans"],
  ["GET", "/api/devops/users"],
  ["POST", "/api/devops/cleanup/users"],
])("%s %s is no call", async (method, path) => {
  expect([400, 404]).toContain((await send(method, path)).status);
});
