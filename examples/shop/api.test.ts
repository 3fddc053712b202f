import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ask, eventually, type Service, startDatabase, startService } from "./testing.ts";

const CANARY = { email: "canary@shop.example", password: "demo-only-canary" };
const DEVOPS = { "x-devops-secret": "demo-only-devops" };

let database: Awaited<ReturnType<typeof startDatabase>>;
let api: Service;
const started: Service[] = [];

async function startApi(env: Record<string, string> = {}, until = "listening"): Promise<Service> {
  const service = await startService(
    "api/server.ts",
    {
      DATABASE_URL: database.url,
      RELEASE: "r1",
      CANARY_EMAIL: CANARY.email,
      CANARY_PASSWORD: CANARY.password,
      DEVOPS_SECRET: DEVOPS["x-devops-secret"],
      ...env,
    },
    until,
  );
  started.push(service);
  return service;
}

async function healthy(service: Service) {
  return await eventually(async () => {
    const reply = await ask(service, "GET", "/health");
    return reply.status === 200 && reply.json;
  });
}

async function signIn(service = api): Promise<string> {
  const { json } = await ask(service, "POST", "/auth/login", { json: CANARY });
  return String(json.token);
}

beforeAll(async () => {
  database = await startDatabase();
  // Three replicas of two releases prepare one empty database at the same time.
  [api] = (await Promise.all([startApi(), startApi(), startApi({ RELEASE: "r2" })])) as [Service, Service, Service];
  await Promise.all(started.map(healthy));
});

afterAll(async () => {
  await Promise.all(started.map((service) => service.kill()));
  await database.remove();
});

describe("start and health", () => {
  test("replicas that start at once apply each migration once", async () => {
    const applied = started.flatMap((service) => service.log.filter((line) => line.message === "ready"));
    expect(applied.flatMap((line) => line.applied)).toEqual(["001-shop.sql", "002-products.sql"]);
  });

  test("health names release, database, sessions and uptime", async () => {
    expect(await healthy(api)).toMatchObject({
      status: "healthy",
      release: "r1",
      database: "up",
      sessions: expect.any(Number),
      uptime: expect.any(Number),
    });
  });

  test("a wrong variable stops the start with one line", async () => {
    const broken = await startService(
      "api/server.ts",
      { DATABASE_URL: database.url, FAULT: "bogus" },
      'FAULT: "bogus" is not known; use crash-after:5s, error-rate:0.2, slow:500ms, never-healthy or ignore-sigterm',
    );
    expect(await broken.ended).toEqual({ code: 2, signal: null });
  });
});

describe("sign-in", () => {
  test("login, me, logout", async () => {
    const token = await signIn();
    expect((await ask(api, "GET", "/me", { token })).json).toEqual({ email: CANARY.email });
    expect((await ask(api, "POST", "/auth/logout", { token })).status).toBe(200);
    expect((await ask(api, "GET", "/me", { token })).status).toBe(401);
  });

  test.each([
    [401, { ...CANARY, password: "wrong" }],
    [401, { ...CANARY, email: "nobody@shop.example" }],
    [422, { email: CANARY.email }],
    [422, { ...CANARY, email: { $ne: "" } }],
    [422, { ...CANARY, email: "a\0b" }],
  ])("answers %i to %j", async (status, json) => {
    expect((await ask(api, "POST", "/auth/login", { json })).status).toBe(status);
  });

  test("a changed canary password replaces the old one", async () => {
    const other = await startApi({ CANARY_PASSWORD: "another-demo" });
    await healthy(other);
    expect((await ask(api, "POST", "/auth/login", { json: CANARY })).status).toBe(401);
    const again = await startApi();
    await healthy(again);
    expect((await ask(api, "POST", "/auth/login", { json: CANARY })).status).toBe(200);
  });
});

describe("bad requests", () => {
  test.each([
    ["GET", "/nothing", 404],
    ["GET", "/products/none", 404],
    ["GET", "/products/%E0%A4%A", 400],
    ["PATCH", "/products", 405],
    ["GET", "/cart", 401],
    ["POST", "/orders", 401],
  ])("%s %s is %i", async (method, path, status) => {
    const reply = await ask(api, method, path);
    expect(reply.status).toBe(status);
    expect(reply.json).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
    if (status === 405) expect(reply.headers.get("allow")).toBe("GET");
  });

  test("a body that is no JSON is 400, one over 1 MiB is 413, and the server goes on", async () => {
    expect((await ask(api, "POST", "/auth/login", { body: "{" })).status).toBe(400);
    expect((await ask(api, "POST", "/auth/login", { body: "[]" })).status).toBe(400);
    const tooLarge = await ask(api, "POST", "/echo", { body: "x".repeat(1024 * 1024 + 1) }).catch(() => undefined);
    if (tooLarge) expect(tooLarge.status).toBe(413);
    expect((await ask(api, "GET", "/health")).status).toBe(200);
  });
});

