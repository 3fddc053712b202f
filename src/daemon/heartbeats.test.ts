import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { until } from "../../test/lab/until.ts";
import { CheckSchema } from "../config/checks.ts";
import { systemClock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { ensureHeartbeat, findHeartbeat, lastGapEnd, noteReceiver } from "../store/heartbeats.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { namedCheck } from "../watch/named.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { createWatch, type Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import { createHeartbeats, type Heartbeats, heartbeatUseCases, tidyHeartbeats } from "./heartbeats.ts";

const CHECK = "local/check/backup";
const redact = createRedactor();
let store: TestStore;
let watch: Watch;
let heartbeats: Heartbeats;
let events: VerdictEvent[];

beforeAll(async () => {
  store = await openTestStore();
});
beforeEach(async () => {
  await store.pool.query("truncate heartbeat, receiver, receiver_gap, check_state");
  events = [];
});
afterEach(async () => {
  heartbeats.stop();
  await watch.stop();
});
afterAll(() => store.drop());

/** A daemon's part of it: the calls, and a watch with one heartbeat check. */
async function open(period: string, grace: string): Promise<string> {
  heartbeats = createHeartbeats({ store, environment: "local", clock: systemClock, redact }, () => watch);
  await heartbeats.alive();
  watch = createWatch({
    ...{ store, environment: "local", clock: systemClock, redact, heartbeats: heartbeats.lookup },
    processes: () => Promise.reject(new Error("unused")),
    onVerdict: (event) => void events.push(event),
  });
  const check = CheckSchema.parse({ heartbeat: { period, grace } });
  await watch.setChecks(namedCheck("backup", check, { environment: "local", routes: {}, resolve: (text) => text }));
  watch.start();
  await watch.runNow(CHECK);
  return (await findHeartbeat(store.db, CHECK))?.token ?? "";
}

const verdict = () => watch.verdicts()[0]?.verdict;
const detail = async () => (await watch.list())[0]?.lastResult?.detail;

test("a job is down the moment it is late, and up with its next call", { timeout: 60_000 }, async () => {
  const token = await open("3s", "1s");
  expect(verdict()).toBe("UNKNOWN");
  expect(await detail()).toContain("waits for the first call");
  await heartbeats.beat(token, "ok");
  await until("the first call", () => verdict() === "UP");
  await until("the outage", () => events.some(({ to }) => to === "DOWN"));
  const [down] = events.filter(({ to }) => to === "DOWN");
  expect(down).toMatchObject({ class: "late", family: "availability" });
  const { okAt } = (await findHeartbeat(store.db, CHECK)) ?? {};
  const lateAfter = (down?.at ?? 0) - (okAt?.getTime() ?? 0);
  expect(lateAfter).toBeGreaterThanOrEqual(4_000);
  await heartbeats.beat(token, "ok");
  await until("the recovery", () => verdict() === "UP");
});

test("a job that never calls is down when it should have called", { timeout: 60_000 }, async () => {
  await open("1s", "1s");
  await until("the outage", () => events.length > 0);
  expect(events).toMatchObject([{ from: "UNKNOWN", to: "DOWN", class: "late" }]);
});

test("a job that says it failed is down at once, until it says ok", { timeout: 60_000 }, async () => {
  const token = await open("1h", "1m");
  await heartbeats.beat(token, "start");
  await heartbeats.beat(token, "fail");
  await until("the outage", () => events.at(-1)?.to === "DOWN");
  expect(events.at(-1)).toMatchObject({ class: "job-failed", family: "availability" });
  await heartbeats.beat(token, "start");
  await watch.runNow(CHECK);
  expect(verdict()).toBe("DOWN");
  await heartbeats.beat(token, "ok");
  await until("the recovery", () => verdict() === "UP");
});

test("while nobody was there to be called a missing call proves nothing", { timeout: 60_000 }, async () => {
  await open("1h", "10s");
  const ago = (minutes: number) => new Date(systemClock.now() - minutes * 60_000);
  await store.pool.query("update heartbeat set expected_since = $1, ok_at = $1", [ago(90)]);
  await store.pool.query("update receiver set seen_at = $1", [ago(40)]);
  await heartbeats.alive();
  await watch.runNow(CHECK);
  expect(verdict()).toBe("UNKNOWN");
  expect(await detail()).toContain("the call may be lost");
});

test("short gaps that whoever calls again gets over are none; long ones end when somebody is there again", async () => {
  await open("1h", "10s");
  const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1_000);
  const gap = (longerThanMs: number, due = at(60)) =>
    lastGapEnd(store.db, { environment: "other", since: at(0), due, longerThanMs });
  await noteReceiver(store.db, "other", at(0), 15_000);
  await noteReceiver(store.db, "other", at(12), 15_000);
  expect(await gap(0)).toBeUndefined();
  await noteReceiver(store.db, "other", at(52), 15_000);
  expect(await gap(30_000)).toEqual(at(52));
  expect(await gap(60_000)).toBeUndefined();
  // It began when the job was late already.
  expect(await gap(30_000, at(12))).toBeUndefined();
});

test("a token is random, kept, unknown to others, and hidden from every text", async () => {
  const token = await open("1h", "1m");
  expect(token).toMatch(/^[\w-]{32}$/);
  expect(redact(`called /hb/${token}`)).toBe("called /hb/•••");
  heartbeats.stop();
  await watch.stop();
  expect(await open("1h", "1m")).toBe(token);
  expect([token, "x"].map(heartbeats.knows)).toEqual([true, false]);
  await expect(heartbeats.beat(`${token.slice(0, -1)}!`, "ok")).rejects.toMatchObject({ code: "SM-HEARTBEAT-UNKNOWN" });
});

test("a new address takes the place of the one before and is in the audit; a check that is gone leaves none", async () => {
  const token = await open("1h", "1m");
  const audited: unknown[] = [];
  const checks = { backup: CheckSchema.parse({ heartbeat: { period: "1h", grace: "1m" } }) };
  const engine = {
    ...{ store, environment: "local", clock: systemClock, manifest: { checks } },
    audit: async (entry: unknown) => void audited.push(entry),
  } as unknown as Engine;
  const doors = heartbeatUseCases(engine, { heartbeats, url: () => "http://ops.example.com" });
  const renewed = await doors.renewHeartbeat("backup", "alice");
  expect(renewed.path).not.toContain(token);
  expect(audited).toEqual([{ actor: "alice", action: "heartbeat.renew", subject: CHECK, detail: {} }]);
  await expect(heartbeats.beat(token, "ok")).rejects.toMatchObject({ code: "SM-HEARTBEAT-UNKNOWN" });
  await heartbeats.beat(renewed.path.slice("/hb/".length), "ok");
  await expect(doors.renewHeartbeat("other", "alice")).rejects.toMatchObject({ code: "SM-HEARTBEAT-NONE" });

  const other = await ensureHeartbeat(store.db, "staging/check/backup", new Date());
  await tidyHeartbeats(engine);
  expect(await doors.heartbeat(CHECK)).toMatchObject({ path: renewed.path });
  await tidyHeartbeats({ ...engine, manifest: { ...engine.manifest, checks: {} } });
  expect(await findHeartbeat(store.db, CHECK)).toBeUndefined();
  expect(await findHeartbeat(store.db, "staging/check/backup")).toEqual(other);
});
