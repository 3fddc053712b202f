import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { runLoad } from "../../../bench/load.ts";
import { until } from "../../lab/until.ts";

const SERVER = fileURLToPath(new URL("server.mjs", import.meta.url));

async function start(env: Record<string, string> = {}): Promise<{ url: string; child: ChildProcess }> {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const address = free.address();
  const port = String(typeof address === "object" ? address?.port : 0);
  free.close();
  await once(free, "close");
  const child = spawn(process.execPath, [SERVER], { env: { PORT: port, RELEASE: "r1", ...env }, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  await until("the application", () => fetch(`${url}/version`, { headers: { connection: "close" } }));
  return { url, child };
}

test("it serves every kind of traffic of the load generator and names its release", async () => {
  const { url } = await start();
  const report = await runLoad({
    url,
    rate: 100,
    durationMs: 1_500,
    mix: { getKeepAlive: 1, getNew: 1, postBody: 1 },
    sse: "/events",
    websocket: "/ws",
    releaseHeader: "x-release",
  });
  expect(report).toMatchObject({ failures: [], sse: { cuts: 0 }, ws: { cuts: 0 }, releases: { r1: report.sent } });
  expect(report.sse.events).toBeGreaterThan(3);
  expect(report.ws.events).toBeGreaterThan(3);
  const upload = await fetch(`${url}/upload`, { method: "POST", body: "abc" });
  expect(await upload.json()).toMatchObject({ sha256: expect.stringMatching(/^ba7816bf/) });
});

test("SIGTERM: the running request is answered, then it ends with 0", async () => {
  const { url, child } = await start();
  const slow = fetch(`${url}/slow?ms=1500`);
  const ended = once(child, "exit");
  await new Promise((done) => setTimeout(done, 500));
  child.kill("SIGTERM");
  expect((await slow).status).toBe(200);
  expect(await ended).toEqual([0, null]);
});

test("faults: errors, sickness and a crash come as asked for", async () => {
  const { url, child } = await start({ ERROR_RATE: "1", UNHEALTHY_AFTER: "1", CRASH_AFTER: "4" });
  const ended = once(child, "exit");
  expect((await fetch(url)).status).toBe(500);
  await until("sickness", async () => (await fetch(`${url}/health`)).status === 503);
  expect(await ended).toEqual([7, null]);
});