describe("shop", () => {
  test("cart to order, and an empty cart is refused", async () => {
    const token = await signIn();
    const { json } = await ask(api, "GET", "/products");
    expect(json.products).toHaveLength(6);
    expect((await ask(api, "PUT", "/cart/items/tea", { token, json: { quantity: 0 } })).status).toBe(422);
    expect((await ask(api, "PUT", "/cart/items/none", { token, json: { quantity: 1 } })).status).toBe(404);
    await ask(api, "PUT", "/cart/items/tea", { token, json: { quantity: 2 } });
    const cart = await ask(api, "PUT", "/cart/items/cap", { token, json: { quantity: 1 } });
    expect(cart.json.totalCents).toBe(2 * 850 + 3600);
    const orders = await Promise.all([ask(api, "POST", "/orders", { token }), ask(api, "POST", "/orders", { token })]);
    expect(orders.map((reply) => reply.status).sort()).toEqual([201, 409]);
    const placed = orders.find((reply) => reply.status === 201)?.json;
    expect((await ask(api, "GET", `/orders/${placed?.id}`, { token })).json).toMatchObject({
      totalCents: 5300,
      status: "new",
    });
    expect((await ask(api, "GET", "/orders/999999999999", { token })).status).toBe(404);
  });
});

describe("operators", () => {
  test("without the secret nothing is told", async () => {
    expect((await ask(api, "GET", "/api/devops/stats")).status).toBe(401);
    expect((await ask(api, "GET", "/api/devops/stats", { headers: { "x-devops-secret": "wrong" } })).status).toBe(401);
    const off = await startApi({ DEVOPS_SECRET: "" });
    expect((await ask(off, "GET", "/api/devops/stats", { headers: DEVOPS })).status).toBe(404);
  });

  test("stale sessions and then their carts are cleaned, live ones stay", async () => {
    const [stale, live] = [await signIn(), await signIn()];
    for (const token of [stale, live]) await ask(api, "PUT", "/cart/items/tea", { token, json: { quantity: 1 } });
    await database.query(
      "UPDATE sessions SET last_seen = now() - interval '31 minutes' WHERE created_at = (SELECT max(created_at) FROM sessions WHERE created_at < (SELECT max(created_at) FROM sessions))",
    );
    expect((await ask(api, "GET", "/me", { token: stale })).status).toBe(401);
    expect((await ask(api, "GET", "/api/devops/stats", { headers: DEVOPS })).json).toMatchObject({
      staleSessions: 1,
      orphans: 0,
    });
    expect((await ask(api, "DELETE", "/api/devops/cleanup/stale-sessions", { headers: DEVOPS })).json).toEqual({
      removed: 1,
    });
    expect((await ask(api, "DELETE", "/api/devops/cleanup/orphans", { headers: DEVOPS })).json).toEqual({ removed: 1 });
    expect((await ask(api, "GET", "/cart", { token: live })).json.items).toHaveLength(1);
    expect((await ask(api, "GET", "/api/devops/health", { headers: DEVOPS })).json).toMatchObject({
      status: "healthy",
      connections: { total: expect.any(Number) },
    });
  });
});

describe("streams", () => {
  test("echo returns the body and its type", async () => {
    const response = await fetch(`${api.url}/echo`, {
      method: "POST",
      body: "hello",
      headers: { "content-type": "text/x-test" },
    });
    expect([await response.text(), response.headers.get("content-type")]).toEqual(["hello", "text/x-test"]);
  });

  test("events tick", async () => {
    const abort = new AbortController();
    const response = await fetch(`${api.url}/events`, { signal: abort.signal });
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes("event: tick")) break;
    }
    abort.abort();
    expect(text).toContain('data: {"release":"r1"}');
  });

  test("the WebSocket echoes text and bytes; another path is refused", async () => {
    const socket = new WebSocket(`${api.url.replace("http", "ws")}/ws`);
    const received: [string, boolean][] = [];
    socket.on("message", (data, binary) => received.push([data.toString(), binary]));
    await new Promise((resolve) => socket.once("open", resolve));
    socket.send("one");
    socket.send(Buffer.from("two"));
    await eventually(() => received.length === 2);
    expect(received).toEqual([
      ["one", false],
      ["two", true],
    ]);
    socket.terminate();
    const refused = new WebSocket(`${api.url.replace("http", "ws")}/other`);
    const error = await new Promise<Error>((resolve) => refused.once("error", resolve));
    expect(error.message).toContain("404");
  });
});
