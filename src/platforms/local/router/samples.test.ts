import { expect, test } from "vitest";
import { createSampleRing } from "./samples.ts";
import { closedPort, route, routerWith, serve, target, until } from "./testing.ts";

test("a full ring forgets the oldest and keeps the order; what was taken is gone", () => {
  const ring = createSampleRing();
  for (let ms = 0; ms < 5_000; ms++) ring.add({ unit: "u", status: 200, ms });
  const all = ring.take();
  expect([all.length, all[0]?.ms, all.at(-1)?.ms]).toEqual([4_096, 904, 4_999]);
  expect(ring.take()).toEqual([]);
});

test("every request of a user is told once: unit, status, time of the whole answer; one cut short is 502, a probe is none", async () => {
  const { port } = await serve((request, response) => {
    if (request.url === "/slow") {
      response.write("begun");
      setTimeout(() => response.end(), 300);
    } else if (request.url === "/broken") {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setTimeout(() => response.destroy(), 20);
    } else if (request.url === "/stream") response.writeHead(200, { "content-type": "text/event-stream" }).write("\n");
    else response.writeHead(request.url === "/error" ? 503 : 200).end();
  });
  const { router, url, set } = await routerWith(route([target(port, { id: "old" })]));
  const get = async (path: string, headers: Record<string, string> = {}) =>
    await fetch(`${url}${path}`, { headers })
      .then((answer) => answer.text())
      .catch(() => {});
  await get("/");
  await get("/probe", { "user-agent": "stationmaster" });
  await get("/error");
  await get("/slow");
  await get("/broken");
  const end = new AbortController();
  await fetch(`${url}/stream`, { signal: end.signal });
  const seen: ReturnType<typeof router.samples> = [];
  await until("five samples", () => seen.push(...router.samples("web")) === 5);
  expect(seen.map(({ unit, status }) => `${unit} ${status}`)).toEqual([
    "old 200",
    "old 503",
    "old 200",
    "old 502",
    "old 200",
  ]);
  expect(seen[2]?.ms).toBeGreaterThan(250);
  end.abort();

  // A refused connection is no answer: another unit takes the request.
  await set(route([target(await closedPort(), { id: "gone" }), target(port, { id: "new" })]));
  for (let i = 0; i < 4; i++) await get("/");
  await until("the new ones", () => seen.push(...router.samples("web")) === 9);
  expect(new Set(seen.slice(5).map(({ unit }) => unit))).toEqual(new Set(["new"]));
});
