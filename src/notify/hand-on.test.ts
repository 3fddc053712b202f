import { expect, test } from "vitest";
import { createRedactor } from "../core/redact.ts";
import type { Channel } from "./channel.ts";
import { SendFailure } from "./failure.ts";
import { createOutbox } from "./outbox.ts";
import { channelFigures, listNotifications } from "./read.ts";
import { createCalls, levels, MINUTE, refusing } from "./testing.ts";

const calls = createCalls();
const { name, message, open, recorder, pass } = calls;

test("a page that waits for its minute was not refused: no other channel is called", async () => {
  const page = recorder("people");
  const boss = recorder();
  const box = open({ page: page.channel, boss: boss.channel }, levels);
  await box.enqueue(calls.store().db, message({ id: "a" }));
  calls.time += 500;
  await box.drain();
  await box.enqueue(calls.store().db, message({ id: "b" }));
  await box.drain();
  // Between two looks both moments pass: the one at which it may go, and 60 s after it was put down.
  calls.time += 61_000;
  await box.drain();
  await box.drain();
  expect(page.told()).toEqual(["a opened", "b opened"]);
  expect(boss.told()).toEqual([]);
});

test("what is refused for good is dead at once, in the audit, and the next channel is called", async () => {
  const boss = recorder();
  const box = open({ page: refusing({ retryable: false, status: 401 }), boss: boss.channel }, levels);
  await box.enqueue(calls.store().db, message({ id: "a" }));
  await box.drain();
  await box.drain();
  expect(boss.told()).toEqual(["a opened"]);
  expect(calls.audit).toEqual([`notify.given-up ${name("a")} it was refused: x: no •••`]);
  const [figures] = await channelFigures(calls.store().db, { app: calls.app, now: calls.time }).then((all) =>
    all.filter(({ channel }) => channel === "page"),
  );
  expect(figures).toMatchObject({ delivered: 0, dead: 1, lastError: "x: no •••", oldestPendingAt: null });
});

test("a page that hangs goes to the next channel after 60 s, once", async () => {
  const boss = recorder();
  const never: Channel = { send: () => new Promise(() => {}) };
  const box = open({ page: never, boss: boss.channel }, levels);
  await box.enqueue(calls.store().db, message({ id: "a" }));
  for (let second = 0; second < 59; second++) {
    box.kick();
    calls.time += 1_000;
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(boss.told()).toEqual([]);
  calls.time += 1_000;
  box.kick();
  await expect.poll(() => boss.told(), { timeout: 10_000 }).toEqual(["a opened"]);
  box.kick();
  await box.stop();
  expect(boss.told()).toEqual(["a opened"]);
});

test("a page that was not accepted goes to nobody else once somebody has it, or it is over", async () => {
  const boss = recorder();
  const away = refusing({});
  const box = open({ page: away, boss: boss.channel }, levels);
  await box.enqueue(calls.store().db, message({ id: "a" }));
  await box.enqueue(calls.store().db, message({ id: "b" }));
  await box.enqueue(calls.store().db, message({ id: "c" }));
  await pass(box, 30_000, 10_000);
  calls.stands.set(name("a"), { acknowledged: true });
  calls.stands.set(name("b"), { state: "monitoring" });
  await pass(box, 60_000, 10_000);
  expect(boss.told()).toEqual(["c opened"]);
});

test("a rise that was not accepted goes to the next one though somebody has the incident, unless he took it since", async () => {
  const boss = recorder();
  const box = open({ page: refusing({}), boss: boss.channel }, levels);
  for (const id of ["a", "b"]) {
    const { incident, ...rise } = message({ id, kind: "severity" });
    await box.enqueue(calls.store().db, { ...rise, incident: { ...incident, acknowledged: id === "a" } });
  }
  await pass(box, 30_000, 10_000);
  for (const id of ["a", "b"]) calls.stands.set(name(id), { acknowledged: true });
  await pass(box, 60_000, 10_000);
  expect(boss.told()).toEqual(["a severity"]);
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
    ...{
      store: calls.store(),
      app: calls.app,
      clock: calls.clock,
      escalate: {},
      redact: createRedactor([]),
      channels: new Map([["ops", away]]),
    },
    refresh: async (old) => ({ ...old, ...(withdrawn ? { withdrawn } : {}) }),
  });
  await box.enqueue(calls.store().db, message({ id: "a", kind: "proposal" }));
  await box.drain();
  withdrawn = true;
  await pass(box, 40 * MINUTE, MINUTE);
  expect(attempts).toBe(1);
  expect(await listNotifications(calls.store().db, { app: calls.app, limit: 5 })).toMatchObject([
    { state: "skipped", error: "there is nothing to approve any more" },
  ]);
});

