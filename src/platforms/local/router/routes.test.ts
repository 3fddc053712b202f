import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startRouter } from "./router.ts";
import { loadState, saveState } from "./state.ts";
import { route, routerWith, serve, target, temporaryFolder, until } from "./testing.ts";

async function sides(url: string, headers: Record<string, string> = {}, count = 300): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (let round = 0; round < count; round++) {
    const response = await fetch(url, { headers });
    await response.text();
    const release = response.headers.get("x-stationmaster-release") ?? "";
    seen[release] = (seen[release] ?? 0) + 1;
  }
  return seen;
}

test("a share is met with key random; with key client a user stays, and another agent may differ", async () => {
  const { port } = await serve((_, response) => response.end());
  const targets = [
    target(port, { id: "s", release: "old" }),
    target(port, { id: "c", role: "candidate", release: "new" }),
  ];
  const { url, set } = await routerWith(route(targets, { share: 50 }));
  const random = await sides(url);
  expect(random.old).toBeGreaterThan(90);
  expect(random.new).toBeGreaterThan(90);

  await set(route(targets, { share: 50, key: "client" }));
  const perAgent = [];
  for (let agent = 0; agent < 20; agent++) perAgent.push(await sides(url, { "user-agent": `a${agent}` }, 5));
  for (const seen of perAgent) expect(Object.keys(seen)).toHaveLength(1);
  expect(new Set(perAgent.flatMap((seen) => Object.keys(seen)))).toEqual(new Set(["old", "new"]));
});

test("a grant ends by itself in the router", async () => {
  const { port } = await serve((_, response) => response.end());
  const targets = [
    target(port, { id: "s", release: "old" }),
    target(port, { id: "c", role: "candidate", release: "new" }),
  ];
  const until = Date.now() + 1_500;
  const { url, router } = await routerWith(route(targets, { share: 100, until }));
  expect(router.view().routes.web).toMatchObject({ share: 100, shareNow: 100 });
  expect(await sides(url, {}, 5)).toEqual({ new: 5 });
  await new Promise((done) => setTimeout(done, until - Date.now() + 20));
  expect(await sides(url, {}, 5)).toEqual({ old: 5 });
  expect(router.view().routes.web).toMatchObject({ share: 100, shareNow: 0 });
});

test("drain: no new request, what runs finishes, the counter reaches 0", async () => {
  const finish: (() => void)[] = [];
  const { port: slow } = await serve((_, response) => void finish.push(() => response.end("old")));
  const { port: fast } = await serve((_, response) => response.end("new"));
  const { url, router, set } = await routerWith(route([target(slow, { id: "old" })]));
  const running = fetch(url).then((response) => response.text());
  await until("it runs", () => finish.length === 1);
  await set(route([target(slow, { id: "old", drain: true }), target(fast, { id: "new" })]));
  for (let round = 0; round < 10; round++) expect(await (await fetch(url)).text()).toBe("new");
  const old = () => router.view().routes.web?.figures.find((one) => one.id === "old");
  expect(old()).toMatchObject({ inflight: 1, streams: 0, left: false });
  finish[0]?.();
  expect(await running).toBe("old");
  await until("0 in flight", () => old()?.inflight === 0);
  expect(finish).toHaveLength(1);
});

test("5xx answers are counted", async () => {
  const { port } = await serve((_, response) => response.writeHead(503).end());
  const { url, router } = await routerWith(route([target(port)]));
  for (let round = 0; round < 10; round++) await (await fetch(url)).text();
  expect(router.view().routes.web?.figures[0]).toMatchObject({ requests: 10, errors: 10 });
});

test("a route is on disk before it works; port 0 keeps the port it found, also over a restart", async () => {
  const stateFile = join(await temporaryFolder(), "state.json");
  const start = () => startRouter({ stateFile, log: () => undefined });
  const first = await start();
  const { listen } = await first.put("web", route([]));
  expect(listen.port).toBeGreaterThan(0);
  expect((await loadState(stateFile)).routes.web?.listen).toEqual(listen);
  expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  expect((await first.put("web", route([target(1)]))).listen).toEqual(listen);
  await first.stop(100);

  const second = await start();
  expect(second.view().routes.web).toMatchObject({ listen, listening: true, targets: [{ id: "t1" }] });
  await second.remove("web");
  expect((await loadState(stateFile)).routes).toEqual({});
  await second.stop(100);
});

