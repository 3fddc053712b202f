import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Clock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { incident } from "../store/tables/incidents.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import type { Channel } from "./channel.ts";
import { SendFailure } from "./failure.ts";
import type { Message } from "./message.ts";
import { createOutbox } from "./outbox.ts";
import { channelFigures, listNotifications } from "./read.ts";
import type { Escalate } from "./routing.ts";
import { testMessage } from "./testing.ts";

const MINUTE = 60_000;
let store: TestStore;
let time = Date.parse("2026-03-01T12:00:00Z");
let apps = 0;
let app = "";
const clock: Clock = { now: () => time, monotonic: () => time, sleep: async () => {} };
const stands = new Map<string, Partial<Message["incident"]>>();
const audit: string[] = [];
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());
beforeEach(() => {
  apps += 1;
  app = `calls${apps}`;
  stands.clear();
  audit.splice(0);
});

/** Incidents of this test; names of one test never meet those of another. */
const name = (id: string) => `${app}-${id}`;
const message = (change: Parameters<typeof testMessage>[0] & { id: string }) =>
  testMessage({ ...change, id: name(change.id) });

function open(channels: Record<string, Channel>, escalate: Escalate = {}) {
  return createOutbox({
    ...{ store, app, clock, escalate, redact: createRedactor(["s3cret-value"]) },
    channels: new Map(Object.entries(channels)),
    refresh: async (old) => ({ ...old, incident: { ...old.incident, ...stands.get(old.incident.id) } }),
    audit: async ({ action, subject, detail }) => void audit.push(`${action} ${subject} ${detail.why}`),
  });
}

function recorder(reaches?: Channel["reaches"]) {
  const got: Message[] = [];
  const channel: Channel = { ...(reaches ? { reaches } : {}), send: async (one) => void got.push(one) };
  return { got, channel, told: () => got.map((one) => `${one.incident.id.slice(app.length + 1)} ${one.kind}`) };
}
const refusing = (detail: Partial<ConstructorParameters<typeof SendFailure>[0]>): Channel => ({
  send: async () => {
    throw new SendFailure({ who: "x", reason: "no s3cret-value", retryable: true, ...detail });
  },
});
const pass = async (box: ReturnType<typeof open>, ms: number, step = 1_000) => {
  for (const end = time + ms; time < end; ) {
    time += step;
    await box.drain();
  }
};
const levels: Escalate = {
  SEV1: {
    levels: [
      { to: ["page"], after: 0 },
      { to: ["boss"], after: 5 * MINUTE },
    ],
  },
};

test("what is over before its delay passed is told to nobody, nor is its end", async () => {
  const { told, channel } = recorder();
  const box = open({ ops: channel });
  await box.enqueue(store.db, message({ id: "a", severity: "SEV2" }));
  await box.enqueue(store.db, message({ id: "b", severity: "SEV2" }));
  await pass(box, 20_000, 10_000);
  expect(told()).toEqual([]);
  stands.set(name("a"), { state: "monitoring" });
  await box.enqueue(store.db, message({ id: "a", severity: "SEV2", kind: "recovering", event: 2 }));
  await pass(box, 20_000, 10_000);
  expect(told()).toEqual(["b opened"]);
  const list = await listNotifications(store.db, { app, incident: name("a"), limit: 10 });
  expect(list.map(({ state }) => state)).toEqual(["skipped", "skipped"]);
});

test("a message says what is true when it is delivered, and what got worse waits for nothing", async () => {
  const { got, told, channel } = recorder("people");
  const box = open({ ops: channel });
  await box.enqueue(store.db, message({ id: "a", severity: "SEV2" }));
  stands.set(name("a"), { severity: "SEV1", state: "healing" });
  await box.enqueue(store.db, message({ id: "a", severity: "SEV1", kind: "severity", event: 2 }));
  await box.drain();
  expect(told()).toEqual(["a severity"]);
  expect(got[0]?.incident).toMatchObject({ severity: "SEV1", state: "healing" });
});