test("the end of what was told does not wait behind a call that is held back for its hours", async () => {
  const page = recorder("people");
  // 2026-03-01 is a Sunday.
  const escalate = { SEV2: { levels: [{ to: ["page"], after: 0 }], hours: "Mon-Fri 09:00-18:00 UTC" } };
  const box = open({ page: page.channel }, escalate);
  const put = async (kind: Parameters<typeof message>[0]["kind"], event: number, critical = false) => {
    const one = message({ id: "a", event, kind, severity: "SEV2" });
    await box.enqueue(calls.store().db, { ...one, incident: { ...one.incident, critical } });
  };
  await put("opened", 1, true);
  await pass(box, 31_000);
  await put("escalated", 2);
  await pass(box, MINUTE);
  expect(page.told()).toEqual(["a opened"]);
  await put("acknowledged", 3);
  calls.stands.set(name("a"), { state: "resolved" });
  await put("resolved", 4);
  await pass(box, 2 * MINUTE);
  expect(page.told()).toEqual(["a opened", "a acknowledged", "a resolved"]);
});

test("pages that were surely refused are one bundle again, and none where it is over by then", async () => {
  const page = recorder("people");
  let refuses = true;
  const flaky: Channel = {
    reaches: "people",
    send: async (...given) => {
      if (refuses) throw new SendFailure({ who: "x", reason: "away", retryable: true, isRefused: true });
      await page.channel.send(...given);
    },
  };
  const box = open({ page: flaky });
  for (const id of ["a", "b", "c"]) await box.enqueue(calls.store().db, message({ id, severity: "SEV2" }));
  await pass(box, 31_000);
  refuses = false;
  calls.stands.set(name("c"), { state: "monitoring" });
  await pass(box, 30_000);
  expect(page.got).toHaveLength(1);
  expect([page.got[0]?.incident.id, ...(page.got[0]?.also ?? []).map(({ id }) => id)].sort()).toEqual([
    name("a"),
    name("b"),
  ]);
});

test("of alerts that are sent one by one, one that was taken has its end although another one was refused", async () => {
  const page = recorder("people");
  const picky: Channel = {
    ...{ reaches: "people", apart: true },
    send: async (one, ...rest) => {
      if (one.incident.id === name("b") && one.kind === "opened")
        throw new SendFailure({ who: "x", reason: "not this one", retryable: true, isRefused: true });
      await page.channel.send(one, ...rest);
    },
  };
  const box = open({ page: picky });
  for (const id of ["a", "b"]) await box.enqueue(calls.store().db, message({ id, severity: "SEV2" }));
  await pass(box, 31_000);
  calls.stands.set(name("a"), { state: "resolved" });
  await box.enqueue(calls.store().db, message({ id: "a", event: 2, kind: "resolved", severity: "SEV2" }));
  await pass(box, MINUTE);
  expect(page.told().at(-1)).toBe("a resolved");
});

test("what some of the readers got is delivered: nobody else is called, and the audit names the others", async () => {
  const boss = recorder();
  const mail = refusing({ retryable: false, partly: true, reason: "gone@shop.test refused" });
  const box = open({ page: mail, boss: boss.channel }, levels);
  await box.enqueue(calls.store().db, message({ id: "a" }));
  await pass(box, 2 * MINUTE);
  expect(boss.told()).toEqual([]);
  expect(calls.audit).toEqual([`notify.partly-refused ${name("a")} x: gone@shop.test refused`]);
  const [one] = await listNotifications(calls.store().db, { app: calls.app, limit: 5 });
  expect(one).toMatchObject({ channel: "page", state: "delivered" });
});
