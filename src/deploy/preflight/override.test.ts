import { expect, test } from "vitest";
import type { PreflightRow, RolloutPlan } from "../../contract/rollout.ts";
import { override, refuseUnmet, unmet } from "./override.ts";

const row = (item: string, ok: boolean): PreflightRow => ({
  ...{ item, ok, evidence: `${item} evidence`, next: ok ? null : `mend ${item}` },
  override: null,
});
const ROWS = [row("window", false), row("qa", false), row("disk", true)];
const plan = (preflight: PreflightRow[]) => ({ release: "r6", environment: "production", preflight }) as RolloutPlan;
const taken = (items: string[], breakGlass = false, reason: string | undefined = "the fix") =>
  override(ROWS, { items, breakGlass, reason }, "cli:ada");

test.each([
  [[], false, ["window", "qa"]],
  [["qa"], false, ["window"]],
  [[], true, ["qa"]],
  [["qa", "disk"], true, []],
])("with %j and break-glass %s what is left is %j", (items, breakGlass, left) => {
  expect(unmet(plan(taken(items, breakGlass))).map(({ item }) => item)).toEqual(left);
});

test("who and why are in the row; what was met needs no override", () => {
  expect(taken(["qa", "disk"])).toMatchObject([
    { item: "window", override: null },
    { item: "qa", override: { who: "cli:ada", reason: "the fix" } },
    { item: "disk", override: null },
  ]);
});

test.each([
  [["qa"], false, undefined, "SM-OVERRIDE-REASON"],
  [[], true, "  ", "SM-OVERRIDE-REASON"],
  [["qq"], false, "r", "SM-OVERRIDE-ITEM"],
  [["window"], false, "r", "SM-OVERRIDE-ITEM"],
])("%j, break-glass %s, reason %j: %s", (items, breakGlass, reason, code) => {
  expect(() => override(ROWS, { items, breakGlass, reason }, "cli:ada")).toThrow(expect.objectContaining({ code }));
});

test("a refusal names what is missing and the first thing to do", () => {
  expect(() => refuseUnmet(plan(ROWS))).toThrow(
    expect.objectContaining({
      code: "SM-PREFLIGHT",
      exitCode: 3,
      message: "r6 may not go to production: window (window evidence), qa (qa evidence)",
      next: "mend window",
    }),
  );
  expect(() => refuseUnmet(plan(taken(["qa"])), { except: "window" })).not.toThrow();
  expect(() => refuseUnmet(plan([]))).not.toThrow();
});
