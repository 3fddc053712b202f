import { expect, test } from "vitest";
import { newThread } from "./channel.ts";
import type { Message } from "./message.ts";
import { createChannels } from "./registry.ts";
import { channelsFor, needless, nextAttempt } from "./routing.ts";
import { testMessage } from "./testing.ts";
import { messageLine } from "./text.ts";

const channels = ["ops", "page", "mail"];

test("all channels hear of SEV1 and SEV2, none of SEV3, unless the manifest says otherwise", () => {
  expect(channelsFor({ severity: "SEV1", escalate: {}, channels, informed: [] })).toEqual(channels);
  expect(channelsFor({ severity: "SEV2", escalate: {}, channels, informed: [] })).toEqual(channels);
  expect(channelsFor({ severity: "SEV3", escalate: {}, channels, informed: [] })).toEqual([]);
  expect(
    channelsFor({
      severity: "SEV2",
      escalate: { SEV2: { levels: [{ to: ["ops"], after: 0 }] } },
      channels,
      informed: [],
    }),
  ).toEqual(["ops"]);
});

test("who was told of trouble is told of its end; a channel that is gone is left out", () => {
  expect(
    channelsFor({
      severity: "SEV3",
      escalate: { SEV1: { levels: [{ to: ["page"], after: 0 }] } },
      channels,
      informed: ["page", "gone"],
    }),
  ).toEqual(["page"]);
});

test("a proposal that waited is not sent once there is nothing to approve", () => {
  const message = testMessage({ kind: "proposal" });
  const over: Message = { ...message, incident: { ...message.incident, state: "monitoring" } };
  expect(needless(message, true)).toBeUndefined();
  expect(needless(over, true)).toBeDefined();
});

test("retries double from 10 s to 15 min and end after 24 h", () => {
  const waits = [1, 2, 3, 7, 8, 40].map((attempts) => nextAttempt({ attempts, createdAt: 0, now: 1_000 }));
  expect(waits).toEqual([11_000, 21_000, 41_000, 641_000, 901_000, 901_000]);
  expect(nextAttempt({ attempts: 100, createdAt: 0, now: 86_400_000 })).toBeUndefined();
});

test("the console prints one line with what, since when and what to do", async () => {
  const lines: string[] = [];
  const channel = createChannels(
    { here: { kind: "console" } },
    { now: () => 0, print: (line) => lines.push(line) },
  ).get("here");
  await channel?.send(
    { ...testMessage(), text: "api process gone\nfor good" },
    new AbortController().signal,
    newThread(),
  );
  const line =
    "api process gone for good; since 2026-03-01 11:59:00 UTC; collecting evidence, then healing; nothing yet";
  expect(lines).toEqual([`SEV1 staging/api: ${line} (inc-1)`]);
  expect(lines[0]).toBe(messageLine({ ...testMessage(), text: "api process gone for good" }));
  const text = "ada tries this channel; nothing is wrong";
  expect(messageLine({ ...testMessage(), kind: "test", text })).toBe(`[test] SEV1 staging/api: ${text} (inc-1)`);
});

test("a call that waited for its hours is not made once it is over; SEV1 is", () => {
  const over = (kind: Message["kind"], severity: Message["incident"]["severity"] = "SEV2"): Message => {
    const message = testMessage({ kind, severity });
    return { ...message, incident: { ...message.incident, state: "monitoring" } };
  };
  expect(needless(over("escalated"), false)).toBe("it was over before its time came");
  expect(needless(over("severity"), false)).toBe("it was over before its time came");
  expect(needless(over("severity"), true)).toBe("it was over before its time came");
  expect(needless(over("escalated", "SEV1"), false)).toBeUndefined();
});