test("a taken port changes nothing; another port of a route is moved to and the old one is let go", async () => {
  const { port: taken } = await serve((_, response) => response.end());
  const { router, port, url } = await routerWith(route([]));
  const wanted = route([target(taken)], { listen: { port: taken } });
  await expect(router.put("other", wanted)).rejects.toMatchObject({ code: "SM-ROUTER-PORT", status: 409 });
  await expect(router.put("web", wanted)).rejects.toMatchObject({ code: "SM-ROUTER-PORT" });
  expect(Object.keys(router.view().routes)).toEqual(["web"]);
  expect(router.view().routes.web).toMatchObject({ listen: { port }, targets: [] });

  await router.put("second", route([target(taken)]));
  const moved = router.view().routes.second?.listen.port ?? 0;
  await router.remove("second");
  expect((await router.put("web", route([target(taken)], { listen: { port: moved } }))).listen.port).toBe(moved);
  expect((await fetch(`http://127.0.0.1:${moved}`)).status).toBe(200);
  await expect(fetch(url)).rejects.toThrow();
});

test("a route whose port is taken at the start comes up once it is free, the others at once", async () => {
  const stateFile = join(await temporaryFolder(), "state.json");
  const { port: target1, server } = await serve((_, response) => response.end());
  await saveState(stateFile, {
    version: 1,
    routes: { blocked: route([], { listen: { port: target1 } }), free: route([]) },
  });
  const router = await startRouter({ stateFile, log: () => undefined });
  expect(router.view().routes).toMatchObject({ blocked: { listening: false }, free: { listening: true } });
  server.closeAllConnections();
  server.close();
  await until("it listens", () => router.view().routes.blocked?.listening === true);
  await router.stop(100);
});

test("what cannot be saved does not happen", async () => {
  const folder = await temporaryFolder();
  const router = await startRouter({ stateFile: join(folder, "missing", "state.json"), log: () => undefined });
  await expect(router.put("web", route([]))).rejects.toMatchObject({ code: "SM-ROUTER-SAVE" });
  expect(router.view().routes).toEqual({});
  await router.stop(100);
});

test("a state that is not one is refused with the place of the fault", async () => {
  const stateFile = join(await temporaryFolder(), "state.json");
  await saveState(stateFile, { version: 1, routes: { web: { ...route([]), share: 101 } } });
  await expect(loadState(stateFile)).rejects.toMatchObject({
    code: "SM-ROUTER-STATE",
    message: expect.stringContaining("routes.web.share"),
  });
  expect(await readFile(stateFile, "utf8")).toContain("101");
});

test("two routes exchange their addresses: kept connections and new ones, what runs ends where it was", async () => {
  const finish: (() => void)[] = [];
  const { port: slow } = await serve((request, response) => {
    if (request.url === "/slow") finish.push(() => response.end("old"));
    else response.end("old");
  });
  const { port: fast } = await serve((_, response) => response.end("new"));
  const { router, url } = await routerWith(route([target(slow, { id: "old" })]));
  const { listen } = await router.put("site", route([target(fast, { id: "new" })]));
  const running = fetch(`${url}/slow`).then((response) => response.text());
  await until("it runs", () => finish.length === 1);
  expect(await (await fetch(url)).text()).toBe("old");
  await router.exchange("site", "web");
  expect(await (await fetch(url)).text()).toBe("new");
  expect(await (await fetch(`http://127.0.0.1:${listen.port}`)).text()).toBe("old");
  finish[0]?.();
  expect(await running).toBe("old");
  expect(router.view().routes).toMatchObject({ web: { listen, listening: true }, site: { listening: true } });
  await expect(router.exchange("site", "none")).rejects.toMatchObject({ code: "SM-ROUTER-UNKNOWN" });
});
