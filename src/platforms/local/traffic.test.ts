import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processesOf } from "../../../test/lab/processes.ts";
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
let ports: Record<string, number>;
let open: LocalTraffic[];
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "stationmaster-traffic-"));
  ports = {};
  open = [];
});
afterEach(async () => {
  for (const traffic of open) await traffic.stopRouter();
  rmSync(stateDir, { recursive: true, force: true });
});

function traffic(): LocalTraffic {
  const made = createTraffic({ stateDir, socket: join(stateDir, "s"), wantedPort: (service) => ports[service] });
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

test("a fixed port goes from the renamed service to the new one when that has users, not before", async () => {
  const { apply, read } = traffic();
  const { url } = await apply(target("web"), wanted(1), context);
  ports = { site: Number(new URL(url).port) };
  const waiting = await apply(target("site"), wanted(), context);
  expect(waiting).toMatchObject({ url });
  expect(waiting.listensAt).not.toBe(url);
  expect(await read(target("site"), context)).toMatchObject({ url, listensAt: waiting.listensAt });
  expect(await read(target("web"), context)).toMatchObject({ url });
  expect(await apply(target("site"), wanted(2), context)).toMatchObject({ url, listensAt: url });
  expect(await read(target("web"), context)).toMatchObject({ url: waiting.listensAt, stable: [{ id: "u1" }] });
  ports = { site: ports.site ?? 0, web: ports.site ?? 0 };
  await expect(apply(target("web"), wanted(1), context)).rejects.toMatchObject({
    code: "SM-PORT-TAKEN",
    message: expect.stringContaining("the service site"),
  });
});
