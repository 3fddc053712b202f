import { connect } from "node:net";
import { expect, test } from "vitest";
import { runLoad } from "../../../../bench/load.ts";
import { until } from "../../../../test/lab/until.ts";
import { context, hasHaproxy, stage, unit } from "./testing.ts";

const haproxy = test.skipIf(!hasHaproxy);

haproxy("recreate: requests wait while the old unit stops and the new one starts on its port", async () => {
  const { url, set, proxy, figures } = await stage();
  const one = await unit("one");
  await set({ stable: [one.member], health: { path: "/health" } });
  const end = new AbortController();
  const load = runLoad({ url, rate: 100, signal: end.signal, mix: { getKeepAlive: 2, getNew: 1, postBody: 1 } });
  const health = { path: "/health" };
  const hold = Date.now() + 20_000;
  await set({ stable: [{ ...one.member, drain: true }], hold, health });
  await until("the old unit is idle", async () => ((await figures("one"))?.inflight ?? 0) === 0);
  await one.stop();
  // A reload in the middle: those who wait in the old worker are to find the new unit as well.
  await proxy.upgrade(context());
  const answered = await fetch(`${url}/health`);
  expect([answered.status, await answered.text()]).toEqual([200, "held"]);
  const two = await unit("two", one.member.port);
  await set({ candidate: [two.member], share: 100, health });
  await set({ stable: [two.member], health });
  await new Promise((done) => setTimeout(done, 300));
  end.abort();
  const { failed, failures, releases } = await load;
  expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
  expect(Object.keys(releases).sort()).toEqual(["release of one", "release of two"]);
});

haproxy("a hold ends by itself with 503, also for one who left and one who came late", async () => {
  const { url, set, port } = await stage();
  const hold = Date.now() + 2_500;
  await set({ hold });
  const left = connect(port, "127.0.0.1", () => left.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
  setTimeout(() => left.destroy(), 300);
  const waiting = await fetch(url);
  expect([waiting.status, waiting.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(Date.now()).toBeGreaterThan(hold - 1_000);
  expect((await fetch(url)).status).toBe(503);
});
