import type { RequestListener } from "node:http";
import { connect } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openListener } from "./listener.ts";
import { createRoute } from "./table.ts";
import { raw, route, routerWith, serve, serveTcp, target, until } from "./testing.ts";

const hello: RequestListener = (_, response) => void response.end("hello");

test("ambiguous framing never reaches a target", async () => {
  const seen: string[] = [];
  const { port } = await serve((request, response) => {
    seen.push(request.url ?? "");
    response.end();
  });
  const { port: own } = await routerWith(route([target(port)]));
  const tail = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const fields of [
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: +5",
    "Content-Length: 5, 5",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding:\x0bchunked",
    "X: a\r\n Transfer-Encoding: chunked",
    "X: a\nTransfer-Encoding: chunked",
  ]) {
    const answer = await raw(own, `POST /first HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n\r\n${tail}`);
    expect(answer.slice(0, 12), fields).toMatch(/^HTTP\/1\.1 (4\d\d|501)/);
  }
  expect(seen).toEqual([]);
});

test("a transfer coding we do not know is refused", async () => {
  const { port } = await serve(hello);
  const { port: own } = await routerWith(route([target(port)]));
  expect(
    await raw(
      own,
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ),
  ).toMatch(/^HTTP\/1\.1 501/);
});

test("huge heads are 431, a missing Host 400, CONNECT is refused; the router goes on", async () => {
  const { port } = await serve(hello);
  const { port: own, url } = await routerWith(route([target(port)]));
  expect(await raw(own, `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/);
  expect(await raw(own, "GET / HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1\.1 400/);
  expect(await raw(own, "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n")).not.toContain("200");
  expect(await (await fetch(url)).text()).toBe("hello");
});

test("bytes beyond ASCII pass in fields and are refused in paths", async () => {
  const { port } = await serve((request, response) =>
    response.end(Buffer.from(`name ${request.headers["x-name"]}`, "latin1")),
  );
  const { port: own } = await routerWith(route([target(port)]));
  const name = Buffer.from("caf\u00e9 \u65e5", "utf8").toString("latin1");
  const ask = (path: string) =>
    raw(own, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Name: ${name}\r\n\r\n`);
  expect(await ask("/")).toContain(`name ${name}`);
  expect(await ask(`/${name}`)).toMatch(/^HTTP\/1\.1 400/);
});

test("credentials and addresses in trailers are dropped", async () => {
  const { port } = await serve((request, response) => {
    request.resume().on("end", () => response.end(Object.keys(request.trailers).join(" ")));
  });
  const { port: own } = await routerWith(route([target(port)]));
  const trailers = "Authorization: x\r\nX-Forwarded-For: 1.2.3.4\r\nX-Sum: 1\r\n";
  const answer = await raw(
    own,
    `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n${trailers}\r\n`,
  );
  expect(answer).toMatch(/\r\n\r\nx-sum$/);
});

test("any bytes from a client: the router goes on", async () => {
  const { port } = await serve(hello);
  const { port: own, url } = await routerWith(route([target(port)]));
  const piece = fc.constantFrom(
    "GET ",
    "/ ",
    "HTTP/1.1",
    "\r\n",
    "\r\n\r\n",
    "Host: a",
    "Upgrade: websocket",
    "Connection: upgrade",
    "Content-Length: 3",
    "Transfer-Encoding: chunked",
    "Expect: 100-continue",
    "\0",
    "POST ",
    "0",
    "ffff",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(piece, fc.string({ maxLength: 20 })), { maxLength: 20 }), async (pieces) => {
      const socket = connect(own, "127.0.0.1");
      socket.on("error", () => undefined).resume();
      await new Promise<void>((done) => socket.end(pieces.join(""), () => done()));
      socket.destroy();
    }),
    { numRuns: 200 },
  );
  expect(await (await fetch(url)).text()).toBe("hello");
});

test("any bytes from a target: the client gets 502 or a cut answer, and the router goes on", async () => {
  const answers = [
    "garbage\r\n\r\n",
    "HTTP/1.1 abc\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n",
    "",
  ];
  let next = "";
  const { port } = await serveTcp((socket) => socket.once("data", () => socket.end(next, "latin1")));
  const { url, router } = await routerWith(route([target(port)]));
  for (const answer of answers) {
    next = answer;
    expect((await fetch(url)).status, JSON.stringify(answer.slice(0, 60))).toBe(502);
  }
  next = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  expect(router.view().routes.web?.figures[0]).toMatchObject({ inflight: 0, streams: 0 });
});

test("a target may send 100 Continue although nobody asked", async () => {
  const { port } = await serveTcp((socket) =>
    socket.once("data", () =>
      socket.end("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    ),
  );
  const { url } = await routerWith(route([target(port)]));
  expect(await (await fetch(url)).text()).toBe("ok");
});

test("a client that sends its head byte by byte is told 408 and cut off", async () => {
  const live = createRoute("slow", route([]));
  const listener = await openListener(live, { host: "127.0.0.1", port: 0 }, { headMs: 500, idleMs: 60_000 });
  const socket = connect(listener.port, "127.0.0.1");
  onTestFinished(() => listener.close());
  let text = "";
  let closed = false;
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket
    .on("error", () => undefined)
    .on("close", () => {
      closed = true;
    });
  socket.write("GET / HTTP/1.1\r\n");
  const drip = setInterval(() => socket.writable && socket.write("x"), 50);
  await until("it is cut off", () => closed);
  clearInterval(drip);
  expect(text).toMatch(/^HTTP\/1\.1 408/);
});
