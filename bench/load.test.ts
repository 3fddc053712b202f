import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createTarget } from "./load/target.ts";
import { runLoad } from "./load.ts";

const MIX = { getKeepAlive: 2, getNew: 1, postBody: 1 };

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a healthy target: all sent on schedule, all good, streams without a cut", async () => {
  const url = await listen(createTarget({ release: "r1" }));
  const report = await runLoad({ url, rate: 100, durationMs: 2_000, mix: MIX, sse: "/events", websocket: "/ws" });
  expect(report).toMatchObject({
    failed: 0,
    failures: [],
    ok: report.sent,
    sse: { cuts: 0 },
    ws: { cuts: 0 },
    releases: { "-": report.sent },
  });
  expect(report.sent).toBeGreaterThan(150);
  expect(report.sent).toBeLessThanOrEqual(201);
  expect(report.sse.events).toBeGreaterThan(5);
  expect(report.ws.events).toBeGreaterThan(5);
  expect(report.p50).toBeGreaterThan(0);
});

test("the loop is open: slow answers do not hold back the next requests", async () => {
  const url = await listen(createTarget({ release: "r1" }));
  const report = await runLoad({ url, rate: 100, durationMs: 1_000, paths: { get: "/slow?ms=3000" } });
  expect(report.sent).toBeGreaterThan(80);
  expect(report).toMatchObject({ failed: 0 });
  expect(report.p50).toBeGreaterThan(2_900);
});

test("bad status, wrong body, reset, late and refused are failures with a reason; the first 20 are kept", async () => {
  const server = createTarget({ release: "r1" });
  const url = await listen(server);
  const load = (paths: { get?: string; post?: string }, more: object = {}) =>
    runLoad({ url, rate: 100, durationMs: 500, paths, ...more });
  const first = async (report: ReturnType<typeof load>) => (await report).failures[0]?.reason;
  const bad = await load({ get: "/status/500" });
  expect(bad).toMatchObject({ ok: 0, failed: bad.sent });
  expect(bad.failures).toHaveLength(20);
  expect(bad.failures[0]?.reason).toContain("status 500");
  expect(await first(load({ post: "/" }, { mix: { postBody: 1 } }))).toContain("wrong body");
  expect(await first(load({ get: "/slow?ms=60000" }, { timeoutMs: 200 }))).toContain("no answer within 200 ms");
  expect(await first(load({}, { check: () => "not what was wanted" }))).toBe("not what was wanted");
  server.close();
  server.closeAllConnections();
  expect(await first(load({}))).toContain("ECONNREFUSED");
});

test("streams that end early are counted and begun anew", async () => {
  const server = createTarget({ release: "r1" });
  const url = await listen(server);
  const end = new AbortController();
  const load = runLoad({ url, rate: 1, signal: end.signal, sse: "/events", websocket: "/ws" });
  await new Promise((done) => setTimeout(done, 1_000));
  server.closeAllConnections();
  await new Promise((done) => setTimeout(done, 1_500));
  end.abort();
  const report = await load;
  expect(report.sse.cuts).toBe(1);
  expect(report.sse.events).toBeGreaterThan(5);
});
