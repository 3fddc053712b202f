import { Agent, createServer, request } from "node:http";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { until } from "../../../../test/lab/until.ts";
import { context, hasHaproxy, stage, unit } from "./testing.ts";

const haproxy = test.skipIf(!hasHaproxy);

haproxy("streams are told from requests, outlive a drain and a reload, and are cut in the end", async () => {
  const { url, set, proxy, figures } = await stage();
  const [one, two] = [await unit("one"), await unit("two")];
  await set({ stable: [one.member] });
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`);
  const gone = new Promise((done) => socket.once("close", done));
  await new Promise((done) => socket.once("open", done));
  const events = new AbortController();
  const stream = await fetch(`${url}/events`, { signal: events.signal });
  const slow = fetch(`${url}/slow?ms=8000`).then((response) => response.status);
  await until("all run", async () => (await figures("one"))?.inflight === 3);
  expect(await figures("one")).toMatchObject({ inflight: 3, streams: 2 });

  await proxy.upgrade(context());
  await set({ stable: [two.member] });
  expect((await proxy.read(context())).web?.stable.map(({ id }) => id)).toEqual(["two"]);
  expect(await figures("one")).toMatchObject({ inflight: 3, streams: 2 });
  expect(await slow).toBe(200);
  await until("the request ended", async () => (await figures("one"))?.inflight === 2);
  const echo = new Promise((done) => socket.once("message", (data) => done(data.toString())));
  socket.send("still here");
  expect(await echo).toBe("still here");

  expect(await proxy.cut("web", "one", context())).toBe(2);
  await gone;
  await until("nothing is left of it", async () => (await figures("one")) === undefined);
  await expect(stream.text()).rejects.toThrow();
  events.abort();
});

haproxy("a client's kept connection does not keep its unit", async () => {
  const { url, set, figures } = await stage();
  const [one, two] = [await unit("one"), await unit("two")];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<unknown>((done, fail) => {
      request(url, { agent }, (response) => {
        response.resume().on("end", () => done(response.headers["x-stationmaster-release"]));
      })
        .on("error", fail)
        .end();
    });
  await set({ stable: [one.member] });
  expect(await ask()).toBe("release of one");
  await set({ stable: [{ ...one.member, drain: true }, two.member] });
  expect(await ask()).toBe("release of two");
  expect(await figures("one")).toMatchObject({ inflight: 0, requests: 1 });
  agent.destroy();
});

haproxy("samples are the requests since the last call; counts go on over a reload", async () => {
  const { url, set, proxy, figures } = await stage();
  const one = await unit("one");
  await set({ stable: [one.member] });
  const ask = async (path: string) => void (await (await fetch(`${url}${path}`)).text());
  await ask("/");
  // Also from before anybody asked.
  expect(await proxy.samples("web", context())).toMatchObject([{ unit: "one", status: 200 }]);
  await ask("/slow?ms=300");
  await ask("/status/500");
  const [slow, failed, ...more] = await proxy.samples("web", context());
  expect(more).toEqual([]);
  expect(slow).toMatchObject({ unit: "one", status: 200 });
  expect(slow?.ms).toBeGreaterThanOrEqual(290);
  expect(failed).toMatchObject({ unit: "one", status: 500 });
  expect(await proxy.samples("web", context())).toEqual([]);
  expect(await figures("one")).toMatchObject({ requests: 3, errors: 1 });
  await proxy.upgrade(context());
  await ask("/");
  expect(await proxy.samples("web", context())).toHaveLength(1);
  expect(await figures("one")).toMatchObject({ requests: 4, errors: 1 });
});

haproxy(
  "a unit that gives no answer is in the counts and the samples, also where HAProxy itself is silent",
  async () => {
    const { url, set, proxy, figures } = await stage();
    const broken = createServer((request, response) => {
      if (request.url === "/") return void response.end();
      if (request.url !== "/half") return void request.socket.destroy();
      response.writeHead(200, { "content-length": 100 }).write("half");
      setTimeout(() => request.socket.destroy(), 50);
    });
    await set({ stable: [(await unit("one", 0, broken)).member] });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (path: string) =>
      new Promise<unknown>((done) => {
        request(`${url}${path}`, { agent }, (response) => {
          response
            .resume()
            .on("end", () => done(response.statusCode))
            .on("error", () => done("cut"));
        })
          .on("error", () => done("reset"))
          .end();
      });
    expect(await ask("/")).toBe(200);
    expect(await proxy.samples("web", context())).toHaveLength(1);
    // Not the first on its connection: HAProxy 2.6 closes it without a word, 2.8 does not.
    expect(["reset", 502]).toContain(await ask("/none"));
    expect(await ask("/none")).toBe(502);
    expect(await ask("/half")).toBe("cut");
    const statuses = (await proxy.samples("web", context())).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 502, 502]);
    expect(await proxy.samples("web", context())).toEqual([]);
    expect(await figures("one")).toMatchObject({ requests: 4, errors: 3, inflight: 0 });
    agent.destroy();
  },
);

haproxy("connections that clients kept over reloads get the units of today", async () => {
  const { url, set, proxy } = await stage();
  const [one, two] = [await unit("one"), await unit("two")];
  const agents = Array.from({ length: 4 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const ask = (agent: Agent) =>
    new Promise<unknown>((done, fail) => {
      request(url, { agent, headers: { "x-forwarded-for": "192.0.2.1" } }, (response) => {
        response.resume().on("end", () => done(response.headers["x-stationmaster-release"]));
      })
        .on("error", fail)
        .end();
    });
  await set({ stable: [one.member] });
  expect(await Promise.all(agents.slice(0, 2).map(ask))).toEqual(["release of one", "release of one"]);
  await proxy.upgrade(context());
  expect(await Promise.all(agents.slice(2).map(ask))).toEqual(["release of one", "release of one"]);
  await proxy.upgrade(context());
  await set({ stable: [two.member] });
  await one.stop();
  expect(await Promise.all(agents.map(ask))).toEqual(Array.from({ length: 4 }, () => "release of two"));
  for (const agent of agents) agent.destroy();
});
