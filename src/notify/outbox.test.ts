import { afterAll, beforeAll, expect, test } from "vitest";
import type { Clock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { sql } from "../store/drizzle.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import type { Channel } from "./channel.ts";
import { enqueue } from "./enqueue.ts";
import type { Message } from "./message.ts";
import { createOutbox } from "./outbox.ts";
import { testMessage } from "./testing.ts";

let store: TestStore;
let time = Date.parse("2026-03-01T12:00:00Z");
const clock: Clock = { now: () => time, monotonic: () => time, sleep: async () => {} };
const reports: unknown[] = [];
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

let apps = 0;
async function newApp(...incidents: string[]): Promise<string> {
  apps += 1;
  for (const id of incidents)
    await store.db.execute(sql`INSERT INTO incident
      (id, app, environment, key, component, family, state, severity, symptom, occurrence, events, escalated, frozen, members, healing, onset, detected_at, failing_since, opened_at)
      VALUES (${id}, ${`app${apps}`}, 'staging', ${id}, 'service', 'availability', 'open', 'SEV1', 'x', 1, 0, false, false, '{}', '{}', now(), now(), now(), now())`);
  return `app${apps}`;
}

function open(app: string, channels: Record<string, Channel["send"]>) {
  const entries = Object.entries(channels).map(([name, send]): [string, Channel] => [name, { send }]);
  return createOutbox({
    store,
    app,
    clock,
    channels: new Map(entries),
    escalate: {},
    redact: createRedactor(),
    report: (error) => reports.push(error),
  });
}

function recorder() {
  const got: Message[] = [];
  return { got, send: async (message: Message) => void got.push(message) };
}

async function refuse(): Promise<void> {
  throw new Error("not today");
}

test("a message exists exactly when its transaction does", async () => {
  const app = await newApp("a1");
  const { got, send } = recorder();
  const outbox = open(app, { ops: send });
  await expect(
    store.db.transaction(async (tx) => {
      await outbox.enqueue(tx, testMessage({ id: "a1" }));
      throw new Error("rolled back");
    }),
  ).rejects.toThrow("rolled back");
  await outbox.drain();
  expect(got).toEqual([]);
  expect(await outbox.enqueue(store.db, testMessage({ id: "a1" }))).toEqual(["ops"]);
  expect(await outbox.enqueue(store.db, testMessage({ id: "a1", severity: "SEV3", kind: "update", event: 2 }))).toEqual(
    ["ops"],
  );
  await outbox.drain();
  expect(got.map((message) => message.event)).toEqual([1, 2]);
});

test("a refused message is repeated with doubling pauses, and those after it wait their turn", async () => {
  const app = await newApp("b1", "b2");
  const attempts: string[] = [];
  let broken = true;
  const send = async (message: Message) => {
    attempts.push(`${message.incident.id}:${message.event}`);
    if (broken && message.incident.id === "b1") throw new Error("500");
  };
  const outbox = open(app, { ops: send });
  for (const event of [1, 2, 3]) await outbox.enqueue(store.db, testMessage({ id: "b1", event }));
  await outbox.enqueue(store.db, testMessage({ id: "b2", event: 1 }));
  await outbox.drain();
  expect(attempts.sort()).toEqual(["b1:1", "b2:1"]);
  time += 9_000;
  await outbox.drain();
  expect(attempts).toHaveLength(2);
  time += 1_000;
  await outbox.drain();
  expect(attempts).toHaveLength(3);
  broken = false;
  time += 20_000;
  await outbox.drain();
  expect(attempts.slice(3)).toEqual(["b1:1", "b1:2", "b1:3"]);
});

test("nothing is lost and the order is kept when the process dies at any moment", async () => {
  const app = await newApp("c1");
  const { got, send } = recorder();
  let sent = 0;
  for (let event = 1; event <= 12; event++) {
    const dying = open(app, {
      ops: async (message, signal) => {
        sent += 1;
        // Every third attempt: the process dies after the receiver took it, or before.
        if (sent % 3 === 1) await send(message);
        if (sent % 3 !== 0)
          return await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        await send(message);
      },
    });
    await dying.enqueue(store.db, testMessage({ id: "c1", event }));
    const draining = dying.drain();
    await Promise.race([draining, new Promise((resolve) => setTimeout(resolve, 30))]);
    await dying.stop();
    await draining.catch(() => {});
  }
  // As after kill -9: claims that nobody gave back.
  await store.db.execute(
    sql`UPDATE outbox SET claimed_until = ${new Date(time + 20_000).toISOString()} WHERE app = ${app} AND state = 'pending'`,
  );
  const next = open(app, { ops: send });
  await next.drain();
  time += 20_000;
  await next.drain();
  const events = got.map((message) => message.event);
  expect([...new Set(events)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(events).toEqual([...events].sort((a, b) => a - b));
});

test("several processes share the work without sending anything twice", async () => {
  const ids = ["d1", "d2", "d3", "d4", "d5"];
  const app = await newApp(...ids);
  const { got, send } = recorder();
  const boxes = [open(app, { ops: send }), open(app, { ops: send }), open(app, { ops: send })];
  for (let event = 1; event <= 8; event++)
    for (const id of ids) await boxes[0]?.enqueue(store.db, testMessage({ id, event }));
  await Promise.all(boxes.map((box) => box.drain()));
  expect(got).toHaveLength(40);
  for (const id of ids)
    expect(got.filter((message) => message.incident.id === id).map((message) => message.event)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
});

test("a channel that hangs holds up no other", async () => {
  const app = await newApp("e1");
  const { got, send } = recorder();
  const outbox = open(app, {
    stuck: (_message, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    ops: send,
  });
  await outbox.enqueue(store.db, testMessage({ id: "e1" }));
  outbox.kick();
  await expect.poll(() => got.length, { timeout: 10_000 }).toBe(1);
  await outbox.enqueue(store.db, testMessage({ id: "e1", event: 2 }));
  outbox.kick();
  await expect.poll(() => got.length, { timeout: 10_000 }).toBe(2);
  await outbox.stop();
});

test("after 24 h a message is given up and said so; the next one has its turn", async () => {
  const app = await newApp("f1");
  const outbox = open(app, { ops: refuse });
  await outbox.enqueue(store.db, testMessage({ id: "f1" }));
  for (let hour = 0; hour <= 24; hour++) {
    await outbox.drain();
    time += 3_600_000;
  }
  await outbox.drain();
  expect(String(reports.at(-1))).toContain("given up after 24 h");
  const { rows } = await store.db.execute<{ state: string; error: string }>(
    sql`SELECT state, error FROM outbox WHERE app = ${app}`,
  );
  expect(rows).toEqual([{ state: "dead", error: "not today" }]);
});

test("a message for a channel that only another process knows waits for it, and for one that nobody has does not wait for ever", async () => {
  const app = await newApp("g1");
  const { got, send } = recorder();
  const states = async () => {
    const { rows } = await store.db.execute<{ state: string }>(sql`SELECT state FROM outbox WHERE app = ${app}`);
    return rows.map(({ state }) => state);
  };
  const newer = open(app, { page: refuse, boss: send });
  await newer.enqueue(store.db, testMessage({ id: "g1" }));
  const older = open(app, { ops: refuse });
  time += 61_000;
  await older.drain();
  expect(await states()).toEqual(["pending", "pending"]);
  await newer.drain();
  expect(got).not.toEqual([]);
  expect((await states()).sort()).toEqual(["delivered", "pending"]);
  time += 24 * 3_600_000;
  await older.drain();
  expect((await states()).sort()).toEqual(["dead", "delivered"]);
  expect(String(reports.at(-1))).toContain("the manifest has no such channel any more");
});

test("a process without open channels puts messages down, and the next one that has them sends them", async () => {
  const app = await newApp("h1");
  const { got, send } = recorder();
  const names = await enqueue(store.db, testMessage({ id: "h1" }), { app, clock, channels: ["ops"], escalate: {} });
  expect(names).toEqual(["ops"]);
  await open(app, { ops: send }).drain();
  expect(got.map(({ event }) => event)).toEqual([1]);
});
