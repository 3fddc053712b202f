import { expect, test } from "vitest";
import { incident } from "../store/tables/incidents.ts";
import type { Channel } from "./channel.ts";
import { SendFailure } from "./failure.ts";
import { listNotifications } from "./read.ts";
import { createCalls, levels, MINUTE } from "./testing.ts";

const calls = createCalls();
const { name, message, open, recorder, pass } = calls;

test("what is over before its delay passed is told to nobody, nor is its end", async () => {
  const { told, channel } = recorder();
  const box = open({ ops: channel });
  await box.enqueue(calls.store().db, message({ id: "a", severity: "SEV2" }));
  await box.enqueue(calls.store().db, message({ id: "b", severity: "SEV2" }));
  await pass(box, 20_000, 10_000);
  expect(told()).toEqual([]);
  calls.stands.set(name("a"), { state: "monitoring" });
  await box.enqueue(calls.store().db, message({ id: "a", severity: "SEV2", kind: "recovering", event: 2 }));
  await pass(box, 20_000, 10_000);
  expect(told()).toEqual(["b opened"]);
  const list = await listNotifications(calls.store().db, { app: calls.app, incident: name("a"), limit: 10 });
  expect(list.map(({ state }) => state)).toEqual(["skipped", "skipped"]);
});

test("a message says what is true when it is delivered, and what got worse waits for nothing", async () => {
  const { got, told, channel } = recorder("people");
  const box = open({ ops: channel });
  await box.enqueue(calls.store().db, message({ id: "a", severity: "SEV2" }));
  calls.stands.set(name("a"), { severity: "SEV1", state: "healing" });
  await box.enqueue(calls.store().db, message({ id: "a", severity: "SEV1", kind: "severity", event: 2 }));
  await box.drain();
  expect(told()).toEqual(["a severity"]);
  expect(got[0]?.incident).toMatchObject({ severity: "SEV1", state: "healing" });
});

test("people get one page a minute, with the rest in it; programs get each", async () => {
  const people = recorder("people");
  const programs = recorder();
  const box = open({ page: people.channel, hook: programs.channel });
  await box.enqueue(calls.store().db, message({ id: "a" }));
  await box.drain();
  for (const id of ["b", "c", "d"]) await box.enqueue(calls.store().db, message({ id }));
  await pass(box, 59_000);
  expect(people.told()).toEqual(["a opened"]);
  expect(programs.got).toHaveLength(4);
  await pass(box, 1_000);
  expect(people.told()).toEqual(["a opened", "b opened"]);
  expect(people.got[1]?.also?.map(({ id }) => id)).toEqual([name("c"), name("d")]);
  await box.enqueue(calls.store().db, message({ id: "c", kind: "resolved", event: 2 }));
  await box.drain();
  expect(people.told().at(-1)).toBe("c resolved");
});

test("a pager gets an alert for each incident that is called for at once, and they count as one call", async () => {
  const { channel, told } = recorder("people");
  const box = open({ page: { ...channel, apart: true } });
  await box.enqueue(calls.store().db, message({ id: "a" }));
  await box.drain();
  for (const id of ["b", "c", "d"]) await box.enqueue(calls.store().db, message({ id }));
  await pass(box, 60_000);
  expect(told()).toEqual(["a opened", "b opened", "c opened", "d opened"]);
  const list = await listNotifications(calls.store().db, { app: calls.app, limit: 10 });
  expect(list.map(({ toldWith }) => toldWith !== null)).toEqual([true, true, false, false]);
});

test("the levels of one environment are none of another's business", async () => {
  const boss = recorder();
  const box = open({ page: recorder().channel, boss: boss.channel }, levels);
  const at = new Date(calls.time);
  const times = { onset: at, detectedAt: at, failingSince: at, openedAt: at };
  await calls
    .store()
    .db.insert(incident)
    .values({
      ...{
        id: name("a"),
        app: calls.app,
        key: name("a"),
        environment: "staging",
        service: "api",
        component: "service",
      },
      ...{ family: "availability", state: "open", severity: "SEV1", symptom: "x", occurrence: 1, events: 1 },
      ...{ escalated: false, frozen: false },
      ...{ members: {}, healing: {}, ...times },
    } as typeof incident.$inferInsert);
  for (let minute = 0; minute <= 5; minute++) {
    await box.callAgain("staging", [message({ id: "a" })]);
    await box.callAgain("production", []);
    calls.time += MINUTE;
  }
  await box.drain();
  expect(boss.told()).toEqual(["a escalated"]);
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
  await box.enqueue(calls.store().db, message({ id: "a" }));
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
  await first.enqueue(calls.store().db, message({ id: "a" }));
  await first.callAgain("staging", [message({ id: "a", event: 3 })]);
  await first.drain();
  await first.stop();
  calls.time += 4 * MINUTE;
  const second = open(channels, levels);
  await second.callAgain("staging", [message({ id: "a", event: 3 })]);
  await second.drain();
  expect(boss.told()).toEqual([]);
  calls.time += MINUTE;
  await Promise.all([1, 2, 3].map(() => second.callAgain("staging", [message({ id: "a", event: 3 })])));
  await second.drain();
  expect(boss.told()).toEqual(["a escalated"]);
  calls.stands.set(name("a"), { acknowledged: true });
  calls.time += 30 * MINUTE;
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
  await box.enqueue(calls.store().db, message({ id: "a" }));
  await box.drain();
  await box.stop();
  const next = open({ ops: channel });
  await next.enqueue(calls.store().db, message({ id: "a", kind: "update", event: 2 }));
  await next.drain();
  expect(kept).toEqual([undefined, "ts-1"]);
});
