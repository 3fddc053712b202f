import { expect, test } from "vitest";
import { belongs, recoveriesMs, wrongDown } from "./figures.ts";
import type { Spell } from "./world.ts";

const MINUTE = 60_000;
const spell: Spell = { at: 10 * MINUTE, endedAt: 15 * MINUTE, who: ["api"], does: "refused", share: 1, nothing: false };

test("an alarm belongs to a fault of its service, from its beginning until two minutes after its end", () => {
  const alarm = (service: string, minute: number) => belongs({ service, at: minute * MINUTE }, spell);
  expect([9.9, 10, 15, 17, 17.1].map((minute) => alarm("api", minute))).toEqual([false, true, true, true, false]);
  expect(alarm("web", 12)).toBe(false);
});

test("wrong DOWN is the time in which nothing was wrong with that target: before, after, and of others all of it", () => {
  const down = (name: string, from: number, to: number) => ({ name, from: from * MINUTE, to: to * MINUTE });
  expect(wrongDown([down("api", 11, 15)], [spell])).toBe(0);
  expect(wrongDown([down("api", 9, 11)], [spell])).toBe(MINUTE);
  expect(wrongDown([down("api", 12, 18)], [spell])).toBe(3 * MINUTE);
  expect(wrongDown([down("api", 20, 21), down("web", 10, 14)], [spell])).toBe(5 * MINUTE);
});

test("wrong DOWN may last until recoveries are believed, and where nothing was wrong not at all", () => {
  const checks = [
    { name: "api", everyMs: 30_000 },
    { name: "web", everyMs: 60_000 },
  ];
  expect(recoveriesMs(checks, [])).toBe(0);
  expect(recoveriesMs(checks, [{ who: ["api"] }, { who: ["api", "web"] }])).toBe(3.2 * 120_000);
});
