import { once } from "node:events";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import type { ProcessLookup } from "../types.ts";
import { classifyError } from "./classify.ts";
import { runProbe } from "./run.ts";
import { get, http, openServers, processes, raw, redact, run, spec } from "./testing.ts";

test("a good answer is ok, with its phases and body", async () => {
  const url = await http((_, response) => response.end("fine"));
  const result = await get(url);
  expect(result).toMatchObject({ outcome: "ok", class: null, detail: null, body: "fine" });
  expect(result.phases?.tls).toBe(0);
});

test("nobody listens: refused", async () => {
  const url = await http(() => {});
  await Promise.all(openServers.splice(0).map(({ server }) => once(server.close(), "close")));
  expect(await get(url)).toMatchObject({ outcome: "fail", class: "refused", family: "availability" });
  expect(await run(spec("tcp", { tcp: new URL(url).host }))).toMatchObject({ outcome: "fail", class: "refused" });
});

test("a connection closed without, before and within the answer: reset", async () => {
  const rude = await raw((socket) => socket.once("data", () => socket.resetAndDestroy()));
  expect(await get(rude)).toMatchObject({ outcome: "fail", class: "reset" });
  const polite = await raw((socket) => socket.once("data", () => socket.end()));
  expect(await get(polite)).toMatchObject({ outcome: "fail", class: "reset" });
  const half = await raw((socket) =>
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")),
  );
  expect(await get(half)).toMatchObject({ outcome: "fail", class: "reset" });
});

test("no answer, and an answer that drips byte by byte, end at the deadline", async () => {
  const silent = await raw(() => {});
  expect(await get(silent, {}, 300)).toMatchObject({
    outcome: "fail",
    class: "read-timeout",
    detail: "no answer within 300 ms",
  });
  const drip = (head: string) => (socket: Socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write("x"), 20);
    socket.once("close", () => clearInterval(timer));
  };
  const body = await raw(drip("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n"));
  expect(await get(body, {}, 500)).toMatchObject({
    outcome: "fail",
    class: "read-timeout",
    detail: "the answer did not end within 500 ms",
  });
  const header = await raw(drip("HTTP/1.1 200 OK\r\nx-slow: "));
  const result = await get(header, {}, 500);
  expect(result).toMatchObject({ outcome: "fail", class: "read-timeout" });
  expect(result.durationMs).toBeLessThan(10_000);
});

test("a full backlog or a silent TLS peer: connect-timeout", async () => {
  const url = await raw(() => {});
  expect(await get(url.replace("http", "https"), {}, 400)).toMatchObject({ outcome: "fail", class: "connect-timeout" });
});

test("an endless body is read up to 256 KiB and no further", async () => {
  let sent = 0;
  const url = await http((_, response) => {
    const chunk = Buffer.alloc(16 * 1024, "a");
    const more = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
    };
    response.on("drain", more);
    more();
  });
  expect(await get(url, { expect: { body: "aaa" } })).toMatchObject({ outcome: "ok" });
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  expect(await get(url, { expect: { json: { a: "1" } } })).toMatchObject({
    class: "assertion",
    detail: "the body is longer than 256 KiB",
  });
});

test("a gzip bomb costs neither memory nor time; honest gzip is read", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const url = await http((request, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(request.url === "/bomb" ? bomb : gzipSync('{"status":"ok"}'));
  });
  const before = process.memoryUsage().arrayBuffers;
  expect(await get(`${url}bomb`, { expect: { body: { lacks: "x" } } })).toMatchObject({ outcome: "ok" });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  expect(await get(url, { expect: { json: { status: "ok" } } })).toMatchObject({ outcome: "ok" });
});

