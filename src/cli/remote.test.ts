import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LogLine } from "../contract/requests.ts";
import type { LiveEvent } from "../contract/status.ts";
import { ExternalError, PolicyError, UserError } from "../core/errors.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { answers, rollout, rolloutSummary, status } from "../server/answers/testing.ts";
import { type RunningServer, startServer } from "../server/index.ts";
import { createFakeHouse, type FakeHouse, until } from "../server/testing.ts";
import { follow } from "./remote/follow.ts";
import { createRemote } from "./remote.ts";

const TOKEN = "a-token";
let house: FakeHouse;
let server: RunningServer;
let remote: UseCases;
const at = (url: string, token?: string) => async () => ({ url, token });
const leaving: (() => unknown)[] = [];

beforeEach(async () => {
  house = createFakeHouse();
  server = await startServer({ usecases: house.usecases, port: 0, version: "1", token: TOKEN });
  remote = createRemote(at(server.url, TOKEN));
});
afterEach(async () => {
  for (const leave of leaving.splice(0)) await leave();
  await server.close();
});

test("every question is answered as in process", async () => {
  expect(await remote.status()).toEqual(status);
  expect(await remote.checks()).toEqual(answers.checks);
  expect(await remote.findChecks({ verdict: "UP", failing: undefined, limit: 1 })).toMatchObject({ total: 1 });
  expect((await remote.findChecks({ failing: true })).checks).toEqual([]);
  expect(await remote.check("web/health")).toEqual(answers.checks[0]);
  expect(await remote.workers()).toMatchObject({ scheduler: null });
  expect(await remote.series("web/health", "24h")).toEqual(answers.series);
  expect(await remote.results("web/health", 10)).toEqual(answers.results);
  expect(await remote.slo()).toEqual(answers.slo);
  expect(await remote.incidents({ state: "all", limit: 7 })).toEqual(status.incidents);
  expect(await remote.incident("inc-1")).toEqual(answers.incident);
  expect(await remote.rollouts(3)).toEqual([rolloutSummary]);
  expect(await remote.rollout("ro-1")).toEqual(rollout);
  expect(await remote.traffic("ro-1")).toEqual(answers.traffic);
  expect(await remote.releases()).toEqual(answers.releases);
  expect(await remote.freezes()).toEqual([answers.freeze]);
  expect(await remote.logs({ service: "web", lines: 5 })).toEqual(answers.logs);
  expect(await remote.healingPlan("inc-1")).toEqual(answers.healingPlan);
  expect(await remote.healingFigures(7)).toEqual(answers.healing);
  expect(await remote.audit(9)).toEqual(answers.audit);
  expect(await remote.verifyAudit()).toEqual(answers.verdict);
  expect(await remote.doctor()).toEqual(answers.doctor);
  expect(house.calls).toEqual([
    ["incidents", { state: "all", limit: 7 }],
    ["rollouts", 3],
    ["healingFigures", 7],
    ["audit", 9],
  ]);
});

