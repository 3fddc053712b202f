import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseFaults } from "./api/fault.ts";
import { ask, eventually, type Service, startDatabase, startService } from "./testing.ts";

let database: Awaited<ReturnType<typeof startDatabase>>;
const started: Service[] = [];

async function startApi(env: Record<string, string> = {}): Promise<Service> {
  const service = await startService("api/server.ts", { DATABASE_URL: database.url, ...env });
  started.push(service);
  return service;
}

function answersWith(service: Service, status: number) {
  return eventually(async () => (await ask(service, "GET", "/health")).status === status);
}

function connectError(service: Service): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(service.url).port), "127.0.0.1", () => resolve(undefined));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.unref();
  });
}

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(async () => {
  await Promise.all(started.map((service) => service.kill()));
  await database.remove();
});

describe("FAULT", () => {
  test("reads a list, refuses what it does not know", () => {
    expect(parseFaults("slow:500ms, error-rate:0.2,crash-after:5s")).toMatchObject({
      slowMs: 500,
      errorRate: 0.2,
      crashAfterMs: 5_000,
    });
    for (const text of ["slow", "slow:5", "error-rate:2", "error-rate:", "other"])
      expect(() => parseFaults(text)).toThrow(/^FAULT: /);
  });

  test("crash-after ends the process with code 1", async () => {
    expect(await (await startApi({ FAULT: "crash-after:300ms" })).ended).toEqual({ code: 1, signal: null });
  });

  test("never-healthy and error-rate", async () => {
    const api = await startApi({ FAULT: "never-healthy,error-rate:1" });
    expect((await ask(api, "GET", "/health")).json).toMatchObject({
      status: "unhealthy",
      reason: "FAULT=never-healthy",
    });
    expect((await ask(api, "GET", "/products")).status).toBe(500);
  });

  test("ignore-sigterm survives SIGTERM and ends by SIGKILL", async () => {
    const api = await startApi({ FAULT: "ignore-sigterm" });
    api.signal("SIGTERM");
    await eventually(() => api.log.some((line) => line.message === "FAULT=ignore-sigterm"));
    expect((await ask(api, "GET", "/nothing")).status).toBe(404);
    await api.kill();
    expect(await api.ended).toEqual({ code: null, signal: "SIGKILL" });
  });
});

describe("stop", () => {
  test("a running request is finished, streams end, new connections are refused", async () => {
    const api = await startApi({ FAULT: "slow:1500ms" });
    const events = await fetch(`${api.url}/events`);
    const running = ask(api, "POST", "/echo", { body: "last one" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    api.signal("SIGTERM");
    await eventually(() => api.log.some((line) => line.message === "stopping"));
    expect(await connectError(api)).toBe("ECONNREFUSED");
    expect((await running).status).toBe(200);
    await events.text();
    expect(await api.ended).toEqual({ code: 0, signal: null });
  });
});

describe("database outage", () => {
  test("unhealthy while it is down, well again afterwards, the process never ends", async () => {
    const api = await startApi();
    await answersWith(api, 200);
    await database.stop();
    expect((await ask(api, "GET", "/products")).status).toBe(503);
    const down = await ask(api, "GET", "/health");
    expect([down.status, down.json.status, down.json.database]).toEqual([503, "unhealthy", "down"]);
    const late = await startApi();
    expect((await ask(late, "GET", "/health")).status).toBe(503);
    await database.start();
    await answersWith(api, 200);
    await answersWith(late, 200);
    expect((await ask(api, "GET", "/products")).status).toBe(200);
    api.signal("SIGTERM");
    expect(await api.ended).toEqual({ code: 0, signal: null });
  });

  test("a database that hangs makes health answer 503 within its second", async () => {
    const api = await startApi();
    await answersWith(api, 200);
    const lock = database.query("BEGIN; LOCK TABLE sessions; SELECT pg_sleep(4); COMMIT");
    await answersWith(api, 503);
    expect((await ask(api, "GET", "/health")).json.reason).toContain("1 s");
    await lock;
    await answersWith(api, 200);
  });
});
