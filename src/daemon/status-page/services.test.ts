import { expect, test } from "vitest";
import type { Check } from "../../contract/check.ts";
import type { DayCounts } from "../../watch/days.ts";
import { checksOf, publicService, SHOWN_DAYS } from "./services.ts";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const TODAY = Date.parse("2026-03-10T00:00:00Z");
const DAY = 86_400_000;

type Looked = Parameters<typeof publicService>[1]["checks"][number];

function check(
  id: string,
  verdict: Check["verdict"],
  { service = "web" as string | null, type = "http" as Check["type"], ago = 1_000, critical = true } = {},
): Looked {
  const lastResult = { at: new Date(NOW - ago).toISOString() } as Check["lastResult"];
  return { id, service, type, everyMs: 10_000, critical, verdict, lastResult };
}

function counts(checkId: string, day: number, more: Partial<DayCounts>): DayCounts {
  return { checkId, day, ok: 0, slow: 0, fail: 0, unknown: 0, ...more };
}

function page(checks: Looked[], days: DayCounts[] = [], key = "web") {
  return publicService({ key, name: "Shop" }, { environment: "prod", checks, days, now: NOW });
}

test.each([
  ["all well", [check("prod/web/health", "UP"), check("prod/web/process", "SUSPECT")], "operational", false],
  ["a critical one down", [check("prod/web/health", "DOWN"), check("prod/web/process", "UP")], "outage", false],
  [
    "something else down",
    [check("prod/check/x", "DOWN", { critical: false }), check("prod/web/health", "UP")],
    "degraded",
    false,
  ],
  ["nothing but something small, down", [check("prod/check/x", "DOWN", { critical: false })], "outage", false],
  [
    "down on one of two hosts",
    [check("prod/web/health@a", "DOWN"), check("prod/web/health@b", "UP")],
    "degraded",
    false,
  ],
  ["down on both", [check("prod/web/health@a", "DOWN"), check("prod/web/health@b", "DOWN")], "outage", false],
  [
    "one unknown is never green",
    [check("prod/web/health", "UNKNOWN"), check("prod/web/process", "UP")],
    "unknown",
    false,
  ],
  ["stale is unknown whatever it said", [check("prod/web/health", "UP", { ago: 26_000 })], "unknown", true],
  ["no check", [], "unknown", false],
] as const)("%s", (_what, checks, state, stale) => {
  expect(page([...checks])).toMatchObject({ state, stale });
});

test("a certificate that ends soon disturbs nobody yet; one that is slow does", () => {
  const slow = (name: string) => {
    const one = check("prod/check/cert", "DEGRADED");
    return { ...one, lastResult: { ...one.lastResult, class: name } as Check["lastResult"] };
  };
  expect(page([slow("tls-expiring")]).state).toBe("operational");
  expect(page([slow("slow")]).state).toBe("degraded");
});

test("a check that speaks for no service shows only under its own name", () => {
  const checks = [check("prod/check/cert", "DOWN", { service: null }), check("prod/web/health", "UP")];
  expect(page(checks).state).toBe("operational");
  expect(page(checks, [], "cert").state).toBe("outage");
  expect(checksOf(checks, "other", "prod")).toEqual([]);
});

test("a late job says nothing of a service that answers, and all of one that is asked in no other way", () => {
  const late = check("prod/check/nightly", "DOWN", { type: "heartbeat" });
  const missed = counts("prod/check/nightly", TODAY, { ok: 1, fail: 1 });
  const both = page([late, check("prod/web/health", "UP")], [missed, counts("prod/web/health", TODAY, { ok: 9 })]);
  expect(both).toMatchObject({ state: "operational", uptime90d: 1 });
  expect(page([late], [missed])).toMatchObject({ state: "outage", uptime90d: 0.5 });
});

test("days are told by the worst check; a day that nobody saw is unknown, not well", () => {
  const checks = [check("prod/web/health@a", "UP"), check("prod/web/health@b", "UP"), check("prod/check/login", "UP")];
  const { days, uptime90d } = page(checks, [
    counts("prod/web/health@a", TODAY, { ok: 1_000 }),
    counts("prod/web/health@b", TODAY, { ok: 1_000 }),
    counts("prod/check/login", TODAY, { ok: 90, fail: 10 }),
    counts("prod/web/health@a", TODAY - DAY, { ok: 900, fail: 100 }),
    counts("prod/web/health@b", TODAY - DAY, { ok: 3_900 }),
    counts("prod/web/health@a", TODAY - 2 * DAY, { ok: 10, unknown: 11 }),
    counts("prod/web/health@a", TODAY - 3 * DAY, { ok: 10, slow: 5 }),
    counts("prod/other/health", TODAY - 4 * DAY, { fail: 5 }),
  ]);
  expect(days).toHaveLength(SHOWN_DAYS);
  expect(days.slice(-5).map(({ day, state }) => [day, state])).toEqual([
    ["2026-03-06", "unknown"],
    ["2026-03-07", "operational"],
    ["2026-03-08", "unknown"],
    ["2026-03-09", "degraded"],
    ["2026-03-10", "outage"],
  ]);
  expect(days.at(-1)?.uptime).toBeCloseTo(0.9);
  expect(uptime90d).toBeCloseTo(0.9);
});