test("every change arrives with its arguments and its actor", async () => {
  const deploy = { environment: "local", only: ["web"], release: "r2", strategy: "canary" } as const;
  const request = { ...deploy, only: [...deploy.only] };
  expect(await remote.acknowledge("inc-1", "cli:ada", "on it")).toEqual({ ...answers.incident, acknowledged: true });
  await remote.acknowledge("inc-1", "cli:ada");
  expect(await remote.runCheck("web/health", "cli:ada")).toEqual(answers.results[0]);
  expect(await remote.approve("inc-1", "cli:ada")).toEqual(answers.incident);
  expect(await remote.decline("inc-1", "cli:ada", "not now")).toEqual(answers.incident);
  expect(await remote.healNow("inc-1", "cli:ada")).toEqual(answers.incident);
  expect(await remote.plan(request, "cli:ada")).toEqual(answers.plan);
  expect(await remote.planRollback({ to: "r1" })).toEqual(answers.plan);
  expect(await remote.deploy({ ...request, planOnly: true }, "cli:ada")).toEqual(rolloutSummary);
  expect(await remote.rollback({}, "cli:ada")).toEqual(rolloutSummary);
  expect(await remote.promote("ro-1", "cli:ada")).toEqual(rolloutSummary);
  expect(await remote.abort("ro-1", "cli:ada")).toEqual(rolloutSummary);
  await remote.restart("web", "cli:ada");
  const taken = { ...request, override: ["qa"], breakGlass: true, reason: "the fix", planHash: "h" };
  expect(await remote.queueDeploy(taken, "cli:ada")).toEqual(answers.queued);
  expect(await remote.queued()).toEqual(answers.queued);
  expect(await remote.unqueue("cli:ada", "ro-2")).toEqual(answers.queued);
  const word = { what: "qa", release: "r2", evidence: "run 7" } as const;
  expect(await remote.vouch(word, "cli:ada")).toEqual(answers.approval);
  expect(await remote.lock({ reason: "the database moves" }, "cli:ada")).toEqual(answers.lock);
  expect(await remote.unlock({ environment: "local" }, "cli:ada")).toEqual(answers.lock);
  const fair = { until: "2026-12-01T08:00:00.000Z", reason: "the fair" };
  expect(await remote.freeze(fair, "cli:ada")).toEqual(answers.freeze);
  expect(await remote.unfreeze("fr-1", "cli:ada")).toEqual(answers.freeze);
  expect(house.calls).toEqual([
    ["acknowledge", "inc-1", "cli:ada", "on it"],
    ["acknowledge", "inc-1", "cli:ada", undefined],
    ["runCheck", "web/health", "cli:ada"],
    ["approve", "inc-1", "cli:ada"],
    ["decline", "inc-1", "cli:ada", "not now"],
    ["healNow", "inc-1", "cli:ada"],
    ["plan", { ...request, planOnly: false }, "cli:ada"],
    ["planRollback", { to: "r1", planOnly: false }],
    ["deploy", { ...request, planOnly: false }, "cli:ada"],
    ["rollback", { planOnly: false }, "cli:ada"],
    ["promote", "ro-1", "cli:ada"],
    ["abort", "ro-1", "cli:ada"],
    ["restart", "web", "cli:ada"],
    ["queueDeploy", { ...taken, planOnly: false }, "cli:ada"],
    ["unqueue", "cli:ada", "ro-2"],
    ["vouch", word, "cli:ada"],
    ["lock", { reason: "the database moves" }, "cli:ada"],
    ["unlock", { environment: "local" }, "cli:ada"],
    ["freeze", fair, "cli:ada"],
    ["unfreeze", "fr-1", "cli:ada"],
  ]);
});

test.each([
  [new UserError({ code: "SM-ROLLOUT-UNKNOWN", message: "m", next: "n" }), UserError],
  [new UserError({ code: "SM-CONFIG-KEY", message: "m" }), UserError],
  [new PolicyError({ code: "SM-LOCKED", message: "m", next: "n" }), PolicyError],
  [new ExternalError({ code: "SM-PROCESS", message: "m", next: "n" }), ExternalError],
])("an error comes back as it was thrown: %o", async (error, kind) => {
  const failing = await startServer({
    usecases: { ...house.usecases, deploy: () => Promise.reject(error) },
    port: 0,
    version: "1",
  });
  leaving.push(() => failing.close());
  const told = await createRemote(at(failing.url))
    .deploy({}, "cli")
    .catch((caught: unknown) => caught);
  expect(told).toBeInstanceOf(kind);
  expect(told).toMatchObject({ code: error.code, message: "m", next: error.next, exitCode: error.exitCode });
});

test("ids reach the daemon whole, whatever is in them", async () => {
  for (const id of ["a/b", "a b", "ü?x=1#y", "%2F", "a%", "../status", "a\\b"])
    await expect(remote.incident(id)).rejects.toMatchObject({
      code: "SM-INCIDENT-UNKNOWN",
      message: `there is no "${id}"`,
    });
});