test("people get one page a minute, with the rest in it; programs get each", async () => {
  const people = recorder("people");
  const programs = recorder();
  const box = open({ page: people.channel, hook: programs.channel });
  await box.enqueue(store.db, message({ id: "a" }));
  await box.drain();
  for (const id of ["b", "c", "d"]) await box.enqueue(store.db, message({ id }));
  await pass(box, 59_000);
  expect(people.told()).toEqual(["a opened"]);
  expect(programs.got).toHaveLength(4);
  await pass(box, 1_000);
  expect(people.told()).toEqual(["a opened", "b opened"]);
  expect(people.got[1]?.also?.map(({ id }) => id)).toEqual([name("c"), name("d")]);
  await box.enqueue(store.db, message({ id: "c", kind: "resolved", event: 2 }));
  await box.drain();
  expect(people.told().at(-1)).toBe("c resolved");
});

test("a pager gets an alert for each incident that is called for at once, and they count as one call", async () => {
  const { channel, told } = recorder("people");
  const box = open({ page: { ...channel, apart: true } });
  await box.enqueue(store.db, message({ id: "a" }));
  await box.drain();
  for (const id of ["b", "c", "d"]) await box.enqueue(store.db, message({ id }));
  await pass(box, 60_000);
  expect(told()).toEqual(["a opened", "b opened", "c opened", "d opened"]);
  const list = await listNotifications(store.db, { app, limit: 10 });
  expect(list.map(({ toldWith }) => toldWith !== null)).toEqual([true, true, false, false]);
});

test("a page that waits for its minute was not refused: no other channel is called", async () => {
  const page = recorder("people");
  const boss = recorder();
  const box = open({ page: page.channel, boss: boss.channel }, levels);
  await box.enqueue(store.db, message({ id: "a" }));
  time += 500;
  await box.drain();
  await box.enqueue(store.db, message({ id: "b" }));
  await box.drain();
  // Between two looks both moments pass: the one at which it may go, and 60 s after it was put down.
  time += 61_000;
  await box.drain();
  await box.drain();
  expect(page.told()).toEqual(["a opened", "b opened"]);
  expect(boss.told()).toEqual([]);
});

test("the levels of one environment are none of another's business", async () => {
  const boss = recorder();
  const box = open({ page: recorder().channel, boss: boss.channel }, levels);
  const at = new Date(time);
  const times = { onset: at, detectedAt: at, failingSince: at, openedAt: at };
  await store.db.insert(incident).values({
    ...{ id: name("a"), app, key: name("a"), environment: "staging", service: "api", component: "service" },
    ...{ family: "availability", state: "open", severity: "SEV1", symptom: "x", occurrence: 1, events: 1 },
    ...{ escalated: false, frozen: false },
    ...{ members: {}, healing: {}, ...times },
  } as typeof incident.$inferInsert);
  for (let minute = 0; minute <= 5; minute++) {
    await box.callAgain("staging", [message({ id: "a" })]);
    await box.callAgain("production", []);
    time += MINUTE;
  }
  await box.drain();
  expect(boss.told()).toEqual(["a escalated"]);
});

test("what is refused for good is dead at once, in the audit, and the next channel is called", async () => {
  const boss = recorder();
  const box = open({ page: refusing({ retryable: false, status: 401 }), boss: boss.channel }, levels);
  await box.enqueue(store.db, message({ id: "a" }));
  await box.drain();
  await box.drain();
  expect(boss.told()).toEqual(["a opened"]);
  expect(audit).toEqual([`notify.given-up ${name("a")} it was refused: x: no •••`]);
  const [figures] = await channelFigures(store.db, { app, now: time }).then((all) =>
    all.filter(({ channel }) => channel === "page"),
  );
  expect(figures).toMatchObject({ delivered: 0, dead: 1, lastError: "x: no •••", oldestPendingAt: null });
});

