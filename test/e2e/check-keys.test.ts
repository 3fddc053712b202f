import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Check } from "../../src/contract/check.ts";
import type { IncidentSummary } from "../../src/contract/incident.ts";
import type { Command } from "../lab/command.ts";
import { type Lab, openLab, service } from "../lab/lab.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: Lab;
let target: Server;
let daemon: Command;
let status = 200;

beforeAll(async () => {
  target = createServer((_, response) => response.writeHead(status).end()).listen(0, "127.0.0.1");
  await once(target, "listening");
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
  const checks = {
    ledger: { url, every: "1s", impact: "data" },
    plain: { url, every: "1s" },
    disks: { url, every: "1s" },
  };
  // Windows that overlap, so that one is always open.
  const maintenance = { disks: { cron: "* * * * *", duration: "2m", check: "disks" } };
  lab = await openLab({ services: { app: service() }, manifest: { checks, maintenance } });
  daemon = lab.start(["up", "--port", "0"], { deadlineMs: 10 * 60_000 });
  await until("it is ready", () => daemon.said().includes("ready: "), 90_000);
});
afterAll(async () => {
  await lab.close();
  target.closeAllConnections();
  target.close();
});

async function checkOf(name: string): Promise<Check> {
  return JSON.parse((await lab.run(["checks", name, "--json"])).stdout).check;
}

const incidents = async (): Promise<IncidentSummary[]> =>
  JSON.parse((await lab.run(["incidents", "--all", "--json"])).stdout).incidents;

const about = (name: string) => (item: IncidentSummary) => item.service === name;

test("`impact: data` makes SEV1 of what is SEV2 otherwise; in `maintenance` nothing opens and runs count on neither side", async () => {
  await until("all are up", async () => {
    const names = ["ledger", "plain", "disks"];
    return (await Promise.all(names.map(checkOf))).every(({ verdict }) => verdict === "UP");
  });
  status = 500;
  await until("all are down", async () => {
    const names = ["ledger", "plain", "disks"];
    return (await Promise.all(names.map(checkOf))).every(({ verdict }) => verdict === "DOWN");
  });
  const opened = await until("both incidents", async () => {
    const all = await incidents();
    return all.some(about("ledger")) && all.some(about("plain")) && all;
  });
  expect(opened.find(about("ledger"))?.severity).toBe("SEV1");
  expect(opened.find(about("plain"))?.severity).toBe("SEV2");
  expect(opened.filter(about("disks"))).toEqual([]);
  expect((await checkOf("disks")).uptime24h).toBeNull();
  expect((await checkOf("plain")).uptime24h).toBeLessThan(1);
});
