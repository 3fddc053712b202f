import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  type HeldLease,
  lockLease,
  readLease,
  readLock,
  releaseLease,
  renewLease,
  takeLease,
  unlockLease,
} from "./leases.ts";
import { appendJournal, insertRollout, readJournal, setState } from "./rollouts.ts";
import { openTestStore, type TestStore } from "./testing.ts";

const KEY = { app: "shop", env: "local" };
let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());
beforeEach(async () => {
  await store.pool.query("delete from lease");
});

const expire = () => store.pool.query("update lease set expires_at = now() - interval '1 s'");

async function held(holder: string, dead?: string): Promise<HeldLease> {
  const lease = await takeLease(store.db, KEY, holder, dead);
  if (!lease) throw new Error("refused");
  return lease;
}

test("one holder at a time, the generation only rises", async () => {
  const a = await held("a");
  expect(await takeLease(store.db, KEY, "b")).toBeUndefined();
  await releaseLease(store.db, a);
  const b = await held("b");
  expect(b.generation).toBeGreaterThan(a.generation);
  await expire();
  const c = await held("c");
  expect(c.generation).toBeGreaterThan(b.generation);
  expect((await held("d", "c")).generation).toBeGreaterThan(c.generation);
});

test("many that want it at the same moment: exactly one gets it", async () => {
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => takeLease(store.db, KEY, `holder-${i}`)));
  expect(all.filter(Boolean)).toHaveLength(1);
});

test("a holder that slept past its end goes on while nobody took over, and never after", async () => {
  const a = await held("a");
  await expire();
  expect(await renewLease(store.db, a)).toBe(true);
  await expire();
  await held("b");
  expect(await renewLease(store.db, a)).toBe(false);
  await releaseLease(store.db, a);
  expect(await readLease(store.db, KEY)).toMatchObject({ holder: "b", expired: false });
});

test("a renewal that comes after the release does not bring the lease back", async () => {
  const a = await held("a");
  await releaseLease(store.db, a);
  expect(await renewLease(store.db, a)).toBe(false);
  expect(await takeLease(store.db, KEY, "b")).toBeDefined();
});

test("a manual lock is never taken, by a controller or by another person; who holds it changes its reason", async () => {
  const moving = { holder: "cli:ada", reason: "the database moves" };
  expect(await lockLease(store.db, KEY, moving)).toMatchObject(moving);
  await expire();
  expect(await takeLease(store.db, KEY, "b", "cli:ada")).toBeUndefined();
  expect(await lockLease(store.db, KEY, { holder: "cli:bob", reason: "mine" })).toBeUndefined();
  expect(await lockLease(store.db, KEY, { ...moving, reason: "it takes longer" })).toMatchObject({
    reason: "it takes longer",
    since: expect.any(Date),
  });
  expect(await readLock(store.db, { ...KEY, env: "elsewhere" })).toBeUndefined();
  expect(await unlockLease(store.db, KEY)).toMatchObject({ holder: "cli:ada", reason: "it takes longer" });
  expect(await unlockLease(store.db, KEY)).toBeUndefined();
  expect(await readLock(store.db, KEY)).toBeUndefined();
  expect(await held("b")).toBeDefined();
});

test("nobody locks what a controller works on; after a lock its generation is passed", async () => {
  const a = await held("a");
  const lock = { holder: "cli:ada", reason: "no" };
  expect(await lockLease(store.db, KEY, lock)).toBeUndefined();
  await expire();
  expect(await lockLease(store.db, KEY, lock)).toMatchObject(lock);
  expect(await renewLease(store.db, a)).toBe(false);
  await releaseLease(store.db, a);
  await unlockLease(store.db, KEY);
  expect((await held("b")).generation).toBeGreaterThan(a.generation + 1);
});

test("who lost the lease writes nothing any more", async () => {
  const a = await held("a");
  const row = await insertRollout(store.db, {
    id: "ro-fence",
    ...KEY,
    release: "r1",
    kind: "deploy",
    strategy: "blue-green",
    plan: {} as never,
    planHash: "h",
    state: "PLANNED",
    generation: a.generation,
    actor: "test",
  });
  const entry = { rolloutId: row.id, phase: "intent", step: "STARTED", target: null, payload: {} } as const;
  await appendJournal(store.db, a, { ...entry, key: "one" });
  await expire();
  const b = await held("b");
  const lost = { code: "SM-LEASE-LOST", exitCode: 3 };
  await expect(appendJournal(store.db, a, { ...entry, key: "two" })).rejects.toMatchObject(lost);
  await expect(setState(store.db, a, row.id, { state: "FAILED", finished: true })).rejects.toMatchObject(lost);
  await appendJournal(store.db, b, { ...entry, key: "three" });
  await setState(store.db, b, row.id, { state: "SHIFTING" });
  expect((await readJournal(store.db, row.id)).map(({ key, seq }) => `${seq} ${key}`)).toEqual(["1 one", "2 three"]);
});

test("the journal is only ever written to", async () => {
  for (const statement of ["update journal set key = 'x'", "delete from journal", "truncate journal"])
    await expect(store.pool.query(statement)).rejects.toThrow("append-only");
  const a = await held("z");
  const twice = {
    rolloutId: "ro-fence",
    key: "one",
    phase: "intent",
    step: "STARTED",
    target: null,
    payload: {},
  } as const;
  await expect(appendJournal(store.db, a, twice)).rejects.toThrow();
});
