import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { closedPort, raw, route, routerWith, serve, serveTcp, target, until } from "./testing.ts";

async function echoTarget(): Promise<number> {
  const { port, server } = await serve((_, response) => response.writeHead(426).end("only websocket"));
  const sockets = new WebSocketServer({ server });
  onTestFinished(() => sockets.close());
  sockets.on("connection", (socket) => {
    socket.on("message", (data) => (String(data) === "bye" ? socket.close(4_001, "as you wish") : socket.send(data)));
  });
  return port;
}

test("a WebSocket works through the router and counts as a stream until it ends", async () => {
  const { url, router } = await routerWith(route([target(await echoTarget(), { release: "v3" })]));
  const socket = new WebSocket(url);
  const [[response]] = await Promise.all([once(socket, "upgrade"), once(socket, "open")]);
  expect(response.headers["x-stationmaster-release"]).toBe("v3");
  const large = Buffer.alloc(4 * 1_024 * 1_024, "x");
  socket.send(large);
  const [echo] = await once(socket, "message");
  expect(Buffer.compare(echo, large)).toBe(0);
  expect(router.view().routes.web?.figures[0]).toMatchObject({ inflight: 1, streams: 1, requests: 1 });
  socket.send("bye");
  expect(await once(socket, "close")).toMatchObject([4_001, Buffer.from("as you wish")]);
  await until("the stream has ended", () => router.view().routes.web?.figures[0]?.inflight === 0);
  expect(router.view().routes.web?.figures[0]).toMatchObject({ streams: 0, errors: 0 });
});

test("the end of one side is the end of the other; cut ends both", async () => {
  const { url, router } = await routerWith(route([target(await echoTarget(), { id: "one" })]));
  const first = new WebSocket(url);
  await once(first, "open");
  first.terminate();
  await until("the target side is closed", () => router.view().routes.web?.figures[0]?.inflight === 0);

  const second = new WebSocket(url);
  second.on("error", () => undefined);
  await once(second, "open");
  expect(router.cut("web", "one")).toBe(1);
  await once(second, "close");
  await until("nothing is left", () => router.view().routes.web?.figures[0]?.inflight === 0);
  expect(router.cut("web", "one")).toBe(0);
});

test("a stream outlives its target's leave, and is counted there until it ends", async () => {
  const port = await echoTarget();
  const { url, router, set } = await routerWith(route([target(port, { id: "old" })]));
  const socket = new WebSocket(url);
  await once(socket, "open");
  await set(route([target(port, { id: "new" })]));
  const old = () => router.view().routes.web?.figures.find((one) => one.id === "old");
  expect(old()).toMatchObject({ left: true, inflight: 1, streams: 1 });
  socket.send("still here");
  expect(String((await once(socket, "message"))[0])).toBe("still here");
  socket.close();
  await until("it is forgotten", () => old() === undefined);
});

test("a refused handshake goes to another target", async () => {
  const { url } = await routerWith(
    route([target(await closedPort(), { weight: 256 }), target(await echoTarget(), { weight: 1 })]),
  );
  for (let round = 0; round < 5; round++) {
    const socket = new WebSocket(url);
    await once(socket, "open");
    socket.terminate();
  }
});

test("a target that does not upgrade has its answer passed on, and nothing the client sent behind the handshake", async () => {
  let received = "";
  const { port } = await serveTcp((socket) =>
    socket.on("data", (chunk) => {
      received += chunk;
      if (received.endsWith("\r\n\r\n")) socket.write("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
    }),
  );
  const { port: own } = await routerWith(route([target(port)]));
  const handshake = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
  const answer = await raw(own, `${handshake}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\n.*\r\n\r\nnone$/s);
  expect(answer).toMatch(/connection: close/i);
  expect(received).not.toContain("smuggled");
});

test("any other upgrade is taken for an ordinary request", async () => {
  const { port } = await serve((request, response) => response.end(`upgrade: ${request.headers.upgrade}`));
  const { port: own } = await routerWith(route([target(port)]));
  const answer = await raw(
    own,
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
  );
  expect(answer).toContain("upgrade: undefined");
});

test("no target: 503 with Retry-After", async () => {
  const { port: own } = await routerWith(route([]));
  const answer = await raw(own, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1\.1 503/);
  expect(answer).toMatch(/retry-after: 1/i);
});
