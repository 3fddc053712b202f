import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../../../test/lab/until.ts";
import { systemClock } from "../../core/clock.ts";
import { isStoreAway } from "../../store/away.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { loadStates, recordEvents, saveStates, undelivered } from "../state.ts";
import type { CheckSpec, VerdictEvent } from "../types.ts";
import { newCheck } from "../verdict.ts";
import { type CrewMember, joinCrew } from "./crew.ts";
import { lookAt, openSession } from "./session.ts";
import { LEADER, type Member, SHARDS } from "./shards.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const joined: CrewMember[] = [];
afterEach(async () => {
  await Promise.all(joined.splice(0).map((member) => member.stop()));
  await store.pool.query("DELETE FROM worker");
});

interface Joined extends CrewMember {
  /** What it was told last about the lead. */
  leads(): boolean;
  notices: string[];
}

async function join(environment: string, role: Member["role"] = "worker"): Promise<Joined> {
  let leads = false;
  const notices: string[] = [];
  const member = joinCrew({
    ...{ store, environment, role, clock: systemClock },
    onShards: async () => {},
    onLead: async (now) => {
      leads = now;
    },
    onNotice: (payload) => void notices.push(payload),
    onProblem: () => {},
  });
  joined.push(member);
  await member.start();
  return { ...member, leads: () => leads, notices };
}

const look = (environment: string) =>
  lookAt(async (text, values) => (await store.pool.query(text, [...values])).rows, {
    schema: store.schema,
    environment,
  });

/** The connection that a worker's row names. */
async function backendOf({ id }: CrewMember): Promise<number> {
  return (await store.pool.query("SELECT backend FROM worker WHERE id = $1", [id])).rows[0].backend;
}

function shares(...members: readonly CrewMember[]): number[] {
  return members.map((member) => member.owned().size).sort((a, b) => a - b);
}

test("the first owns everything and leads; a second gets half, and after the death of the first all of it with higher epochs", async () => {
  const first = await join("one");
  expect(first.owned().size).toBe(SHARDS);
  expect(first.leads()).toBe(true);
  const before = new Map(first.owned());
  const second = await join("one");
  await until("fair shares", () => String(shares(first, second)) === "32,32", 60_000);
  const both = [...first.owned().keys(), ...second.owned().keys()];
  expect(new Set(both).size).toBe(SHARDS);

  const died = systemClock.monotonic();
  await store.pool.query("SELECT pg_terminate_backend($1)", [await backendOf(first)]);
  await until("the loss is noticed", () => !first.leads() || first.owned().size < 32);
  await until("everybody's checks run again", () => shares(first, second).reduce((sum, n) => sum + n, 0) === SHARDS);
  expect(systemClock.monotonic() - died).toBeLessThan(10_000);
  for (const [shard, epoch] of second.owned()) expect(epoch).toBeGreaterThan(before.get(shard) ?? 0);
});

test("one that leaves gives everything back at once", async () => {
  const first = await join("leaving");
  const second = await join("leaving");
  await joined.shift()?.stop();
  expect(first.owned().size).toBe(0);
  await until("the other has all", () => second.owned().size === SHARDS && second.leads(), 15_000);
});

test("a daemon leads instead of a worker; environments do not know of each other", async () => {
  const worker = await join("led");
  const elsewhere = await join("elsewhere");
  expect(worker.leads() && elsewhere.leads()).toBe(true);
  const daemon = await join("led", "daemon");
  await until("the daemon leads", () => daemon.leads() && !worker.leads(), 60_000);
  expect(elsewhere.owned().size).toBe(SHARDS);
  expect(elsewhere.leads()).toBe(true);
});

