import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { until } from "../../test/lab/until.ts";
import { findProgram } from "../../test/labs/missing.ts";
import { AlertmanagerSchema } from "../config/alertmanager.ts";
import { systemClock } from "../core/clock.ts";
import { createRedactor, Secret } from "../core/redact.ts";
import { type Alerts, createAlerts } from "../incidents/alerts/alerts.ts";
import { createWorld, type World } from "../incidents/testing.ts";
import type { OpenIncident } from "../notify/alertmanager/decide.ts";
import { createAlertSender } from "../notify/alertmanager/sender.ts";
import { freePort } from "../platforms/local/ports.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse, HOOK_SECRET } from "./testing.ts";

const ALERTMANAGER = findProgram("prometheus-alertmanager");
if (!ALERTMANAGER) console.log("skipped: prometheus-alertmanager is not installed");

const settings = { services: ["api"], alertmanager: AlertmanagerSchema.parse({ receive: { secret: "-" } }) };
const Held = z.array(z.object({ labels: z.record(z.string(), z.string()), status: z.object({ state: z.string() }) }));

let store: TestStore;
let world: World;
let alerts: Alerts;
let server: RunningServer;
let process_: ChildProcess;
let folder: string;
let base: string;

beforeAll(async () => {
  if (!ALERTMANAGER) return;
  store = await openTestStore();
  world = await createWorld(store, { app: "real" });
  const { clock } = world;
  alerts = createAlerts({
    ...{ store, app: "real", environment: "staging", clock, redact: createRedactor(), settings: () => settings },
    handle: (event) => world.incidents.handle(event),
  });
  const { usecases } = createFakeHouse();
  const take: Alerts["take"] = async (notification) => {
    const taken = await alerts.take(notification);
    await alerts.fold();
    return taken;
  };
  const alertHook = async () => ({ secret: new Secret("x", HOOK_SECRET), take });
  server = await startServer({ usecases: { ...usecases, alertHook }, port: 0, version: "1" });
  folder = mkdtempSync(join(tmpdir(), "stationmaster-alertmanager-"));
  writeFileSync(
    join(folder, "config.yml"),
    `route: { receiver: stationmaster, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: stationmaster
    webhook_configs:
      - url: ${server.url}/hooks/alertmanager
        send_resolved: true
        http_config: { authorization: { credentials: ${HOOK_SECRET} } }
`,
  );
  const port = await freePort(new Set());
  base = `http://127.0.0.1:${port}`;
  const data = `--storage.path=${join(folder, "data")}`;
  const config = `--config.file=${join(folder, "config.yml")}`;
  const listen = `--web.listen-address=127.0.0.1:${port}`;
  process_ = spawn(ALERTMANAGER, [config, data, listen, "--cluster.listen-address="], { stdio: "ignore" });
  await until("Alertmanager", async () => (await fetch(`${base}/-/ready`).catch(() => undefined))?.ok === true);
});
afterAll(async () => {
  if (!ALERTMANAGER) return;
  const ended = new Promise((resolve) => process_.once("exit", resolve));
  process_.kill("SIGKILL");
  await ended;
  await server.close();
  await world.stop();
  await store.drop();
  rmSync(folder, { recursive: true });
});

async function held(): Promise<Record<string, string>[]> {
  const answer = await (await fetch(`${base}/api/v2/alerts`)).json();
  return Held.parse(answer).map(({ labels }) => labels);
}

test.skipIf(!ALERTMANAGER)(
  "an open incident is an alert there until it is over, and does not come back to us",
  async () => {
    const sender = createAlertSender(`${base}/`);
    const incident: OpenIncident = {
      ...{ id: "inc-1", service: "web", environment: "staging", severity: "SEV2", symptom: "answers 500" },
      ...{ openedAt: new Date(systemClock.now() - 1_000).toISOString(), link: "http://127.0.0.1:4700/incidents/inc-1" },
    };
    const signal = AbortSignal.timeout(60_000);
    await sender.tell([incident], systemClock.now(), signal);
    const alertname = "StationmasterIncident";
    const labels = { alertname, service: "web", severity: "warning", environment: "staging", incident: "inc-1" };
    await until("what was sent", async () => (await held()).length === 1);
    expect(await held()).toEqual([labels]);
    await sender.tell([{ ...incident, severity: "SEV1" }], systemClock.now(), signal);
    await until("what was sent", async () => (await held()).every(({ severity }) => severity === "critical"));
    await sender.tell([], systemClock.now(), signal);
    await until("what was sent", async () => (await held()).length === 0);
    expect(await world.incidents.list()).toEqual([]);
  },
);

test.skipIf(!ALERTMANAGER)("its alerts become incidents, and their end lets them recover", async () => {
  const post = (ends: number) =>
    fetch(`${base}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([
        {
          labels: { alertname: "DiskFull", service: "api", severity: "critical" },
          annotations: { summary: "the disk is full" },
          endsAt: new Date(systemClock.now() + ends).toISOString(),
        },
      ]),
    });
  expect((await post(600_000)).status).toBe(200);
  await until("what was sent", async () => (await world.incidents.list()).length === 1);
  expect(await world.only()).toMatchObject({ service: "api", severity: "SEV1", symptom: "alert DiskFull" });
  await post(0);
  await until("what was sent", async () => (await world.only()).state === "monitoring");
});

test("one that is away, or refuses, is told of by its host only, and told again", async () => {
  const sender = createAlertSender("http://name:password@127.0.0.1:9/path");
  const open: OpenIncident[] = [
    {
      id: "i",
      service: "s",
      environment: "e",
      severity: "SEV1",
      symptom: "x",
      openedAt: new Date(0).toISOString(),
      link: null,
    },
  ];
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const failure = await sender.tell(open, 1_000, AbortSignal.timeout(30_000)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "SM-ALERTMANAGER", retryable: true });
    expect(String(failure)).not.toContain("password");
  }
});
