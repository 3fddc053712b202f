import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createLoops } from "./loops.ts";
import { endAll, orHurry } from "./stop-steps.ts";

test("a step that fails skips none, and is named", async () => {
  const done: string[] = [];
  const fail = () => {
    throw new Error("no");
  };
  const step = (what: string, end: () => unknown = () => done.push(what)) => ({ what, end });
  const ending = endAll([step("a"), step("b", fail), step("c"), step("d", async () => fail()), step("e")]);
  await expect(ending).rejects.toMatchObject({
    code: "SM-STOP-INCOMPLETE",
    message: "not everything was stopped: b (no), d (no)",
  });
  expect(done).toEqual(["a", "c", "e"]);
});

test("in a hurry nothing is waited for", async () => {
  const hurry = new AbortController();
  const waiting = orHurry(new Promise(() => {}), hurry.signal);
  hurry.abort();
  await waiting;
  await orHurry(Promise.reject(new Error("late")), hurry.signal);
  await expect(orHurry(Promise.reject(new Error("in time")), new AbortController().signal)).rejects.toThrow("in time");
});

test("background work is waited for, is not repeated after the halt, and its failures after the halt are nobody's", async () => {
  const reports: unknown[] = [];
  const loops = createLoops((error) => reports.push(error));
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: end, reject } = Promise.withResolvers<void>();
  let beats = 0;
  loops.every(1, () => {
    beats += 1;
    begin();
    return end;
  });
  await begun;
  loops.halt();
  let idle = false;
  const waiting = loops.idle().then(() => {
    idle = true;
  });
  await delay(20);
  expect(idle).toBe(false);
  reject(new Error("aborted"));
  await waiting;
  await delay(20);
  expect(beats).toBe(1);
  expect(reports).toEqual([]);
});
