import { connect } from "node:net";
import { expect, test } from "vitest";
import { route, routerWith, serve, target, until } from "./testing.ts";

const SOON_MS = 60_000;

test("held requests wait with their bodies and are all served after the release", async () => {
  const calls: string[] = [];
  const { port } = await serve((request, response) => {
    calls.push(request.method ?? "");
    request.pipe(response);
  });
  const held = route([target(port)], { hold: { until: Date.now() + SOON_MS } });
  const { url, router, set } = await routerWith(held);
  const answers = Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      fetch(url, { method: "POST", body: `b${index}` }).then((response) => response.text()),
    ),
  );
  await until("all wait", () => router.view().routes.web?.held === 50);
  expect(calls).toEqual([]);
  expect(router.view().routes.web?.figures[0]).toMatchObject({ inflight: 0 });
  // A longer hold keeps them waiting.
  await set({ ...held, hold: { until: Date.now() + 2 * SOON_MS } });
  expect(router.view().routes.web?.held).toBe(50);
  await set({ ...held, hold: null });
  expect(await answers).toEqual(Array.from({ length: 50 }, (_, index) => `b${index}`));
});

test("a hold that ends by itself answers 503 to those who waited; later requests are served", async () => {
  const { port } = await serve((_, response) => response.end("served"));
  const { url } = await routerWith(route([target(port)], { hold: { until: Date.now() + 700 } }));
  const response = await fetch(url);
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await (await fetch(url)).text()).toBe("served");
});

test("a client that leaves while it waits is forgotten", async () => {
  const { port } = await serve((_, response) => response.end());
  const { port: own, router } = await routerWith(route([target(port)], { hold: { until: Date.now() + SOON_MS } }));
  const socket = connect(own, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await until("it waits", () => router.view().routes.web?.held === 1);
  socket.destroy();
  await until("it is forgotten", () => router.view().routes.web?.held === 0);
});

test("deleting the route answers those who wait", async () => {
  const { url, router } = await routerWith(route([], { hold: { until: Date.now() + SOON_MS } }));
  const waiting = fetch(url);
  await until("it waits", () => router.view().routes.web?.held === 1);
  await router.remove("web");
  expect((await waiting).status).toBe(503);
});