test("a page that hangs goes to the next channel after 60 s, once", async () => {
  const boss = recorder();
  const never: Channel = { send: () => new Promise(() => {}) };
  const box = open({ page: never, boss: boss.channel }, levels);
  await box.enqueue(store.db, message({ id: "a" }));
  for (let second = 0; second < 59; second++) {
    box.kick();
    time += 1_000;
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(boss.told()).toEqual([]);
  time += 1_000;
  box.kick();
  await expect.poll(() => boss.told(), { timeout: 10_000 }).toEqual(["a opened"]);
  box.kick();
  await box.stop();
  expect(boss.told()).toEqual(["a opened"]);
});

test("a receiver that asks for a pause gets it", async () => {
  let attempts = 0;
  const slow: Channel = {
    send: async () => {
      attempts += 1;
      throw new SendFailure({ who: "x", reason: "answered 429", retryable: true, retryAfterMs: 90_000 });
    },
  };
  const box = open({ ops: slow });
  await box.enqueue(store.db, message({ id: "a" }));
  await pass(box, 89_000);
  expect(attempts).toBe(1);
  await pass(box, 2_000);
  expect(attempts).toBe(2);
});

test("where nobody acknowledges the next level is called, also by a daemon that started meanwhile", async () => {
  const page = recorder();
  const boss = recorder();
  const channels = { page: page.channel, boss: boss.channel };
  const first = open(channels, levels);
  await first.enqueue(store.db, message({ id: "a" }));
  await first.callAgain("staging", [message({ id: "a", event: 3 })]);
  await first.drain();
  await first.stop();
  time += 4 * MINUTE;
  const second = open(channels, levels);
  await second.callAgain("staging", [message({ id: "a", event: 3 })]);
  await second.drain();
  expect(boss.told()).toEqual([]);
  time += MINUTE;
  await Promise.all([1, 2, 3].map(() => second.callAgain("staging", [message({ id: "a", event: 3 })])));
  await second.drain();
  expect(boss.told()).toEqual(["a escalated"]);
  stands.set(name("a"), { acknowledged: true });
  time += 30 * MINUTE;
  const taken = message({ id: "a", event: 4 });
  await second.callAgain("staging", [{ ...taken, incident: { ...taken.incident, acknowledged: true } }]);
  await second.drain();
  expect([page.told(), boss.told()]).toEqual([["a opened"], ["a escalated"]]);
  await second.stop();
});

test("ids that a channel keeps are there after a restart", async () => {
  const kept: (string | undefined)[] = [];
  const channel: Channel = {
    send: async (_message, _signal, thread) => {
      kept.push(await thread.ref());
      await thread.keep("ts-1");
    },
  };
  const box = open({ ops: channel });
  await box.enqueue(store.db, message({ id: "a" }));
  await box.drain();
  await box.stop();
  const next = open({ ops: channel });
  await next.enqueue(store.db, message({ id: "a", kind: "update", event: 2 }));
  await next.drain();
  expect(kept).toEqual([undefined, "ts-1"]);
});

test("a page that was not accepted goes to nobody else once somebody has it, or it is over", async () => {
  const boss = recorder();
  const away = refusing({});
  const box = open({ page: away, boss: boss.channel }, levels);
  await box.enqueue(store.db, message({ id: "a" }));
  await box.enqueue(store.db, message({ id: "b" }));
  await box.enqueue(store.db, message({ id: "c" }));
  await pass(box, 30_000, 10_000);
  stands.set(name("a"), { acknowledged: true });
  stands.set(name("b"), { state: "monitoring" });
  await pass(box, 60_000, 10_000);
  expect(boss.told()).toEqual(["c opened"]);
});

test("a proposal that was tried in vain is not sent any more once it is withdrawn", async () => {
  let attempts = 0;
  const away: Channel = {
    send: async () => {
      attempts += 1;
      throw new SendFailure({ who: "x", reason: "answered 503", retryable: true });
    },
  };
  let withdrawn = false;
  const box = createOutbox({
    ...{ store, app, clock, escalate: {}, redact: createRedactor([]), channels: new Map([["ops", away]]) },
    refresh: async (old) => ({ ...old, ...(withdrawn ? { withdrawn } : {}) }),
  });
  await box.enqueue(store.db, message({ id: "a", kind: "proposal" }));
  await box.drain();
  withdrawn = true;
  await pass(box, 40 * MINUTE, MINUTE);
  expect(attempts).toBe(1);
  expect(await listNotifications(store.db, { app, limit: 5 })).toMatchObject([
    { state: "skipped", error: "there is nothing to approve any more" },
  ]);
});