test("a wrong token is told", async () => {
  await expect(createRemote(at(server.url, "x")).status()).rejects.toMatchObject({
    code: "SM-SERVER-AUTH",
    exitCode: 2,
  });
  const stranger = createRemote(at(server.url));
  await expect(
    stranger.followLogs({ service: "web", lines: 0 }, () => {}, new AbortController().signal),
  ).rejects.toMatchObject({
    code: "SM-SERVER-AUTH",
  });
});

test("without a daemon every call says so", async () => {
  await server.close();
  const gone = { code: "SM-DAEMON-GONE", exitCode: 1, next: expect.stringContaining("stationmaster up") };
  await expect(remote.status()).rejects.toMatchObject(gone);
  await expect(remote.deploy({}, "cli")).rejects.toMatchObject(gone);
});

async function stranger(answer: string, status = 200): Promise<string> {
  const other: Server = createServer((_request, response) => response.writeHead(status).end(answer)).listen(
    0,
    "127.0.0.1",
  );
  await once(other, "listening");
  leaving.push(() => other.close());
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
}

test("what is not the daemon is told from it", async () => {
  for (const [answer, code] of [
    ["<html>", 200],
    ["{}", 200],
    ["", 500],
    ['{"error":"x"}', 404],
  ] as const)
    await expect(createRemote(at(await stranger(answer, code))).status()).rejects.toMatchObject({
      code: "SM-DAEMON-ANSWER",
    });
});

test("fields of a newer daemon are ignored", async () => {
  const url = await stranger(JSON.stringify({ ...status, weather: "fine" }));
  expect(await createRemote(at(url)).status()).toEqual(status);
});

test("a log is followed until the signal aborts", async () => {
  const lines: LogLine[] = [];
  const end = new AbortController();
  const following = remote.followLogs({ service: "web", lines: 0 }, (line) => lines.push(line), end.signal);
  await until(() => house.listeners().logs === 1);
  for (const text of ["one", "two\r\nthree", "vier ü 💥", ""]) house.writeLog({ replica: "web-1", text });
  await until(() => lines.length === 4);
  expect(lines.map(({ text }) => text)).toEqual(["one", "two\r\nthree", "vier ü 💥", ""]);
  end.abort();
  await following;
  await until(() => house.listeners().logs === 0);
  await expect(
    remote.followLogs({ service: "nope", lines: 0 }, () => {}, new AbortController().signal),
  ).rejects.toMatchObject({
    code: "SM-SERVICE-UNKNOWN",
  });
});

test("events go on after the daemon was restarted, and the gap is made good", async () => {
  const events: LiveEvent[] = [];
  leaving.push(remote.subscribe((event) => events.push(event)));
  await until(() => house.listeners().events === 1);
  house.emit({ type: "rollout", id: "ro-1" });
  await until(() => events.length === 1);
  await server.close();
  server = await startServer({ usecases: house.usecases, port: server.port, version: "1", token: TOKEN });
  await until(() => house.listeners().events === 1);
  await until(() => events.length === 3);
  expect(events.slice(1)).toEqual([{ type: "status" }, { type: "checks" }]);
  house.emit({ type: "incident", id: "inc-1" });
  await until(() => events.length === 4);
  expect(events[3]).toEqual({ type: "incident", id: "inc-1" });
});

test("a listener that leaves is forgotten by the daemon", async () => {
  const leave = remote.subscribe(() => {});
  await until(() => house.listeners().events === 1);
  leave();
  await until(() => house.listeners().events === 0);
});

test("following ends with the last error when the daemon stays away", async () => {
  await server.close();
  const gone = new ExternalError({ code: "SM-DAEMON-GONE", message: "m", retryable: true });
  let opened = 0;
  const open = () => {
    opened += 1;
    return Promise.reject(gone);
  };
  const following = follow({ open, onData: () => {}, signal: new AbortController().signal, attempts: 3 });
  await expect(following).rejects.toBe(gone);
  expect(opened).toBe(3);
});