test("redirects: three are followed, a loop is an assertion, an expected one is the answer, keys stay at home", async () => {
  const seen: (string | undefined)[] = [];
  const elsewhere = await http((request, response) => {
    seen.push(request.headers["x-api-key"]?.toString());
    response.end("there");
  });
  const url = await http((request, response) => {
    const to =
      request.url === "/loop" ? "/loop" : request.url === "/away" ? elsewhere : `/${Number(request.url?.slice(1)) - 1}`;
    if (request.url === "/0") return response.end("home");
    return response.writeHead(302, { location: to }).end();
  });
  expect(await get(`${url}3`)).toMatchObject({ outcome: "ok", body: "home" });
  expect(await get(`${url}loop`)).toMatchObject({
    class: "assertion",
    detail: expect.stringContaining("more than 3 redirects"),
  });
  expect(await get(`${url}loop`, { expect: { status: 302 } })).toMatchObject({ outcome: "ok" });
  expect(await get(`${url}away`, { headers: { "X-Api-Key": "k" } })).toMatchObject({ outcome: "ok", body: "there" });
  expect(seen).toEqual([undefined]);
});

test("what is not HTTP is an assertion", async () => {
  const ssh = await raw((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
  expect(await get(ssh)).toMatchObject({
    outcome: "fail",
    class: "assertion",
    detail: expect.stringContaining("not valid HTTP"),
  });
  const fat = await raw((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${"a".repeat(200_000)}\r\n\r\n`));
  expect(await get(fat)).toMatchObject({ outcome: "fail", class: "assertion" });
  expect(await get("ftp://127.0.0.1/")).toMatchObject({ class: "assertion" });
  expect(await get("http://[nonsense/")).toMatchObject({ class: "assertion" });
});

test("statuses have their classes", async () => {
  const url = await http((request, response) => response.writeHead(Number(request.url?.slice(1))).end());
  for (const [status, name, family] of [
    [500, "http-5xx", "availability"],
    [503, "http-5xx", "availability"],
    [404, "http-4xx", "availability"],
    [429, "http-429", "capacity"],
    [304, "assertion", "availability"],
  ] as const)
    expect(await get(`${url}${status}`)).toMatchObject({
      outcome: "fail",
      class: name,
      family,
      detail: `answered ${status}, expected 2xx`,
    });
  expect(await get(`${url}404`, { expect: { status: [200, "4xx"] } })).toMatchObject({ outcome: "ok" });
  expect(await get(`${url}200`, { expect: { status: 401 } })).toMatchObject({ class: "assertion" });
});

test("every assertion is evaluated and the first class wins", async () => {
  const answer = { status: "ok", depth: { list: [1, 2, { name: "x" }] }, free: 12, none: null };
  const url = await http((_, response) => {
    response.setHeader("X-Version", "1.2.3");
    response.end(JSON.stringify(answer));
  });
  const wanted = {
    header: { "x-version": { matches: "^1\\." } },
    body: { contains: "depth", lacks: "error", matches: '"free":\\d+' },
    json: {
      status: "ok",
      "$.depth.list[2].name": "x",
      "$['depth'].list[-1]['name']": "x",
      free: { above: 10, below: 20 },
      none: null,
      gone: { exists: false },
    },
  };
  expect(await get(url, { expect: wanted })).toMatchObject({ outcome: "ok" });
  const failed = await get(url, {
    expect: {
      status: 500,
      header: { "x-absent": "y" },
      body: "nowhere",
      json: { status: "down", free: { above: 99 } },
    },
  });
  expect(failed).toMatchObject({ class: "assertion", outcome: "fail" });
  for (const part of [
    "answered 200, expected 500",
    "header x-absent is missing",
    'does not contain "nowhere"',
    'status is "ok", expected "down"',
    "free is 12",
  ])
    expect(failed.detail).toContain(part);
});

test("a JSON path on something else than JSON, and patterns that are wrong or never end", async () => {
  const url = await http((_, response) => response.end(`<html>${"a".repeat(40)}!</html>`));
  expect(await get(url, { expect: { json: { status: "ok" } } })).toMatchObject({
    class: "assertion",
    detail: "the body is not JSON",
  });
  // One that is none does not come as far as a run.
  expect(() => get(url, { expect: { body: { matches: "(" } } })).toThrow("must be a regular expression");
  expect(await get(url, { expect: { body: { matches: "(a+)+$" } } })).toMatchObject({
    class: "assertion",
    detail: expect.stringContaining("took longer"),
  });
});

test("a late answer that is right is slow", async () => {
  const url = await http((_, response) => setTimeout(() => response.end("ok"), 80));
  expect(await get(url, { expect: { latency: "20ms" } })).toMatchObject({
    outcome: "slow",
    class: "slow",
    family: "latency",
  });
  expect(await get(url, { expect: { latency: "20ms", body: "no" } })).toMatchObject({
    outcome: "fail",
    class: "assertion",
  });
});

test("codes that need no network to be told apart", () => {
  const named = (code: string) => classifyError(Object.assign(new Error("x"), { code }), "tls");
  expect(named("CERT_HAS_EXPIRED")).toMatchObject({ class: "tls-expired", family: "tls" });
  expect(named("ERR_TLS_CERT_ALTNAME_INVALID")).toMatchObject({ class: "tls-invalid" });
  expect(named("EMFILE")).toMatchObject({ outcome: "unknown", class: "prober", family: "none" });
  expect(
    classifyError(new AggregateError([Object.assign(new Error("x"), { code: "ECONNREFUSED" })]), "connect"),
  ).toMatchObject({ class: "refused" });
});

test("a name that does not exist: dns", async () => {
  expect(await get("http://no-such-host.invalid/", {}, 10_000)).toMatchObject({ outcome: "fail", class: "dns" });
});

test("secrets appear neither in the detail nor in the body; both are short", async () => {
  const url = await http((_, response) =>
    response.end(JSON.stringify({ key: "planted-secret", pad: "p".repeat(2_000) })),
  );
  const result = await get(url, { expect: { json: { key: "x" }, body: "b".repeat(1_000) } });
  expect(JSON.stringify(result)).not.toContain("planted-secret");
  expect(result.detail?.length).toBeLessThanOrEqual(300);
  expect(result.body?.length).toBeLessThanOrEqual(500);
});

test("tcp and process", async () => {
  const url = await raw(() => {});
  expect(await run(spec("tcp", { tcp: new URL(url).host }))).toMatchObject({ outcome: "ok" });
  expect(await run(spec("tcp", { tcp: "no address" }))).toMatchObject({ class: "assertion" });
  const ask = (lookup: ProcessLookup, timeoutMs = 5_000) =>
    runProbe(spec("process", { process: "api" }, timeoutMs), { clock: systemClock, redact, processes: lookup });
  expect(await ask(async () => ({ alive: 2, expected: 2, detail: null }))).toMatchObject({ outcome: "ok" });
  expect(await ask(async () => ({ alive: 1, expected: 2, detail: "exit 137" }))).toMatchObject({
    outcome: "fail",
    class: "replica-gone",
    detail: "1 of 2 replicas are alive: exit 137",
  });
  expect(await ask(async () => ({ alive: 0, expected: 1, detail: null }))).toMatchObject({ class: "process-gone" });
  expect(await ask(async () => ({ alive: 0, expected: 1, detail: null, exchanging: true }))).toMatchObject({
    outcome: "unknown",
  });
  expect(await ask(async () => ({ alive: 1, expected: 1, detail: null, exchanging: true }))).toMatchObject({
    outcome: "ok",
  });
  expect(await ask(async () => ({ alive: 0, expected: 0, detail: null }))).toMatchObject({
    outcome: "unknown",
    class: "prober",
  });
  expect(await ask(() => Promise.reject(new Error("no platform")))).toMatchObject({
    outcome: "unknown",
    class: "prober",
  });
  expect(await ask(() => new Promise(() => {}), 100)).toMatchObject({ outcome: "unknown", class: "prober" });
});

test("a cancelled run is unknown", async () => {
  const url = await raw(() => {});
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const result = await runProbe(spec("http", { url }, 20_000), {
    clock: systemClock,
    redact,
    processes,
    signal: controller.signal,
  });
  expect(result).toMatchObject({ outcome: "unknown", class: "prober", detail: "the run was cancelled" });
});
