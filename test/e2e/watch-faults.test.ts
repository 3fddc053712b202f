import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Check } from "../../src/contract/check.ts";
import { daemonUrl, startDaemon } from "../lab/daemon.ts";
import { type Lab, openLab } from "../lab/lab.ts";
import { type Night, nightService, openNight } from "../lab/night.ts";
import { type Outside, openOutside } from "../lab/outside.ts";
import { kill } from "../lab/processes.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const SECRET = "a-shared-secret";
const LARGE = 10 * 1024 * 1024;

let lab: Lab;
let night: Night;
let outside: Outside;

/** Answers that never come to an end; until `isNasty` all is well. */
let isNasty = false;
const nasty = createServer(async (request, response) => {
  if (request.method === "POST") return request.url === "/refuses" ? response.writeHead(400).end() : undefined;
  if (!isNasty) return response.end("fine");
  if (request.url === "/loop") return response.writeHead(302, { location: "/loop" }).end();
  response.writeHead(200);
  const parts = request.url === "/drip" ? endless("x", 100) : endless(Buffer.alloc(64 * 1024, "x"), 0);
  // It ends with the patience of who asked.
  await pipeline(parts, response).catch(() => {});
});

async function* endless(part: string | Buffer, everyMs: number) {
  for (;;) {
    yield part;
    await delay(everyMs);
  }
}

beforeAll(async () => {
  outside = await openOutside();
  nasty.listen(0, "127.0.0.1");
  await once(nasty, "listening");
  const url = `http://127.0.0.1:${(nasty.address() as AddressInfo).port}`;
  const critical = { every: "1s", critical: true };
  lab = await openLab({
    store: "embedded",
    services: { app: nightService("app") },
    manifest: {
      checks: {
        well: { url: outside.target("well"), ...critical },
        shaky: { url: outside.target("shaky"), ...critical },
        paged: { url: outside.target("paged"), ...critical },
        drip: { url: `${url}/drip`, every: "2s" },
        endless: { url: `${url}/endless`, every: "2s", expect: { body: "the end" } },
        loop: { url: `${url}/loop`, every: "2s" },
        job: { heartbeat: { period: "1h", grace: "1h" }, every: "1s" },
      },
      notify: {
        hangs: { kind: "webhook", url: `${url}/hangs` },
        refuses: { kind: "webhook", url: `${url}/refuses` },
        next: { kind: "webhook", url: outside.hook("next") },
        works: { kind: "webhook", url: outside.hook("works") },
        pager: { kind: "pagerduty", key: "k", url: `${url}/hangs`, webhook_secret: SECRET },
      },
      escalate: {
        SEV1: { levels: [{ to: ["hangs", "works", "refuses"] }, { to: ["next"], after: "1h" }] },
        SEV2: [],
      },
      alertmanager: { receive: { secret: SECRET } },
    },
  });
  night = openNight(lab);
  await startDaemon(lab);
});
afterAll(async () => {
  await lab.close();
  outside.close();
  nasty.closeAllConnections();
  nasty.close();
});

const checks = async () => (await night.read<{ checks: Check[] }>("/api/checks")).checks;
const check = async (name: string) => (await checks()).find(({ id }) => id === `local/check/${name}`);
const toldOf = (channel: string, name: string) =>
  outside.told(channel).filter(({ incident }) => incident.failedChecks.includes(`local/check/${name}`));

/** The store's processes: its server and those that it started. */
function storeProcesses(): number[] {
  const server = lab.processes().find(({ command }) => command.includes("bin/postgres"))?.pid ?? 0;
  const children = readFileSync(`/proc/${server}/task/${server}/children`, "utf8").trim().split(" ").map(Number);
  return [server, ...children].filter((pid) => pid > 0);
}

test("a receiver that hangs holds up nobody, and one that refuses a page hands it to the next at once", async () => {
  await until("all is well", async () => (await check("paged"))?.verdict === "UP");
  outside.failing.set("paged", 500);
  const opened = await until("an incident", async () =>
    (await night.incidents()).find(({ symptom, service }) => `${service} ${symptom}`.includes("paged")),
  );
  const openedAt = Date.parse(opened.openedAt);
  for (const channel of ["works", "next"]) {
    const message = await until(channel, () => outside.told(channel, opened.id)[0]);
    expect(message.kind).toBe("opened");
    expect(Date.now() - openedAt).toBeLessThan(15_000);
  }
  outside.failing.delete("paged");
  await until("its recovery", () => toldOf("works", "paged").some(({ kind }) => kind === "recovering"));
  const { notifications } = await night.incident(opened.id);
  expect(notifications.find(({ channel }) => channel === "refuses")).toMatchObject({ state: "dead" });
  expect(notifications.find(({ channel }) => channel === "hangs")).toMatchObject({ state: "pending" });
});

