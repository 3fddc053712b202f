import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTarget } from "../../../../bench/load/target.ts";
import { runLoad } from "../../../../bench/load.ts";
import { createRouterClient, type LiveRoute, spawnRouter } from "./client.ts";
import type { RouteInput } from "./state.ts";
import { route, serve, target, targetProcess, temporaryFolder, until } from "./testing.ts";

const MIX = { getKeepAlive: 5, getNew: 2, postBody: 3 };

async function routerProcess() {
  const folder = await temporaryFolder();
  const socket = join(folder, "router.sock");
  const { pid } = await spawnRouter({
    stateFile: join(folder, "router.json"),
    socket,
    logFile: join(folder, "router.log"),
  });
  onTestFinished(() => void process.kill(pid, "SIGKILL"));
  const client = createRouterClient({ socket });
  const put = (wanted: RouteInput) => client.putRoute("web", wanted);
  const figures = async (id: string) => (await client.state()).routes.web?.figures.find((one) => one.id === id);
  return { client, put, figures };
}

function address(seen: LiveRoute): string {
  return `http://127.0.0.1:${seen.listen.port}`;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await ended;
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

test("releases follow one another under open-loop load: no request fails, each old process is stopped at 0 in flight", async () => {
  const { client, put, figures } = await routerProcess();
  let stable = { id: "u0", ...(await targetProcess("r0")) };
  const spec = (unit: typeof stable, more: object = {}) =>
    target(unit.port, { id: unit.id, release: unit.id.replace("u", "r"), ...more });
  const url = address(await put(route([spec(stable)])));
  const done = new AbortController();
  const load = runLoad({
    url,
    rate: 200,
    signal: done.signal,
    mix: MIX,
    sse: "/events",
    websocket: "/ws",
    timeoutMs: 30_000,
  });

  const ROUNDS = 4;
  for (let round = 1; round <= ROUNDS; round++) {
    const next = { id: `u${round}`, ...(await targetProcess(`r${round}`)) };
    const salt = `round ${round}`;
    await until("both streams run on the stable one", async () => (await figures(stable.id))?.streams === 2);
    for (const share of [10, 50, 100]) {
      await put(route([spec(stable), spec(next, { role: "candidate" })], { share, salt, until: Date.now() + 60_000 }));
      await pause(250);
    }
    await put(route([spec(stable, { drain: true }), spec(next)], { salt }));
    await until("only streams are left", async () => {
      const old = await figures(stable.id);
      return old !== undefined && old.inflight === old.streams;
    });
    // Streams have had their time; they begin anew on the next release.
    expect(await client.cut("web", stable.id)).toBe(2);
    await until("0 in flight", async () => (await figures(stable.id))?.inflight === 0);
    await put(route([spec(next)], { salt }));
    await stop(stable.child);
    stable = next;
  }
  await pause(300);
  done.abort();
  const report = await load;
  expect(report.failures).toEqual([]);
  expect(report).toMatchObject({ failed: 0, ok: report.sent, sse: { cuts: ROUNDS }, ws: { cuts: ROUNDS } });
  expect(report.sent).toBeGreaterThan(500);
  expect(Object.keys(report.releases).sort()).toEqual(["r0", "r1", "r2", "r3", "r4"]);
  expect(report.sse.events).toBeGreaterThan(10);
  expect(report.ws.events).toBeGreaterThan(10);
});

test("hundreds of swaps a second between two targets that close idle connections at once: no request fails", async () => {
  const { put } = await routerProcess();
  const [one, two] = [
    await serve(createTarget({ release: "a", idleMs: 0 })),
    await serve(createTarget({ release: "b", idleMs: 1 })),
  ];
  const sides = [route([target(one.port, { release: "a" })]), route([target(two.port, { release: "b" })])];
  const url = address(await put(sides[0] as RouteInput));
  let over = false;
  const load = runLoad({ url, rate: 200, durationMs: 4_000, mix: MIX, timeoutMs: 30_000 }).finally(() => {
    over = true;
  });
  for (let round = 1; !over; round++) await put(sides[round % 2] as RouteInput);
  const report = await load;
  expect(report.failures).toEqual([]);
  expect(report.ok).toBe(report.sent);
  expect(Object.keys(report.releases).sort()).toEqual(["a", "b"]);
});

test("stop-first: held while the only process is replaced on the same port; late, but no request fails", async () => {
  const { put, figures } = await routerProcess();
  const old = await targetProcess("r1");
  const only = target(old.port, { id: "only" });
  const url = address(await put(route([only])));
  const load = runLoad({ url, rate: 150, durationMs: 5_000, mix: MIX, timeoutMs: 30_000 });
  await pause(500);
  await put(route([{ ...only, drain: true }], { hold: { until: Date.now() + 30_000 } }));
  await until("0 in flight", async () => (await figures("only"))?.inflight === 0);
  await stop(old.child);
  await targetProcess("r2", old.port);
  await put(route([{ ...only, release: "r2" }]));
  const report = await load;
  expect(report.failures).toEqual([]);
  expect(report.ok).toBe(report.sent);
  expect(Object.keys(report.releases).sort()).toEqual(["r1", "r2"]);
});

test("one of two targets is killed with -9: reads go on without a failure, at most writes under way in it are lost", async () => {
  const { put } = await routerProcess();
  const [doomed, healthy] = [await targetProcess("doomed"), await targetProcess("healthy")];
  const url = address(
    await put(route([target(doomed.port, { release: "doomed" }), target(healthy.port, { release: "healthy" })])),
  );
  const load = runLoad({ url, rate: 200, durationMs: 4_000, mix: MIX, timeoutMs: 30_000 });
  await pause(1_500);
  doomed.child.kill("SIGKILL");
  const report = await load;
  expect(report.failures.filter(({ kind }) => kind !== "postBody")).toEqual([]);
  // A write that was with the process as it died may have been carried out: sending it twice would be worse.
  expect(report.failed).toBeLessThan(10);
  expect(report.releases).toMatchObject({ doomed: expect.any(Number), healthy: expect.any(Number) });
});
