import { expect, test } from "vitest";
import { decide } from "./lifecycle.ts";
import { severityOf } from "./severity.ts";
import { MINUTE, START, verdict } from "./testing.ts";
import type { IncidentRecord, Rules, Situation } from "./types.ts";

const rules: Rules = {
  environment: "staging",
  remedies: {},
  timing: () => ({ graceMs: 1, betweenRestartsMs: 1, quietMs: 1 }),
};

function failing(
  change: Parameters<typeof verdict>[1] & { to?: "DOWN" | "DEGRADED" | "INTERMITTENT" } = {},
): IncidentRecord {
  const { to = "DOWN", ...rest } = change;
  const event = {
    type: "verdict",
    verdict: verdict(to, rest),
    at: START,
    id: "inc-1",
    key: "k",
    previous: null,
  } as const;
  const { state } = decide(null, { ...event, situation: null }, rules);
  if (!state) throw new Error("no incident");
  return state;
}

function down(servicesDown: string[], servicesTotal: number): Situation {
  return {
    deploying: false,
    lastDeployAt: null,
    previousGood: null,
    dependenciesDown: [],
    servicesTotal,
    servicesDown,
  };
}

const REPLICA = { class: "replica-gone", to: "DEGRADED" } as const;
const LOGIN = { class: "auth-step:1", family: "auth", component: "login" } as const;

test.each<[string, ReturnType<typeof failing>, Situation | null, number, string]>([
  ["something critical is down", failing(), null, 0, "SEV1"],
  ["something that is not critical is down", failing({ critical: false }), null, 0, "SEV2"],
  ["the only service is down and not critical", failing({ critical: false }), down(["api"], 1), 0, "SEV2"],
  ["one of two services is down and not critical", failing({ critical: false }), down(["api"], 2), 0, "SEV2"],
  ["both of two services are down", failing({ critical: false }), down(["api", "web"], 2), 0, "SEV1"],
  ["two of four services are down", failing({ critical: false }), down(["api", "web"], 4), 0, "SEV1"],
  ["two of five services are down", failing({ critical: false }), down(["api", "web"], 5), 0, "SEV2"],
  ["one replica of several is gone", failing(REPLICA), down([], 1), 0, "SEV2"],
  ["one replica of several is gone, not critical", failing({ ...REPLICA, critical: false }), down([], 1), 0, "SEV3"],
  [
    "one replica is gone while others are down",
    failing({ ...REPLICA, critical: false }),
    down(["a", "b"], 2),
    0,
    "SEV3",
  ],
  ["sign-in fails, the rest is up", failing({ ...LOGIN, critical: false }), down([], 1), 0, "SEV1"],
  ["sign-in fails with everything else", failing({ ...LOGIN, critical: false }), down(["api"], 1), 0, "SEV2"],
  ["now and then", failing({ to: "INTERMITTENT" }), null, 0, "SEV3"],
  ["slow and critical", failing({ to: "DEGRADED", class: "slow", family: "latency" }), null, 0, "SEV2"],
  [
    "slow, not critical",
    failing({ to: "DEGRADED", class: "slow", family: "latency", critical: false }),
    null,
    0,
    "SEV3",
  ],
  ["critical and degraded for half an hour", failing(REPLICA), null, 30 * MINUTE, "SEV1"],
  ["not critical and down for half an hour", failing({ critical: false }), null, 30 * MINUTE, "SEV2"],
  ["now and then for almost 4 hours", failing({ to: "INTERMITTENT" }), null, 239 * MINUTE, "SEV3"],
  ["now and then for 4 hours", failing({ to: "INTERMITTENT" }), null, 240 * MINUTE, "SEV2"],
])("%s", (_, record, situation, lasts, expected) => {
  expect(severityOf({ ...record, severity: "SEV3" }, situation, START + lasts)).toBe(expected);
});

test("a small matter that became SEV2 by its age alone becomes SEV1 half an hour later, not at once", () => {
  const record = { ...failing({ to: "INTERMITTENT" }), severity: "SEV2" as const };
  expect(severityOf(record, null, START + 241 * MINUTE)).toBe("SEV2");
  expect(severityOf(record, null, START + 270 * MINUTE)).toBe("SEV1");
});