test.each([5, 20])(
  "the store stands still for %i s: nothing is called down, nobody is paged, no uptime is lost",
  async (seconds) => {
    await until("all is well", async () => (await check("shaky"))?.verdict === "UP");
    const pids = storeProcesses();
    expect(pids.length).toBeGreaterThan(3);
    try {
      for (const pid of pids) kill(pid, "SIGSTOP");
      // Nobody can tell whether it is the target that fails while our own store does.
      outside.failing.set("shaky", 500);
      await delay(seconds * 1_000);
    } finally {
      outside.failing.delete("shaky");
      await delay(1_500);
      for (const pid of pids) kill(pid, "SIGCONT");
    }
    await until("an answer", checks);
    await until("all is well again", async () => (await check("shaky"))?.verdict === "UP");
    for (const name of ["well", "shaky"]) {
      expect((await check(name))?.uptime24h, name).toBe(1);
      expect(toldOf("works", name), name).toEqual([]);
    }
    const incidents = await night.incidents();
    expect(incidents.filter(({ symptom, service }) => /well|shaky|app/.test(`${service} ${symptom}`))).toEqual([]);
    expect(night.starts("app")).toBe(1);
  },
);

test("answers that come byte by byte, without an end or in a circle cost one run each, and no more", async () => {
  isNasty = true;
  for (const [name, why] of [
    ["drip", "read-timeout"],
    ["endless", "assertion"],
    ["loop", "assertion"],
  ] as const) {
    const found = await until(name, async () => {
      const now = await check(name);
      return now?.verdict === "DOWN" && now;
    });
    expect(found.lastResult, name).toMatchObject({ outcome: "fail", class: why });
    expect(found.lastResult?.durationMs, name).toBeLessThan(5_000);
  }
  expect((await check("well"))?.verdict).toBe("UP");
  isNasty = false;
});

/** The status of the answer; 0 where the server hung up on what was sent. */
async function send(path: string, init: RequestInit): Promise<number> {
  try {
    const response = await fetch(daemonUrl(lab) + path, { ...init, signal: AbortSignal.timeout(20_000) });
    const said = await response.text();
    expect(said, path).not.toContain(SECRET);
    if (response.status >= 400) expect(JSON.parse(said).error.code, path).toMatch(/^SM-/);
    return response.status;
  } catch (error) {
    if (error instanceof TypeError) return 0;
    throw error;
  }
}

test("garbage at the doors that anybody may knock at is refused, and the daemon goes on", async () => {
  const json = { "content-type": "application/json" };
  const bearer = { ...json, authorization: `Bearer ${SECRET}` };
  const large = "x".repeat(LARGE);
  const post = (path: string, headers: Record<string, string>, body: string) =>
    send(path, { method: "POST", headers, body });
  for (const path of ["/hooks/alertmanager", "/hooks/pager/pager"]) {
    expect(await post(path, { ...json, authorization: "Bearer wrong" }, "{}")).toBe(401);
    expect(await post(path, json, "{}")).toBe(401);
    expect([0, 401, 413]).toContain(await post(path, json, large));
  }
  expect(await post("/hooks/alertmanager", bearer, "{")).toBe(400);
  expect(await post("/hooks/alertmanager", bearer, `{"alerts":${"[".repeat(50_000)}`)).toBe(400);
  expect([0, 413]).toContain(await post("/hooks/alertmanager", bearer, large));
  expect(await post("/hooks/pager/pager", { ...json, "x-pagerduty-signature": "v1=00" }, "{")).toBe(401);
  expect(await post("/hooks/pager/nobody", json, "{}")).toBe(404);
  expect(await post("/hb/no-such-token", {}, "")).toBe(404);
  expect(await post(`/hb/${"a".repeat(5_000)}`, {}, "")).toBe(400);
  expect(await post("/hb/%00%ff/ok", {}, "")).toBe(400);
  expect([0, 404, 413]).toContain(await post("/hb/no-such-token", {}, large));
  const { port } = new URL(daemonUrl(lab));
  for (const noise of ["\u0000\u0001\r\n\r\n", "POST /hb/x HTTP/1.1\r\ncontent-length: 99\r\n\r\nhalf"]) {
    const socket = connect(Number(port), "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    socket.end(noise);
    await once(socket.resume(), "close");
  }
  const { heartbeat } = await night.ask<{ heartbeat: { url: string } }>("checks", "job");
  expect((await fetch(heartbeat.url, { method: "POST" })).status).toBe(200);
  await until("the job", async () => (await check("job"))?.verdict === "UP");
  expect((await night.incidents()).filter(({ service }) => service === "app")).toEqual([]);
});
