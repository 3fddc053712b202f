import fc from "fast-check";
import { expect, test } from "vitest";
import { lockDelay, retryOnLock } from "./retry.ts";

const locked = new Error("locked");
const options = (signal: AbortSignal, slept: number[] = []) => ({
  isLock: (error: unknown) => error === locked,
  clock: {
    now: () => 0,
    monotonic: () => 0,
    sleep: async (ms: number, stop?: AbortSignal) => {
      slept.push(ms);
      stop?.throwIfAborted();
    },
  },
  signal,
  random: () => 1,
});

test("waits longer each time, up to half a minute, and never the same for all", () => {
  expect([1, 2, 3, 4, 5, 6, 9].map((attempt) => lockDelay(attempt, 1))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const delay = lockDelay(attempt, random);
      return delay >= 500 && delay <= 30_000;
    }),
  );
});

test("tries again while a lock is held, and only then", async () => {
  const slept: number[] = [];
  const { signal } = new AbortController();
  const third = async (number: number) => {
    if (number < 3) throw locked;
    return number;
  };
  expect(await retryOnLock(third, options(signal, slept))).toBe(3);
  expect(slept).toEqual([1_000, 2_000]);
  const broken = async () => {
    throw new Error("syntax");
  };
  await expect(retryOnLock(broken, options(signal))).rejects.toThrow("syntax");
});

test("at the end of its time it says that a lock was held, also when it was stopped in the middle of an attempt", async () => {
  const end = new AbortController();
  const stopped = async (number: number) => {
    if (number === 1) throw locked;
    end.abort(new Error("time is over"));
    throw end.signal.reason;
  };
  await expect(retryOnLock(stopped, options(end.signal))).rejects.toBe(locked);
});
