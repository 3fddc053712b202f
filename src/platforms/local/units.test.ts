import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../../test/lab/until.ts";
import { inheritedEnvironment } from "./environment.ts";
import { tailLog } from "./logs.ts";
import { freePort } from "./ports.ts";
import { serviceFolder } from "./releases.ts";
import { released } from "./testing.ts";
import { createUnits } from "./units.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "stationmaster-units-"));
  mkdirSync(serviceFolder(state, "r1", "a"), { recursive: true });
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const labels = { rollout: "ro-1", generation: 1, role: "candidate" as const };

test("a service gets what is meant for it and no more", async () => {
  process.env.LAB_CANARY = "must not be inherited";
  const units = createUnits({ stateDir: state });
  const service = released({
    kind: "http",
    start: ["sh", "-c", 'env; echo "arg $0"; sleep 60', "${PORT}-${GIVEN}-${UNKNOWN}"],
  });
  const target = { app: "shop", environment: "local", service: "a" };
  const request = {
    id: "a-1",
    target,
    release: { name: "r1", services: { a: service } },
    environment: { GIVEN: "g" },
    labels,
  };
  const address = await units.start(request);
  const log = await until("its log", () => {
    const text = readFileSync(address.log ?? "", "utf8");
    return text.includes("arg ") && text;
  });
  delete process.env.LAB_CANARY;
  expect(log).not.toContain("must not be inherited");
  for (const line of [
    `PORT=${address.port}`,
    "RELEASE=r1",
    "SERVICE=a",
    "ENVIRONMENT=local",
    "GIVEN=g",
    `arg ${address.port}-g-\${UNKNOWN}`,
  ])
    expect(log.split("\n")).toContain(line);
  // A controller that only knows the id finds it again.
  expect(await createUnits({ stateDir: state }).observe({ id: "a-1", target, address: {} })).toMatchObject({
    alive: true,
    address: { pid: address.pid },
  });
  await units.stop({ id: "a-1", target, address: {} }, 5_000);
  expect((await units.observe({ id: "a-1", target, address })).alive).toBe(false);
});

test("a log that cannot be written is said, and a full one does not stop a start", async () => {
  const units = createUnits({ stateDir: state });
  const target = { app: "shop", environment: "local", service: "a" };
  const start = (id: string) =>
    units.start({
      id,
      target,
      release: { name: "r1", services: { a: released({ start: ["sh", "-c", "echo x; exec sleep 60"] }) } },
      environment: {},
      labels,
    });
  mkdirSync(join(state, "logs/a"), { recursive: true });
  symlinkSync("/dev/full", join(state, "logs/a/full.log"));
  const address = await start("full");
  expect((await units.observe({ id: "full", target, address })).alive).toBe(true);
  expect(await tailLog("full", join(state, "logs/a/full.log"), 10)).toEqual([]);
  await units.stop({ id: "full", target, address }, 1_000);
  mkdirSync(join(state, "logs/a/folder.log"));
  await expect(start("folder")).rejects.toMatchObject({ code: "SM-LOG-OPEN" });
  rmSync(join(state, "logs"), { recursive: true });
  writeFileSync(join(state, "logs"), "in the way");
  await expect(start("file")).rejects.toMatchObject({ code: "SM-LOG-OPEN" });
});

test("who looks often sees the CPU of the last second, not of the last instant", async () => {
  const units = createUnits({ stateDir: state });
  const target = { app: "shop", environment: "local", service: "a" };
  const services = { a: released({ start: ["${NODE}", "-e", "for (;;) {}"] }) };
  const address = await units.start({ id: "busy", target, release: { name: "r1", services }, environment: {}, labels });
  const unit = { id: "busy", target, address };
  const look = async () => (await units.usage([unit])).get("busy")?.cpuPercent ?? -1;
  expect(await look()).toBe(0);
  await until("a second", async () => (await look()) > 0);
  for (let i = 0; i < 5; i++) expect(await look()).toBeGreaterThan(0);
  await units.stop(unit, 5_000);
});

test("nothing of ours and no secret is in the inherited environment", () => {
  const given = {
    PATH: "/a:/b",
    HOME: "/h",
    DATABASE_URL: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    STATIONMASTER_TOKEN: "x",
    npm_config_x: "x",
    LANG: "C",
  };
  expect(inheritedEnvironment(given)).toEqual({ PATH: "/a:/b", HOME: "/h", LANG: "C" });
});

test("a free port is one that nobody has", async () => {
  const taken = new Set<number>();
  for (let i = 0; i < 20; i++) taken.add(await freePort(taken));
  expect(taken.size).toBe(20);
  const port = [...taken][0] ?? 0;
  const server = createServer().listen(port, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  expect(await freePort(new Set())).not.toBe(port);
  server.close();
});
