import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { raw, route, routerWith, serve, target, until } from "./testing.ts";

const MEGABYTE = 1_024 * 1_024;

async function bodyOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message.setEncoding("latin1")) text += chunk;
  return text;
}

test("passes a request on with its Host, adds the forwarded fields, names the release", async () => {
  const { port } = await serve((request, response) =>
    response.end(JSON.stringify({ url: request.url, headers: request.headers })),
  );
  const { url, port: own } = await routerWith(route([target(port, { release: "v7" })]));
  const response = await fetch(`${url}/a/b?c=d`, {
    headers: { "x-forwarded-for": "192.0.2.9", "proxy-authorization": "x", te: "trailers" },
  });
  const seen = (await response.json()) as { headers: Record<string, string> };
  expect(response.headers.get("x-stationmaster-release")).toBe("v7");
  expect(seen).toMatchObject({
    url: "/a/b?c=d",
    headers: {
      host: `127.0.0.1:${own}`,
      "x-forwarded-for": "192.0.2.9, 127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-host": `127.0.0.1:${own}`,
    },
  });
  expect(seen.headers).not.toHaveProperty("proxy-authorization");
  expect(seen.headers).not.toHaveProperty("te");
});

test("bodies of 64 MB both ways come through whole, with memory bounded by backpressure", async () => {
  const { port } = await serve((request, response) => void request.pipe(response));
  const { url } = await routerWith(route([target(port)]));
  const size = 64 * MEGABYTE;
  const request = httpRequest(url, { method: "POST", agent: false });
  const chunk = Buffer.alloc(MEGABYTE, "x");
  const sending = (async () => {
    for (let sent = 0; sent < size; sent += chunk.length) if (!request.write(chunk)) await once(request, "drain");
    request.end();
  })();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let received = 0;
  for await (const part of response) received += part.length;
  await sending;
  expect(received).toBe(size);
});

test("a client that does not read stops the target; the router does not collect the answer", async () => {
  let written = 0;
  const { port } = await serve(async (_, response) => {
    const chunk = Buffer.alloc(MEGABYTE);
    while (!response.destroyed && written < 400 * MEGABYTE) {
      written += chunk.length;
      if (!response.write(chunk)) await Promise.race([once(response, "drain"), once(response, "close")]);
    }
  });
  const { port: own } = await routerWith(route([target(port)]));
  const socket = connect(own, "127.0.0.1").pause();
  onTestFinished(() => void socket.destroy());
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  let before = -1;
  await until("the target is held up", async () => {
    const stalled = before === written && written > 0;
    before = written;
    await new Promise((done) => setTimeout(done, 300));
    return stalled;
  });
  expect(written).toBeLessThan(100 * MEGABYTE);
});

test("server-sent events arrive one by one and count as a stream until the client leaves", async () => {
  let gone = false;
  const { port } = await serve((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n");
    response.once("close", () => {
      gone = true;
    });
  });
  const { url, router } = await routerWith(route([target(port)]));
  const abort = new AbortController();
  const response = await fetch(url, { signal: abort.signal });
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("data: 1\n\n");
  const figures = () => router.view().routes.web?.figures[0];
  expect(figures()).toMatchObject({ inflight: 1, streams: 1, requests: 1 });
  abort.abort();
  await until("the target sees the client go", () => gone && figures()?.inflight === 0);
  expect(figures()).toMatchObject({ streams: 0, errors: 0 });
});

test("a target that breaks off in the middle breaks off the client too, and counts as an error", async () => {
  const { port } = await serve((_, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write("half");
    setTimeout(() => response.destroy(), 50);
  });
  const { url, router } = await routerWith(route([target(port)]));
  const response = await fetch(url);
  await expect(response.text()).rejects.toThrow();
  await until("the error is counted", () => router.view().routes.web?.figures[0]?.errors === 1);
});

