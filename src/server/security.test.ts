import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse, rawRequest } from "./testing.ts";

const house = createFakeHouse();
let open: RunningServer;
let locked: RunningServer;
const JSON_TYPE = { "content-type": "application/json" };

beforeAll(async () => {
  open = await startServer({ usecases: house.usecases, port: 0, version: "1" });
  locked = await startServer({ usecases: house.usecases, port: 0, version: "1", token: "s3cret-token" });
});
afterAll(async () => {
  await Promise.all([open.close(), locked.close()]);
});

test("beyond this machine a token is needed at the start; an empty one is none", async () => {
  const start = (token?: string) =>
    startServer({ usecases: house.usecases, host: "0.0.0.0", port: 0, version: "1", token });
  await expect(start()).rejects.toMatchObject({ code: "SM-SERVER-TOKEN", exitCode: 2 });
  await expect(start("")).rejects.toMatchObject({ code: "SM-SERVER-TOKEN" });
  const wide = await start("t");
  expect((await fetch(`${wide.url}/api/status`, { headers: { authorization: "Bearer t" } })).status).toBe(200);
  await wide.close();
});

test("a taken port and a foreign address are told with the next step", async () => {
  const start = (port: number, host?: string) =>
    startServer({ usecases: house.usecases, port, host, version: "1", token: "t" });
  await expect(start(open.port)).rejects.toMatchObject({
    code: "SM-PORT-TAKEN",
    next: expect.stringContaining("--port"),
  });
  await expect(start(0, "192.0.2.1")).rejects.toMatchObject({ code: "SM-SERVER-ADDRESS", exitCode: 2 });
});

test.each(["/api/status", "/api/nope", "/api/events", "/metrics", "/openapi.json", "/%61pi/status", "/api"])(
  "%s needs the token",
  async (path) => {
    for (const authorization of [undefined, "Bearer wrong", "Basic s3cret-token", "Bearer s3cret-tokeN", "Bearer "]) {
      const answer = await rawRequest(locked.url, { path, headers: authorization ? { authorization } : {} });
      expect([answer.status, answer.body]).toEqual([401, expect.stringContaining("SM-SERVER-AUTH")]);
    }
  },
);

test("with the token it answers, also to a name of its own; page and health need none", async () => {
  const headers = { authorization: "Bearer s3cret-token", host: "ops.example" };
  expect((await rawRequest(locked.url, { path: "/api/status", headers })).status).toBe(200);
  expect((await rawRequest(locked.url, { path: "/healthz" })).status).toBe(200);
  expect((await rawRequest(locked.url, { path: "/" })).status).toBe(200);
});

test("a foreign Host is refused everywhere, one of this machine is not", async () => {
  for (const path of ["/", "/api/status", "/metrics", "/healthz"]) {
    const answer = await rawRequest(open.url, { path, headers: { host: "rebound.example" } });
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([403, "SM-SERVER-HOST"]);
  }
  for (const host of ["localhost:1", "127.0.0.1", "[::1]:4700"])
    expect((await rawRequest(open.url, { path: "/api/status", headers: { host } })).status).toBe(200);
});

test("changes from another site are refused before anything is done", async () => {
  const own = new URL(open.url).host;
  const foreign = [
    { origin: "http://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site", origin: open.url },
    { origin: `http://localhost:${open.port}`, host: own },
  ];
  const calls = house.calls.length;
  for (const headers of foreign) {
    const answer = await rawRequest(open.url, {
      path: "/api/deploy",
      method: "POST",
      headers: { ...JSON_TYPE, ...headers },
      body: "{}",
    });
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([403, "SM-SERVER-ORIGIN"]);
  }
  expect(house.calls).toHaveLength(calls);
  const headers = { ...JSON_TYPE, origin: open.url, "sec-fetch-site": "same-origin" };
  expect((await rawRequest(open.url, { path: "/api/deploy", method: "POST", headers, body: "{}" })).status).toBe(202);
});

test("bodies must be JSON and small", async () => {
  const send = (headers: Record<string, string>, body: string, path = "/api/deploy") =>
    rawRequest(open.url, { path, method: "POST", headers, body }).then(({ status }) => status);
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    expect(await send({ "content-type": type }, "{}")).toBe(415);
  expect(await send({}, "{}")).toBe(415);
  expect(await send({ "content-type": "text/plain" }, "x", "/api/rollouts/ro-1/abort")).toBe(415);
  const large = JSON.stringify({ only: ["x".repeat(70_000)] });
  expect(await send({ ...JSON_TYPE, "content-length": String(large.length) }, large)).toBe(413);
  expect(await send({ ...JSON_TYPE, "transfer-encoding": "chunked" }, large)).toBe(413);
  expect(await send({ ...JSON_TYPE, "transfer-encoding": "chunked" }, "{}")).toBe(202);
});

test("every answer forbids framing, sniffing and foreign content", async () => {
  for (const path of ["/", "/api/status", "/api/nope", "/metrics"]) {
    const { headers } = await rawRequest(open.url, { path });
    expect(headers["content-security-policy"]).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  }
});

/** Sends bytes and waits for the end of the connection. */
function sendBytes(bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: open.port }, () => socket.end(bytes));
    socket.on("error", () => resolve()).on("close", () => resolve());
    socket.resume();
  });
}

test("garbage never brings it down and never answers 5xx", async () => {
  const path = fc.oneof(
    fc.webPath(),
    fc.string({ unit: "grapheme-ascii" }).map((text) => `/api/${encodeURI(text)}`),
  );
  const request = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"),
    path: path.map((text) => text.replace(/[^!-~]/g, "") || "/"),
    headers: fc.constantFrom({}, JSON_TYPE, { "x-stationmaster-actor": "%" }, { host: "[" }),
    body: fc.oneof(fc.json(), fc.string()),
  });
  await fc.assert(
    fc.asyncProperty(request, async (given) => {
      const answer = await rawRequest(open.url, {
        ...given,
        body: given.method === "GET" || given.method === "HEAD" ? "" : given.body,
      });
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: 200 },
  );
  for (const path of [
    "/%",
    "/%ff",
    "/api/%e0%a4%a",
    "/api/checks/%/series",
    "/api/rollouts/%00",
    "/\\..\\x",
    "//",
    "/api//status",
    `/${"a/".repeat(4_000)}`,
  ])
    expect((await rawRequest(open.url, { path })).status).toBeLessThan(500);
  for (const bytes of [
    "\0\0\0",
    "GET\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "POST /api/deploy HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "x".repeat(100_000),
  ])
    await sendBytes(bytes);
  expect((await fetch(`${open.url}/api/status`)).status).toBe(200);
});
