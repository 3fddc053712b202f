import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer as createTcp, type Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createServer as createTls } from "node:tls";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { HealingPlan } from "../../src/contract/healing.ts";
import type { Heartbeat } from "../../src/contract/heartbeat.ts";
import type { Incident, IncidentSummary } from "../../src/contract/incident.ts";
import type { SilenceAnswer } from "../../src/contract/silence.ts";
import { type Authority, createAuthority, missingOpenssl } from "../../src/watch/probes/tls/testing.ts";
import { readDaemon, startDaemon } from "../lab/daemon.ts";
import { type Lab, openLab } from "../lab/lab.ts";
import { type Night, nightService, openNight } from "../lab/night.ts";
import { type Outside, openOutside } from "../lab/outside.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const PROMTOOL = "/usr/bin/promtool";
const CERT_HOST = "shop.example.com";
/** When the second level is called. */
const SECOND_MS = 10_000;

let lab: Lab;
let night: Night;
let outside: Outside;
let authority: Authority | undefined;
let port: Server;
/** The incident that healing mended. */
let mended: IncidentSummary;
/** The one that it could not. */
let lost: Incident;
const servers: Server[] = [];

async function listen(server: Server, at = 0): Promise<number> {
  servers.push(server);
  server.listen(at, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function certCheck() {
  if (missingOpenssl) return console.log(`the certificate of a night: skipped, ${missingOpenssl}`);
  authority = createAuthority();
  const tls = await listen(createTls(authority.issue({ host: CERT_HOST, days: 5 })));
  return { cert: { tls: `127.0.0.1:${tls}`, servername: CERT_HOST, ca: authority.ca, every: "1s" } };
}

beforeAll(async () => {
  outside = await openOutside();
  port = createTcp((socket) => socket.end());
  const services = { api: nightService("api"), jobs: nightService("jobs", { needs: "api" }) };
  lab = await openLab({
    services,
    manifest: {
      checks: {
        work: { service: "jobs", url: "${service:jobs}/work", every: "1s", depends_on: ["api"] },
        port: { tcp: `127.0.0.1:${await listen(port)}`, every: "1s", critical: true },
        backup: { heartbeat: { period: "1h", grace: "1h" }, every: "1s" },
        ...(await certCheck()),
      },
      remedies: { jobs: { mode: "propose" } },
      notify: {
        first: { kind: "webhook", url: outside.hook("first") },
        second: { kind: "webhook", url: outside.hook("second") },
      },
      escalate: { SEV1: { levels: [{ to: ["first"] }, { to: ["second"], after: `${SECOND_MS}ms` }] }, SEV2: ["first"] },
      status_page: { services: { api: "Shop" } },
    },
  });
  night = openNight(lab);
  await startDaemon(lab);
});
afterAll(async () => {
  await lab.close();
  outside.close();
  for (const server of servers) server.close();
  authority?.remove();
});

const about = async (what: string, symptom = "") =>
  (await night.incidents()).find((item) => item.service === what && item.symptom.includes(symptom));
const kinds = (channel: string, { id }: { id: string }) => outside.told(channel, id).map(({ kind }) => kind);
const told = (channel: string, incident: IncidentSummary, kind: string) =>
  until(`${kind} at ${channel}`, () => kinds(channel, incident).includes(kind as never), 60_000);
const inState = (id: string, state: string) =>
  until(
    `${id} ${state}`,
    async () => {
      const incident = await night.incident(id);
      return incident.state === state && incident;
    },
    90_000,
  );

test("a service is killed: one page, one restart, and what needs it stays quiet", async () => {
  night.signal("hold", "api");
  const killedAt = Date.now();
  await night.killService("api");
  mended = await until("an incident", () => about("api"));
  await told("first", mended, "opened");
  expect(Date.now() - killedAt).toBeLessThan(15_000);
  expect(mended).toMatchObject({ severity: "SEV1" });
  await until("the check of what needs it", async () => (await night.verdictOf("local/check/work")) === "DOWN");
  night.calm("hold", "api");
  const after = await inState(mended.id, "monitoring");
  expect(after.actions).toMatchObject([{ remedy: "restart", outcome: "succeeded" }]);
  expect(night.starts("api")).toBe(2);
  await until("what needs it is well", async () => (await night.verdictOf("local/check/work")) === "UP");
  expect(await about("jobs")).toBeUndefined();
});

test("a plan is proposed, approved, and fails: two restarts, a person, and never a third", async () => {
  await night.killService("jobs");
  const { id } = await until("an incident", () => about("jobs"));
  await until("a proposal", async () =>
    (await night.incident(id)).actions.some(({ outcome }) => outcome === "proposed"),
  );
  const plan = await night.ask<HealingPlan>("heal", id, "--plan");
  expect(plan).toMatchObject({ mode: "propose", phase: "proposed", next: { remedy: "restart", step: 2 }, veto: null });
  expect(plan.left.restarts).toBe(2);
  expect((await lab.run(["heal", id, "--plan"])).stdout).toContain(plan.next?.name);
  expect(night.starts("jobs")).toBe(1);

  night.signal("die", "jobs");
  expect(await night.ask<Incident>("approve", id)).toMatchObject({ id });
  lost = await until(
    "a person is called",
    async () => {
      const now = await night.incident(id);
      return now.escalated && now;
    },
    90_000,
  );
  expect(lost.actions.filter(({ remedy }) => remedy === "restart").map(({ outcome }) => outcome)).toEqual([
    "failed",
    "failed",
  ]);
  expect(lost).toMatchObject({ restartsLeft: 0, severity: "SEV1" });
  expect(night.starts("jobs")).toBe(3);
  await told("first", lost, "escalated");
  expect(kinds("first", lost)).toEqual(["opened", "proposal", "escalated"]);
});

test("a silence: nothing opens; at its end it does; who takes it is not reminded but hears that it gets worse", async () => {
  const { silence } = await night.ask<SilenceAnswer>("silence", "check=port", "--for", "1h", "--reason", "a new cable");
  const { port: number } = port.address() as AddressInfo;
  port.close();
  await until("its check", async () => (await night.verdictOf("local/check/port")) === "DOWN");
  await delay(1_000);
  expect(await about("check/port")).toBeUndefined();
  expect(outside.told("first").filter(({ incident }) => incident.failedChecks.includes("local/check/port"))).toEqual(
    [],
  );

  await night.ask("silence", "end", silence.id);
  const incident = await until("it opens", async () =>
    (await night.incidents()).find(({ symptom, service }) => `${service} ${symptom}`.includes("port")),
  );
  await told("first", incident, "opened");
  const taken = await night.ask<Incident>("ack", incident.id, "--note", "on it");
  expect(taken).toMatchObject({ acknowledged: true, acknowledgement: { note: "on it" } });
  const takenAt = Date.now();
  await night.ask("incidents", "severity", incident.id, "SEV2", "--note", "only the printer");
  await night.ask("incidents", "severity", incident.id, "SEV1", "--note", "no, the till");
  await until("both changes", () => kinds("first", incident).filter((kind) => kind === "severity").length === 2);
  await delay(Math.max(0, takenAt + SECOND_MS + 5_000 - Date.now()));
  expect(kinds("second", incident)).toEqual([]);
  // Nobody took the other one.
  expect(kinds("second", lost)).toEqual(["escalated"]);
  await listen(port, number);
  await inState(incident.id, "monitoring");
  await told("first", incident, "recovering");
  expect(kinds("first", incident)).toEqual(["opened", "acknowledged", "severity", "severity", "recovering"]);
});

test("a person's restart mends what the machine gave up, and it never tried a third time", async () => {
  expect(night.starts("jobs")).toBe(3);
  night.calm("die", "jobs");
  expect((await lab.run(["restart", "jobs", "--yes"])).code).toBe(0);
  await inState(lost.id, "monitoring");
  expect(night.starts("jobs")).toBe(4);
});

test("a job that fails and mends itself, and a certificate that ends soon, wake nobody", async () => {
  const { heartbeat } = await night.ask<{ heartbeat: Heartbeat }>("checks", "backup");
  const call = async (what: string) => (await fetch(`${heartbeat.url}${what}`, { method: "POST" })).status;
  expect(await call("")).toBe(200);
  await until("it is well", async () => (await night.verdictOf("local/check/backup")) === "UP");
  expect(await call("/fail")).toBe(200);
  const failed = await until("an incident", async () =>
    (await night.incidents()).find(({ symptom, service }) => `${service} ${symptom}`.includes("backup")),
  );
  expect(failed).toMatchObject({ severity: "SEV2" });
  expect(await call("/ok")).toBe(200);
  await inState(failed.id, "monitoring");
  expect(kinds("first", failed)).toEqual([]);
  if (!authority) return;
  const cert = (await night.incidents()).find(({ symptom }) => symptom.includes("certificate"));
  expect(cert).toMatchObject({ severity: "SEV3", state: "open" });
  expect(cert && kinds("first", cert)).toEqual([]);
});

test("the first one is resolved, each event told once and in order", async () => {
  await inState(mended.id, "resolved");
  await told("first", mended, "resolved");
  expect(kinds("first", mended)).toEqual(["opened", "recovering", "resolved"]);
  const events = outside.told("first", mended.id).map(({ event }) => event);
  expect(events).toEqual([...new Set(events)].toSorted((a, b) => a - b));
  expect(night.starts("api")).toBe(2);
});

test("every door tells of the night", async () => {
  for (const args of [
    ["status"],
    ["checks"],
    ["slo"],
    ["incidents", "--all"],
    ["heal", "--figures"],
    ["notify", "list"],
    ["silence", "list"],
    ["audit", "list"],
    ["audit", "verify"],
    ["doctor"],
  ])
    expect(await night.ask(...args), args.join(" ")).toBeTypeOf("object");
  const page = JSON.parse(await readDaemon(lab, "/status.json"));
  expect(page.services).toMatchObject([{ name: "Shop", state: "operational" }]);
  expect(page.incidents).not.toEqual([]);
  expect(await readDaemon(lab, "/status")).toContain("Shop");

  const metrics = await readDaemon(lab, "/metrics");
  for (const line of [
    /^stationmaster_heal_restarts_left\{.*service="jobs".*\} 0$/m,
    /^stationmaster_heal_actions_total\{step="restart",outcome="failed"\} 2$/m,
    /^stationmaster_notifications_total\{.*channel="first".*outcome="delivered".*\} \d+$/m,
    /^stationmaster_incident_detect_seconds_count.* [1-9]\d*$/m,
    ...(authority ? [/^stationmaster_cert_expiry_timestamp_seconds\{.*check="local\/check\/cert".*\} \d/m] : []),
  ])
    expect(metrics).toMatch(line);
  if (!existsSync(PROMTOOL)) return console.log("promtool is not installed: the metrics were not checked by it");
  const checked = spawnSync(PROMTOOL, ["check", "metrics"], { input: metrics.replace(/^.*nodejs_.*\n/gm, "") });
  expect(checked.stderr.toString()).not.toContain("stationmaster_");
});
