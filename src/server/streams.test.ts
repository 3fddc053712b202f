import { once } from "node:events";
import { Agent, type ClientRequest, createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lineBacklog } from "./backlog.ts";
import { type RunningServer, startServer } from "./index.ts";
import type { AppEnv } from "./routes/route.ts";
import { streamBacklog } from "./sse.ts";
import { createFakeHouse, type FakeHouse, rawRequest, until } from "./testing.ts";

let house: FakeHouse;
let server: RunningServer;
const open: ClientRequest[] = [];

beforeEach(async () => {
  house = createFakeHouse();
  server = await startServer({ usecases: house.usecases, port: 0, version: "1" });
});
afterEach(async () => {
  for (const request of open.splice(0)) request.destroy();
  await server.close();
});

interface Client {
  response: IncomingMessage;
  data: unknown[];
  text(): string;
  leave(): void;
}

async function listen(url: string): Promise<Client> {
  const request = get(url, { agent: false });
  open.push(request);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let received = "";
  const data: unknown[] = [];
  request.on("error", () => {});
  response.on("error", () => {}).setEncoding("utf8");
  response.on("data", (chunk: string) => {
    received += chunk;
    data.splice(
      0,
      data.length,
      ...[...received.matchAll(/^data: (.*)\n\n/gm)].map(([, json]) => JSON.parse(json ?? "")),
    );
  });
  return { response, data, text: () => received, leave: () => request.destroy() };
}

test("events reach every client; a burst is gathered", async () => {
  const [first, second] = await Promise.all([listen(`${server.url}/api/events`), listen(`${server.url}/api/events`)]);
  expect(first.response.headers["content-type"]).toContain("text/event-stream");
  await until(() => house.listeners().events === 2);
  const emitted = 2_000;
  for (let i = 0; i < emitted; i += 1) {
    house.emit({ type: "checks" });
    house.emit({ type: "rollout", id: "ro-1" });
    if (i % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  house.emit({ type: "incident", id: "inc-last" });
  for (const { data } of [first, second]) {
    await until(() => data.some((event) => JSON.stringify(event).includes("inc-last")));
    expect(data).toContainEqual({ type: "checks" });
    expect(data).toContainEqual({ type: "rollout", id: "ro-1" });
    // The burst lasts far less than ten seconds, in which fifty of a kind could pass.
    expect(data.length).toBeLessThan(emitted / 10);
  }
});

test("a client that leaves is forgotten", async () => {
  const clients = await Promise.all(Array.from({ length: 5 }, () => listen(`${server.url}/api/events`)));
  const tail = await listen(`${server.url}/api/services/web/logs?follow=true`);
  await until(() => house.listeners().events === 5 && house.listeners().logs === 1);
  for (const client of [...clients, tail]) client.leave();
  await until(() => house.listeners().events === 0 && house.listeners().logs === 0);
});

test("asking for the head of a stream leaves no listener behind", async () => {
  for (let i = 0; i < 3; i += 1) {
    const answer = await rawRequest(server.url, { path: "/api/events", method: "HEAD" });
    expect(answer.status).toBe(200);
  }
  await until(() => house.listeners().events === 0);
});

test("a log begins with its last lines and goes on with the new ones", async () => {
  const tail = await listen(`${server.url}/api/services/web/logs?follow=true&lines=5`);
  await until(() => tail.data.length === 1 && house.listeners().logs === 1);
  house.writeLog({ replica: "web-1", text: "two\nlines" });
  await until(() => tail.data.length === 2);
  expect(tail.data).toEqual([
    { replica: "web-1", text: "listening" },
    { replica: "web-1", text: "two\nlines" },
  ]);
  const fresh = await listen(`${server.url}/api/services/web/logs?follow=true&lines=0`);
  await until(() => house.listeners().logs === 2);
  house.writeLog({ replica: "web-2", text: "three" });
  await until(() => fresh.data.length === 1);
  expect(fresh.data).toEqual([{ replica: "web-2", text: "three" }]);
});

test("the log of an unknown service is refused before the stream", async () => {
  const answer = await rawRequest(server.url, { path: "/api/services/nope/logs?follow=true" });
  expect([answer.status, answer.body]).toEqual([404, expect.stringContaining("SM-SERVICE-UNKNOWN")]);
});

test("close ends streams and idle connections", async () => {
  const client = await listen(`${server.url}/api/events`);
  const tail = await listen(`${server.url}/api/services/web/logs?follow=true`);
  await fetch(`${server.url}/api/status`);
  const ends = Promise.all([once(client.response, "close"), once(tail.response, "close")]);
  const started = performance.now();
  await Promise.all([server.close(), server.close()]);
  await ends;
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(house.listeners()).toEqual({ events: 0, logs: 0 });
  await expect(fetch(`${server.url}/api/status`)).rejects.toThrow();
});

test("a client that comes back on its connection while the server closes is sent away", async () => {
  let answer: (() => void) | undefined;
  const slow = {
    ...house.usecases,
    doctor: () => new Promise<never>((_, reject) => (answer = () => reject(new Error("x")))),
  };
  const other = await startServer({ usecases: slow, port: 0, version: "1", log: pino({ enabled: false }) });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (path: string) => {
    const [response] = (await once(get(other.url + path, { agent }), "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  const first = ask("/api/doctor");
  await until(() => answer !== undefined);
  const second = ask("/api/events");
  const closed = other.close();
  answer?.();
  expect(await first).toBe(500);
  expect(await second).toBe(503);
  await closed;
  expect(house.listeners().events).toBe(0);
  agent.destroy();
});

test("close does not wait for a request that never ends", async () => {
  const stuck = { ...house.usecases, doctor: () => new Promise<never>(() => {}) };
  const other = await startServer({ usecases: stuck, port: 0, version: "1" });
  const pending = fetch(`${other.url}/api/doctor`).catch((error: unknown) => error);
  await fetch(`${other.url}/api/status`);
  const started = performance.now();
  await other.close();
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(await pending).toBeInstanceOf(Error);
});

test("a silent stream is kept alive, and a client that stops reading is cut off", async () => {
  const app = new Hono<AppEnv>();
  const closing = new AbortController();
  const delivered = { lines: 0, ended: false };
  app.get("/quiet", (c) =>
    streamBacklog(c, { backlog: lineBacklog(), feed: () => {}, pauseMs: 1, closing: closing.signal, heartbeatMs: 20 }),
  );
  app.get("/flood", (c) =>
    streamBacklog(c, {
      backlog: lineBacklog(100),
      pauseMs: 1,
      closing: closing.signal,
      stalledMs: 500,
      feed: (put, signal) => {
        const timer = setInterval(() => {
          for (let i = 0; i < 200; i += 1) put({ replica: "a", text: "x".repeat(2_000) });
          delivered.lines += 200;
        }, 1);
        signal.addEventListener("abort", () => {
          clearInterval(timer);
          delivered.ended = true;
        });
      },
    }),
  );
  const plain = createServer(getRequestListener(app.fetch)).listen(0, "127.0.0.1");
  await once(plain, "listening");
  const url = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;

  const quiet = await listen(`${url}/quiet`);
  await until(() => quiet.text().split(": alive\n\n").length > 3);

  const request = get(`${url}/flood`, { agent: false });
  open.push(request);
  request.on("error", () => {});
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.on("error", () => {}).pause();
  await until(() => delivered.ended);
  expect(delivered.lines).toBeGreaterThan(0);

  closing.abort();
  plain.close();
  plain.closeAllConnections();
});
