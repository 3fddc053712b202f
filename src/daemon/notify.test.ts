import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { startReceiver } from "../notify/testing.ts";
import { incident } from "../store/tables/incidents.ts";
import { announce } from "./announce.ts";
import { beat } from "./deadman.ts";
import { notifyFindings } from "./notify-findings.ts";
import { notifyUseCases } from "./notify-usecases.ts";
import { createTelling } from "./telling.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let lab: DeployLab;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await lab.close();
});

test("each channel is tried, what was sent is listed, and the doctor says how each does", async () => {
  const receiver = await startReceiver();
  ends.push(receiver.stop);
  const away = await startReceiver();
  await away.stop();
  const refused = expect.stringMatching(/^webhook 127\.0\.0\.1:\d+: ECONNREFUSED$/);
  lab = await openDeployLab({
    manifest: {
      notify: { ops: { kind: "webhook", url: receiver.url }, gone: { kind: "webhook", url: away.url } },
      escalate: { SEV1: ["ops", "gone"] },
      checks: { api: { url: "http://127.0.0.1:9", headers: { token: "${secret:NOT_SET_ANYWHERE}" } } },
    },
  });
  const { engine } = lab;
  const { testNotifications, notifications } = notifyUseCases(engine, {} as never);
  expect(await testNotifications({}, "cli:ada")).toMatchObject([
    { channel: "ops", accepted: true, error: null },
    { channel: "gone", accepted: false, error: refused },
  ]);
  expect(await notifyFindings(engine)).toMatchObject([
    {
      name: "channel ops",
      state: "ok",
      detail: expect.stringMatching(/^webhook, nothing delivered yet; test accepted /),
    },
    {
      ...{ name: "channel gone", state: "warning", next: "stationmaster notify test gone" },
      detail: expect.stringMatching(/^webhook, nothing delivered yet; test refused .*; last failure: .*ECONNREFUSED$/),
    },
    { name: "watch secrets" },
  ]);
  expect(receiver.messages()).toMatchObject([{ kind: "test", incident: { severity: "SEV3" } }]);
  await expect(testNotifications({ channel: "opps" }, "cli:ada")).rejects.toMatchObject({ code: "SM-NOTIFY-UNKNOWN" });

  const { outbox } = await createTelling(engine, { sends: true, links: () => [], print: () => {}, report: () => {} });
  ends.push(async () => outbox?.stop());
  const notice = { id: "ap-1", severity: "SEV1" as const, subject: "deploy", text: "past qa", doing: "-", todo: "-" };
  await announce(engine, notice);
  await outbox?.drain();
  expect(await notifications({ limit: 10 })).toMatchObject([
    { channel: "gone", state: "pending", attempts: 1, error: refused },
    { channel: "ops", state: "delivered", kind: "notice" },
  ]);
  expect(await notifyFindings(engine)).toMatchObject([
    { name: "channel ops", state: "ok" },
    { name: "channel gone", state: "warning", next: "stationmaster notify test gone" },
    { name: "watch secrets", state: "failed", detail: "not set: NOT_SET_ANYWHERE (checks.api)" },
  ]);
});

test("the outside heartbeat hears of the daemon; a refusal does not tell its address", async () => {
  let status = 200;
  let beats = 0;
  const server = createServer((_request, response) => {
    beats += 1;
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  lab = await openDeployLab({ manifest: { watch: { deadman: `http://127.0.0.1:${port}/t0ken` } } });
  const never = new AbortController().signal;
  const written = async () => {};
  await beat(lab.engine, written, never);
  expect(beats).toBe(1);
  const refused = () => Promise.reject(new Error("no space left on device"));
  await expect(beat(lab.engine, refused, never)).rejects.toMatchObject({ code: "SM-DEADMAN" });
  expect(beats).toBe(1);
  const small = mkdtempSync(join(tmpdir(), "stationmaster-small-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]).status === 0) {
    vi.stubEnv("DATABASE_URL", undefined);
    const full = { ...lab.engine, place: { ...lab.engine.place, stateDir: small } };
    await expect(beat(full, written, never)).rejects.toMatchObject({ message: expect.stringContaining("is full") });
    vi.unstubAllEnvs();
    spawnSync("umount", [small]);
  }
  rmdirSync(small);
  expect(beats).toBe(1);
  status = 404;
  const failure = await beat(lab.engine, written, never).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "SM-DEADMAN" });
  expect(String(failure)).not.toContain("t0ken");
});

test("an acknowledgement that comes back from a pager is no news: nothing goes round between them", async () => {
  lab = await openDeployLab({
    manifest: {
      notify: { page: { kind: "pagerduty", key: "r", webhook_secret: "s" } },
    },
  });
  const { engine } = lab;
  const { clock } = engine;
  const at = new Date(clock.now());
  await engine.store.db.insert(incident).values({
    ...{
      id: "inc-1",
      app: engine.manifest.project,
      key: "k1",
      environment: "local",
      service: "app",
      component: "service",
    },
    ...{ family: "availability", state: "open", severity: "SEV1", symptom: "x", occurrence: 1, events: 1 },
    ...{ escalated: false, frozen: false, recurring: false, needs: [], members: {}, healing: {} },
    ...{ onset: at, detectedAt: at, failingSince: at, openedAt: at },
  } as typeof incident.$inferInsert);
  const acks: string[] = [];
  let acknowledged = false;
  const hook = await notifyUseCases(engine, {
    get: async () => ({ acknowledged }),
    acknowledge: async (_id: string, actor: string) => {
      acks.push(actor);
      acknowledged = true;
    },
  } as never).pagerHook?.("page");
  expect(await hook?.acknowledge("k1", "Ada")).toBe(true);
  expect(await hook?.acknowledge("k1", "Stationmaster")).toBe(false);
  expect(acks).toEqual(["page:Ada"]);
});
