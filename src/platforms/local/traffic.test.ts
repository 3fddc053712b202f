import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processesOf } from "../../../test/lab/processes.ts";
import { freePort } from "./ports.ts";
import { route } from "./router/testing.ts";
import { createTraffic, type LocalTraffic } from "./traffic.ts";

const context = { signal: AbortSignal.timeout(60_000) };
const target = (service: string) => ({ app: "shop", environment: "local", service });
const wanted = (...ports: number[]) => ({
  stable: ports.map((port) => ({ id: `u${port}`, port, release: "r1", weight: 100, drain: false })),
  candidate: [],
  share: 0,
  until: null,
  hold: null,
});

let stateDir: string;
let open: LocalTraffic[];
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "stationmaster-traffic-"));
  open = [];
});
afterEach(async () => {
  for (const traffic of open) await traffic.stopRouter();
  rmSync(stateDir, { recursive: true, force: true });
});

function traffic(): LocalTraffic {
  const made = createTraffic({ stateDir, socket: join(stateDir, "s") });
  open.push(made);
  return made;
}

test("a look starts no router: it tells what was saved", async () => {
  const { read } = traffic();
  expect(await read(target("web"), context)).toBeUndefined();
  const saved = route([{ id: "u1", host: "127.0.0.1", port: 1, role: "stable", release: "r1" }], {
    listen: { port: 20_001 },
  });
  writeFileSync(join(stateDir, "router.json"), JSON.stringify({ version: 1, routes: { "shop:local:web": saved } }));
  expect(await read(target("web"), context)).toMatchObject({
    url: "http://127.0.0.1:20001",
    stable: [{ id: "u1" }],
    figures: {},
  });
  expect(processesOf(stateDir)).toEqual([]);
  expect(existsSync(join(stateDir, "router.log"))).toBe(false);
});

test("once it is being stopped nothing starts it again, also what had begun before", async () => {
  const local = traffic();
  const starting = local.ensure();
  const stopped = local.stopRouter();
  await expect(local.ensure()).rejects.toMatchObject({ code: "SM-ROUTER-STOPPING" });
  await expect(local.apply(target("web"), wanted(), context)).rejects.toMatchObject({ code: "SM-ROUTER-STOPPING" });
  expect(await starting).toBe("started");
  await stopped;
  expect(await local.pid()).toBeNull();
  expect(processesOf(stateDir)).toEqual([]);
});

const portOf = (url: string) => Number(new URL(url).port);

test("a fixed port goes from the renamed service to the new one when that has users, not before", async () => {
  const { apply, read } = traffic();
  const { url } = await apply(target("web"), wanted(1), context);
  const port = portOf(url);
  const waiting = await apply(target("site"), { ...wanted(), port }, context);
  expect(waiting).toMatchObject({ url });
  expect(waiting.listensAt).not.toBe(url);
  // Who looks or restarts meanwhile moves nothing.
  expect(await apply(target("site"), wanted(), context)).toMatchObject({ listensAt: waiting.listensAt });
  expect(await read(target("site"), context)).toMatchObject({ url, listensAt: waiting.listensAt });
  expect(await read(target("web"), context)).toMatchObject({ url });
  expect(await apply(target("site"), { ...wanted(2), port }, context)).toMatchObject({ url, listensAt: url });
  expect(await read(target("web"), context)).toMatchObject({ url: waiting.listensAt, stable: [{ id: "u1" }] });
  const elsewhere = { ...target("web"), environment: "staging" };
  await expect(apply(elsewhere, { ...wanted(3), port }, context)).rejects.toMatchObject({
    code: "SM-PORT-TAKEN",
    message: expect.stringContaining("the service site"),
  });
});

test("an address moves with the rollout that says so, and is found again without the router's memory", async () => {
  const { apply, remove } = traffic();
  const first = portOf((await apply(target("web"), wanted(1), context)).url);
  const chosen = await freePort(new Set([first]));
  const moved = async (port?: number | null) =>
    portOf((await apply(target("web"), { ...wanted(1), port }, context)).url);
  expect(await moved(chosen)).toBe(chosen);
  expect(await moved()).toBe(chosen);
  await remove(target("web"), context);
  expect(await moved()).toBe(chosen);
  expect(await moved(null)).toBe(chosen);
  expect(await moved(first)).toBe(first);
});

test("a chosen port that another program took is waited for; any other is replaced", async () => {
  const { apply, remove } = traffic();
  const port = await freePort(new Set());
  await apply(target("web"), { ...wanted(1), port }, context);
  await remove(target("web"), context);
  const squatter = createServer().listen(port, "127.0.0.1");
  await once(squatter, "listening");
  try {
    await expect(apply(target("web"), wanted(1), context)).rejects.toMatchObject({ code: "SM-PORT-TAKEN" });
    expect((await apply(target("web"), { ...wanted(1), port: null }, context)).url).not.toContain(`:${port}`);
  } finally {
    squatter.close();
  }
});
