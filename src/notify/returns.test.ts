import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Clock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import type { Message } from "./message.ts";
import { createOutbox } from "./outbox.ts";
import { actionsOf } from "./pagerduty/channel.ts";
import { isKnown, type Page } from "./returns.ts";
import { testMessage } from "./testing.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse("2026-03-01T12:00:00Z");

function reopened(occurrence: number, severity: Page["severity"] = "SEV1"): Message {
  const message = testMessage({ kind: "reopened", severity });
  return { ...message, incident: { ...message.incident, occurrence } };
}
const page = (ago: number, occurrence = 1, severity: Page["severity"] = "SEV1"): Page => ({
  ...{ severity, occurrence, at: NOW - ago },
});

test.each([
  ["nobody was called yet", 2, [], false],
  ["a call 10 min ago", 2, [page(10 * MINUTE)], true],
  ["a call 40 min ago", 2, [page(40 * MINUTE)], false],
  ["a call 10 min ago for something less severe", 2, [page(10 * MINUTE, 1, "SEV2")], false],
  ["the third time, called for the second", 3, [page(10 * MINUTE, 2)], false],
  ["the third time, called for it", 3, [page(2 * HOUR, 3)], true],
  ["the sixth time, called for the third hours ago", 6, [page(9 * HOUR, 3)], true],
  ["the sixth time, called for the third a day ago", 6, [page(25 * HOUR, 3)], false],
] as const)("a return after %s", (_when, occurrence, pages, expected) => {
  expect(isKnown(reopened(occurrence), pages, NOW)).toBe(expected);
});

test("only a return is known: what opens, gets worse or needs a person calls", () => {
  for (const kind of ["opened", "severity", "escalated", "reminder", "proposal"] as const)
    expect(isKnown({ ...reopened(5), kind }, [page(MINUTE, 5)], NOW)).toBe(false);
});

let store: TestStore;
let time = NOW;
const clock: Clock = { now: () => time, monotonic: () => time, sleep: async () => {} };
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());
beforeEach(() => {
  time = NOW;
});

function open(app: string, reaches: "people" | "programs") {
  const got: Message[] = [];
  const send = async (message: Message) => void got.push(message);
  const channels = new Map([["ops", { reaches, send }]]);
  const box = createOutbox({ store, app, clock, channels, escalate: {}, redact: createRedactor() });
  let event = 0;
  const tell = async (kind: Message["kind"], change: Partial<Message["incident"]> = {}) => {
    event += 1;
    const message = testMessage({ id: app, event, kind });
    await box.enqueue(store.db, { ...message, incident: { ...message.incident, ...change } });
    await box.drain();
    // What is no page may wait for 5 min after another.
    time += 6 * MINUTE;
    await box.drain();
  };
  const told = () => got.map(({ kind, quiet }) => (quiet ? `${kind} quietly` : kind));
  return { got, tell, told, box };
}

/** What comes back every 20 min, each time mended. */
async function slowFlap({ tell }: ReturnType<typeof open>) {
  await tell("opened");
  for (let occurrence = 2; occurrence <= 5; occurrence++) {
    await tell("resolved", { state: "resolved", occurrence: occurrence - 1 });
    time += 8 * MINUTE;
    await tell("reopened", { occurrence });
  }
}

test("a slow flap calls people as it opens and at its third time; an alert of a pager is made by these only", async () => {
  const people = open("returns-people", "people");
  await slowFlap(people);
  expect(people.told().filter((kind) => kind !== "resolved")).toEqual([
    ...["opened", "reopened quietly", "reopened", "reopened quietly", "reopened quietly"],
  ]);
  expect(people.got.filter(({ kind }) => kind !== "resolved").map((message) => actionsOf(message).length)).toEqual([
    ...[1, 0, 1, 0, 0],
  ]);
});

test("programs are told everything as it is, and people are called the moment it gets worse or needs them", async () => {
  const programs = open("returns-programs", "programs");
  await slowFlap(programs);
  expect(programs.told().filter((kind) => kind === "reopened")).toHaveLength(4);
  const people = open("returns-worse", "people");
  await people.tell("opened", { severity: "SEV2" });
  time += MINUTE;
  await people.box.drain();
  await people.tell("reopened", { severity: "SEV1", occurrence: 2 });
  await people.tell("escalated", { occurrence: 2 });
  expect(people.told()).toEqual(["opened", "reopened", "escalated"]);
});
