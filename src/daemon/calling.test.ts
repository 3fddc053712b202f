import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { enqueue } from "../notify/enqueue.ts";
import { listNotifications } from "../notify/read.ts";
import { testMessage } from "../notify/testing.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { readCalling } from "./calling.ts";
import type { Engine } from "./engine.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const webhook = { kind: "webhook", url: "http://127.0.0.1:9/hook" };

function engineWith(notify: object, escalate: object): Engine {
  return { store, clock: systemClock, manifest: { project: "shop", notify, escalate } } as unknown as Engine;
}

test("each channel of the manifest with its figures, and the levels of each severity", async () => {
  const levels = [
    { to: ["page"], after: 0 },
    { to: ["boss"], after: 300_000 },
  ];
  const escalate = { SEV1: { levels, hours: "Mon-Fri 09:00-18:00 UTC" } };
  const options = { app: "shop", clock: systemClock, channels: ["page", "boss"], escalate };
  await enqueue(store.db, testMessage(), options);
  const calling = await readCalling(engineWith({ page: webhook, boss: webhook }, escalate));
  expect(calling.channels).toMatchObject([
    { name: "page", kind: "webhook", waiting: 1, delivered: 0, lastSuccessAt: null },
    { name: "boss", waiting: 0, lastError: null },
  ]);
  expect(calling.channels[0]?.oldestWaitingAt).toMatch(/Z$/);
  expect(calling.escalation).toEqual([
    {
      severity: "SEV1",
      levels: [
        { to: ["page"], afterMs: 0 },
        { to: ["boss"], afterMs: 300_000 },
      ],
      hours: "Mon-Fri 09:00-18:00 UTC",
    },
    { severity: "SEV2", levels: [{ to: ["page", "boss"], afterMs: 0 }], hours: null },
    { severity: "SEV3", levels: [{ to: [], afterMs: 0 }], hours: null },
  ]);
  const listed = (state: "pending" | "dead") => listNotifications(store.db, { app: "shop", state, limit: 10 });
  expect((await listed("pending")).map(({ channel }) => channel)).toEqual(["page"]);
  expect(await listed("dead")).toEqual([]);
});

test("without any channel the terminal is called", async () => {
  const { channels } = await readCalling(engineWith({}, {}));
  expect(channels.map(({ name, kind }) => [name, kind])).toEqual([["console", "console"]]);
});