test("one that stands still is cut off: its connection is ended, its shards go to the others", async () => {
  const lost: string[] = [];
  const frozen = await openSession({
    store,
    environment: "still",
    onNotice: () => {},
    onLost: () => lost.push("lost"),
  });
  expect((await frozen.take([3, 4, LEADER], "wrk-frozen")).size).toBe(3);
  await frozen.query(
    `INSERT INTO worker (id, environment, role, host, pid, backend, seen_at)
     VALUES ('wrk-frozen', 'still', 'daemon', 'h', 1, $1, clock_timestamp() - interval '16 s')`,
    [frozen.backend],
  );
  const member = await join("still");
  await until("all shards", () => member.owned().size === SHARDS && member.leads(), 15_000);
  await until("the other hears of it", () => lost.length === 1);
  expect((await look("still")).members).toContainEqual(expect.objectContaining({ id: "wrk-frozen", connected: false }));
});

test("a transaction that was cut off in the middle keeps its shards from the others for seconds only", async () => {
  const first = await join("half");
  const second = await join("half");
  await until("fair shares", () => String(shares(first, second)) === "32,32", 60_000);
  const cut = await store.pool.connect();
  await cut.query("BEGIN");
  await cut.query("SELECT FROM shard WHERE environment = 'half' FOR SHARE");
  await joined.shift()?.stop();
  await until("the other has all", () => second.owned().size === SHARDS);
  // Its server has ended it, and the pool makes another.
  const lost = await cut.query("COMMIT").then(() => null, isStoreAway);
  cut.release(true);
  expect(lost).toBe(true);
});

test("locks whose epoch could not be raised are given up, not held by one who runs nothing", async () => {
  await store.pool.query("ALTER TABLE shard ADD CONSTRAINT none CHECK (environment <> 'refused') NOT VALID");
  const member = joinCrew({
    ...{ store, environment: "refused", role: "worker", clock: systemClock },
    ...{ onShards: async () => {}, onLead: async () => {}, onNotice: () => {}, onProblem: () => {} },
  });
  joined.push(member);
  await expect(member.start()).rejects.toThrow("none");
  await until("nobody holds them", async () => (await look("refused")).held.size === 0);
  await store.pool.query("ALTER TABLE shard DROP CONSTRAINT none");
  expect((await join("refused")).owned().size).toBe(SHARDS);
});

test("what is written under an epoch that is over is refused; its change is neither stored nor told", async () => {
  const old = await join("epochs");
  const epoch = old.owned().get(7) ?? 0;
  const spec = { id: "epochs/check/a", environment: "epochs", service: null, everyMs: 1_000 };
  const state = { ...newCheck, verdict: "DOWN" as const };
  const kept = (at: number) => ({ spec: { ...spec, owned: { shard: 7, epoch: at } }, state });
  const event = change(spec.id, "epochs");
  expect([...(await saveStates(store.db, [kept(epoch)]))]).toEqual([spec.id]);
  const [seq] = await recordEvents(store, [{ event, kept: kept(epoch) }]);
  expect(seq).toBeGreaterThan(0);
  await until("the notice", () => old.notices.includes(""));
  expect(await undelivered(store, { environment: "epochs" })).toMatchObject([{ seq, event }]);

  await joined.shift()?.stop();
  const next = await join("epochs");
  expect(next.owned().get(7)).toBe(epoch + 1);
  const well = { ...kept(epoch), state: { ...newCheck, verdict: "UP" as const } };
  expect((await saveStates(store.db, [well])).size).toBe(0);
  expect(await recordEvents(store, [{ event: { ...event, to: "UP" }, kept: well }])).toEqual([null]);
  const states = await loadStates(store, [spec as CheckSpec], Date.now());
  expect(states.get(spec.id)?.state.verdict).toBe("DOWN");
  expect(await undelivered(store, { environment: "epochs" })).toHaveLength(1);
});

function change(checkId: string, environment: string): VerdictEvent {
  return {
    ...{ checkId, environment, service: null, component: "a", critical: false, everyMs: 1_000 },
    ...{ from: "SUSPECT", to: "DOWN", class: "refused", family: "availability", detail: null },
    ...{ at: 1_000, onset: 500, places: 3, impact: "data" },
  };
}
