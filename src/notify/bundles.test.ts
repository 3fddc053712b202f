import { afterAll, beforeAll, expect, test } from "vitest";
import type { Clock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import type { Channel } from "./channel.ts";
import { discordChannel } from "./discord/channel.ts";
import type { Message } from "./message.ts";
import { createOutbox } from "./outbox.ts";
import { startReceiver, testMessage } from "./testing.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
let store: TestStore;
let time = Date.parse("2026-03-01T12:00:00Z");
const clock: Clock = { now: () => time, monotonic: () => time, sleep: async () => {} };
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

function open(app: string, channel: Channel) {
  const channels = new Map([["ops", channel]]);
  return createOutbox({ store, app, clock, channels, escalate: {}, redact: createRedactor() });
}

test("a night of pages: one a minute and 15 an hour, each incident is told, also by daemons that are killed", async () => {
  const app = "bundles";
  const calls: { at: number; incidents: string[] }[] = [];
  let dies = false;
  const channel: Channel = {
    reaches: "people",
    send: (message) => {
      // The process ends before it hears that the message was taken, or before it was sent at all.
      if (dies) return new Promise(() => {});
      calls.push({ at: time, incidents: [message.incident.id, ...(message.also ?? []).map(({ id }) => id)] });
      return Promise.resolve();
    },
  };
  let box = open(app, channel);
  const begin = time;
  const wanted: string[] = [];
  while (time < begin + 3 * HOUR) {
    const second = (time - begin) / SECOND;
    if (second % 40 === 0 && second < 2 * 3_600) {
      wanted.push(`bundle-${second}`);
      await box.enqueue(store.db, testMessage({ id: `bundle-${second}` }));
    }
    if (second % 900 === 450) {
      dies = true;
      box.kick();
      await new Promise((done) => setTimeout(done, 50));
      await box.stop();
      dies = false;
      box = open(app, channel);
    }
    await box.drain();
    time += 10 * SECOND;
  }
  await box.stop();
  expect(calls.flatMap(({ incidents }) => incidents).sort()).toEqual(wanted.sort());
  const gaps = calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(MINUTE);
  const inAnHour = calls.map(({ at }) => calls.filter((call) => call.at >= at && call.at < at + HOUR).length);
  expect(Math.max(...inAnHour)).toBe(15);
});

test("a rise of the severity goes out at once, however many pages there were, and not twice with the bundle", async () => {
  const got: Message[] = [];
  const box = open("rises", { reaches: "people", send: async (message) => void got.push(message) });
  for (let page = 0; page < 16; page++) {
    await box.enqueue(store.db, testMessage({ id: `rise-${page}` }));
    await box.drain();
    time += MINUTE;
  }
  expect(got).toHaveLength(15);
  await box.enqueue(store.db, testMessage({ id: "rise-15", event: 2, kind: "severity" }));
  await box.drain();
  expect(got.at(-1)).toMatchObject({ kind: "severity", incident: { id: "rise-15" } });
  time += HOUR;
  await box.drain();
  expect(got).toHaveLength(16);
});

test("a bundle that is too long for a channel says how many it does not name", async () => {
  const receiver = await startReceiver((response) => response.writeHead(200).end('{"id":"1"}'));
  const box = open("long", discordChannel({ webhook: receiver.url }));
  await box.enqueue(store.db, testMessage({ id: "long-first" }));
  await box.drain();
  for (let page = 0; page < 40; page++) await box.enqueue(store.db, testMessage({ id: `long-${page}` }));
  time += MINUTE;
  await box.drain();
  await receiver.stop();
  const { content } = JSON.parse(receiver.received.at(-1)?.body ?? "{}") as { content: string };
  expect(content).toContain("long-10");
  expect(content).not.toContain("long-11");
  expect(content).toContain("and 29 more");
});