test("a client that leaves during its upload is seen by the target", async () => {
  let aborted = false;
  const { port } = await serve((request) => {
    request.on("error", () => {
      aborted = true;
    });
    request.resume();
  });
  const { port: own, router } = await routerWith(route([target(port)]));
  const socket = connect(own, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf");
  await until("it is at the target", () => router.view().routes.web?.figures[0]?.inflight === 1);
  await new Promise((done) => setTimeout(done, 100));
  socket.destroy();
  await until("the target sees it", () => aborted);
  await until("nothing is in flight", () => router.view().routes.web?.figures[0]?.inflight === 0);
  expect(router.view().routes.web?.figures[0]).toMatchObject({ aborted: 1, errors: 0 });
});

test("HEAD, 204, 304, an empty POST and HTTP/1.0 keep their framing", async () => {
  const { port } = await serve((request, response) => {
    const status = Number(request.url?.slice(1)) || 200;
    response.setHeader("x-length", request.headers["content-length"] ?? "none");
    response.setHeader("x-coding", request.headers["transfer-encoding"] ?? "none");
    if (request.method === "HEAD") response.setHeader("content-length", 1_000);
    response.writeHead(status).end(status === 200 && request.method === "GET" ? "hello" : undefined);
  });
  const { url, port: own } = await routerWith(route([target(port)]));
  expect((await fetch(url, { method: "HEAD" })).headers.get("content-length")).toBe("1000");
  expect((await fetch(`${url}/204`)).status).toBe(204);
  expect((await fetch(`${url}/304`)).status).toBe(304);
  const post = await fetch(url, { method: "POST" });
  expect([post.headers.get("x-length"), post.headers.get("x-coding")]).toEqual(["0", "none"]);
  const old = await raw(own, "GET / HTTP/1.0\r\n\r\n");
  expect(old).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(old).toMatch(/\r\n\r\nhello$/);
  expect(old).not.toMatch(/chunked/i);
});

test("a GET with a body, chunked and trailers go through both ways", async () => {
  const { port } = await serve(async (request, response) => {
    const body = await bodyOf(request);
    response.writeHead(200, { trailer: "x-sum" });
    response.write(`${body} ${request.trailers["x-client-sum"]}`);
    response.addTrailers({ "x-sum": "42" });
    response.end();
  });
  const { port: own } = await routerWith(route([target(port)]));
  const text = await raw(
    own,
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-client-sum: 7\r\n\r\n",
  );
  expect(text).toContain("abc 7");
  expect(text).toMatch(/0\r\nx-sum: 42\r\n\r\n$/);
});

test("Expect: 100-continue is decided by the target, and other interim answers pass", async () => {
  const { port, server } = await serve((_, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    response.end("hinted");
  });
  server.on("checkContinue", (request, response) => {
    if (request.url === "/no") return void response.writeHead(413, { connection: "close" }).end();
    response.writeContinue();
    request.pipe(response);
  });
  const { url } = await routerWith(route([target(port)]));
  const send = async (path: string) => {
    const request = httpRequest(url + path, {
      method: "POST",
      agent: false,
      headers: { expect: "100-continue", "content-length": 4 },
    });
    request.flushHeaders();
    let continued = false;
    request.on("continue", () => {
      continued = true;
      request.end("body");
    });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const text = await bodyOf(response);
    request.destroy();
    return { continued, status: response.statusCode, text };
  };
  expect(await send("/yes")).toEqual({ continued: true, status: 200, text: "body" });
  expect(await send("/no")).toMatchObject({ continued: false, status: 413 });

  const request = httpRequest(url, { agent: false }).end();
  const [[information], [response]] = (await Promise.all([
    once(request, "information"),
    once(request, "response"),
  ])) as [unknown[], [IncomingMessage]];
  expect(information).toMatchObject({ statusCode: 103, headers: { link: "</style.css>; rel=preload" } });
  expect(await bodyOf(response)).toBe("hinted");
});

test("an early answer to a large upload reaches the client, and the connection serves the next request", async () => {
  const { port } = await serve((request, response) => {
    request.resume();
    if (request.method === "POST") response.writeHead(413).end("too large");
    else response.end("next");
  });
  const { url, port: own } = await routerWith(route([target(port)]));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const request = httpRequest(url, { method: "POST", agent, headers: { "content-length": 8 * MEGABYTE } });
  request.end(Buffer.alloc(8 * MEGABYTE));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect([response.statusCode, await bodyOf(response)]).toEqual([413, "too large"]);
  const next = httpRequest({ port: own, host: "127.0.0.1", agent }).end();
  const [second] = (await once(next, "response")) as [IncomingMessage];
  expect(await bodyOf(second)).toBe("next");
});
