import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Incident } from "../../src/contract/incident.ts";
import { startDaemon } from "../lab/daemon.ts";
import { type Lab, openLab, service } from "../lab/lab.ts";
import { type Night, openNight } from "../lab/night.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 });

const APP = fileURLToPath(new URL("../lab/relief.mjs", import.meta.url));
const TOKEN = "t0ken-of-the-operators";

let lab: Lab;
let night: Night;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  const pingPort = await freePort();
  const relieved = (name: string, port: number) =>
    service({
      start: ["${NODE}", "relief.mjs"],
      health: { path: "/health", every: "1s", timeout: "1s" },
      exclude: ["stale-*", "asked-*"],
      env: { NAME: name, PING_PORT: String(port), TOKEN: "${secret:OPS_TOKEN}" },
    });
  const headers = { "x-token": "${secret:OPS_TOKEN}" };
  lab = await openLab({
    services: { pool: relieved("pool", pingPort), cache: relieved("cache", await freePort()) },
    manifest: {
      checks: {
        ping: { service: "pool", tcp: `127.0.0.1:${pingPort}`, send: "PING\n", expect: "PONG", every: "1s" },
        login: { service: "cache", steps: [{ get: "${service:cache}/login" }], every: "1s" },
      },
      remedies: {
        pool: { mode: "act", reconnect_pool: { path: "/ops/pool", headers } },
        cache: { mode: "act", drop_cache: { path: "/ops/cache", headers, everything: true } },
      },
    },
    command: { env: { OPS_TOKEN: TOKEN } },
  });
  cpSync(APP, join(lab.root, "relief.mjs"));
  night = openNight(lab);
  await startDaemon(lab);
});
afterAll(() => lab.close());

const spoil = (name: string) => writeFileSync(join(lab.root, `stale-${name}`), "");
const asked = (name: string) =>
  readFileSync(join(lab.root, `asked-${name}`), "utf8")
    .trim()
    .split("\n");

async function incidentOf(name: string, matches: (incident: Incident) => boolean): Promise<Incident> {
  return await until(`the incident of ${name}`, async () => {
    const found = (await night.incidents()).find((one) => one.service === name);
    const incident = found && (await night.incident(found.id));
    return incident !== undefined && matches(incident) && incident;
  });
}

test("dropped connections: the service makes them anew, and no process is restarted", async () => {
  spoil("pool");
  const { actions } = await incidentOf("pool", ({ state }) => state === "monitoring");
  expect(actions).toMatchObject([{ remedy: "reconnect-pool", outcome: "succeeded" }]);
  expect(asked("pool")).toEqual(["start", "POST /ops/pool"]);
});

test("what flushes more than the service waits for a person, also where healing acts by itself", async () => {
  spoil("cache");
  const { id } = await incidentOf("cache", ({ actions }) => actions.some(({ outcome }) => outcome === "proposed"));
  expect(asked("cache")).toEqual(["start"]);
  expect(JSON.stringify(await night.incident(id))).toContain("it reaches further than the service");
  await night.ask("approve", id);
  const { actions } = await incidentOf("cache", ({ state }) => state === "monitoring");
  expect(actions).toMatchObject([{ remedy: "drop-cache", outcome: "succeeded" }]);
  expect(asked("cache")).toEqual(["start", "DELETE /ops/cache"]);
});

test("its token is shown nowhere", async () => {
  const said = JSON.stringify([await night.incidents(), await night.read("/api/audit")]);
  expect(said).not.toContain(TOKEN);
});
