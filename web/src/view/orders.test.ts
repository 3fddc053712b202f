import { describe, expect, test } from "vitest";
import type { PreflightRow, UnderWay } from "../../../src/contract/rollout.ts";
import { REFUSED } from "../../../src/contract/testing.ts";
import { holdsOf, isHeld } from "./holds.ts";
import { ordersFor, sourceOf, standingOf } from "./previews.ts";
import { NO_TERMS, settle, type Terms } from "./terms.ts";

describe("what a person takes on themselves", () => {
  const window: PreflightRow = { ...REFUSED, item: "window" };
  const ALL = { override: ["backup"], breakGlass: true, reason: "r" };
  const both = { preflight: [window, REFUSED] };
  const settled = (terms: Partial<Terms>, plan: Parameters<typeof settle>[0] = both) => {
    const { left, isReady, waits, overrides } = settle(plan, { ...NO_TERMS, ...terms });
    return { left, isReady, waits, overrides };
  };

  test.each<[Partial<Terms>, string[], boolean, ReturnType<typeof settle>["waits"], object]>([
    [{}, ["window", "backup"], false, null, {}],
    [{ items: ["backup"] }, ["window"], false, null, { override: ["backup"], reason: "" }],
    [{ items: ["backup"], closed: "wait" }, [], false, "opening", { override: ["backup"], reason: "" }],
    [{ items: ["backup"], closed: "wait", reason: " r " }, [], true, "opening", { override: ["backup"], reason: "r" }],
    [{ items: ["backup"], closed: "break", reason: "r" }, [], true, null, ALL],
    [{ items: ["gone"], reason: "r" }, ["window", "backup"], false, null, {}],
  ])("%j leaves %j", (terms, left, isReady, waits, overrides) => {
    expect(settled(terms)).toEqual({ left, isReady, waits, overrides });
  });

  test("a rollout that is under way is waited for, or nothing begins", () => {
    const plan = (meeting: UnderWay["meeting"]) => ({
      underWay: { rollout: "ro-1", release: "r1", state: "BAKING" as const, until: null, meeting },
    });
    expect(settled({}, plan("supersede"))).toMatchObject({ isReady: true, waits: null });
    expect(settled({}, plan("wait"))).toMatchObject({ isReady: true, waits: "rollout" });
    expect(settled({}, plan("refuse"))).toMatchObject({ isReady: false });
    expect(settled({}, {})).toEqual({ left: [], isReady: true, waits: null, overrides: {} });
  });
});

test.each([
  [{ state: "running", ready: true, reason: null }, "running", ["close", "remove"]],
  [{ state: "running", ready: false, reason: null }, "being made", ["close", "remove"]],
  [{ state: "running", ready: false, reason: "503" }, "failed", ["wake", "close", "remove"]],
  [{ state: "asleep", ready: true, reason: null }, "asleep", ["wake", "remove"]],
  [{ state: "asleep", ready: false, reason: null }, "going to sleep", ["wake", "remove"]],
  [{ state: "closed", ready: true, reason: null }, "closed", ["remove"]],
  [{ state: "removed", ready: false, reason: "no room" }, "refused", []],
] as const)("a preview that is %j is %s", (preview, word, orders) => {
  expect(standingOf(preview).word).toBe(word);
  expect(ordersFor(preview)).toEqual(orders);
});

test("a preview is of a branch, of a pull request, or of both", () => {
  expect(sourceOf({ name: "pr-7", ref: "login" })).toBe("#7 login");
  expect(sourceOf({ name: "pr-7", ref: "refs/pull/7/head" })).toBe("#7");
  expect(sourceOf({ name: "br-login", ref: "login" })).toBe("login");
});

test("what holds an environment is one sentence", () => {
  expect(isHeld({})).toBe(false);
  expect(holdsOf({})).toBe("No lock, no freeze, nothing queued.");
  const lock = { environment: "p", holder: "ada", reason: "r", since: "2026-03-01T10:00:00.000Z" };
  expect(isHeld({ lock })).toBe(true);
  expect(holdsOf({ lock, freezes: [] })).toBe("It is locked by ada.");
});
