import { expect, test } from "vitest";
import { decide } from "./lifecycle.ts";
import { failingHosts } from "./members.ts";
import type { Situation } from "./outlook.ts";
import { severityOf } from "./severity.ts";
import { CALM, MINUTE, START, verdict } from "./testing.ts";
import type { IncidentRecord, Rules } from "./types.ts";

const rules: Rules = {
  environment: "staging",
  protected: false,
  remedies: {},
  timing: () => ({ graceMs: 1, betweenRestartsMs: 1, provenMs: 0, quietMs: 1 }),
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
  return { ...CALM, servicesTotal, servicesDown };
}

const REPLICA = { class: "replica-gone", to: "DEGRADED" } as const;
const LOGIN = { class: "auth-step:1", family: "auth", component: "login" } as const;

const BURN = { component: "slo", to: "DEGRADED", critical: false } as const;

function expiring(hours: number) {
  const notAfter = (START + hours * 60 * MINUTE) / 1_000;
  return { class: "tls-expiring", family: "tls", to: "DEGRADED", facts: { notAfter } } as const;
}

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
  ["sign-in fails, of no service", { ...failing({ ...LOGIN, critical: false }), service: null }, null, 0, "SEV1"],
  ["sign-in fails, and nobody knows of the rest yet", failing({ ...LOGIN, critical: false }), null, 0, "SEV2"],
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
  ["data at risk", failing({ critical: false, impact: "data" }), null, 0, "SEV1"],
  [
    "a breach that shows in a slow answer",
    failing({ to: "DEGRADED", critical: false, impact: "security" }),
    null,
    0,
    "SEV1",
  ],
  ["data at risk now and then", failing({ to: "INTERMITTENT", critical: false, impact: "data" }), null, 0, "SEV3"],
  ["the errors of the month used up 14 times too fast", failing({ ...BURN, class: "burn:14.4" }), null, 0, "SEV1"],
  ["6 times too fast", failing({ ...BURN, class: "burn:6" }), null, 0, "SEV2"],
  ["just too fast, critical", failing({ ...BURN, critical: true, class: "burn:1" }), null, 0, "SEV3"],
  ["just too fast for a day", failing({ ...BURN, class: "burn:1" }), null, 24 * 60 * MINUTE, "SEV3"],
  ["a certificate that ends in 13 days, critical", failing(expiring(13 * 24)), null, 0, "SEV3"],
  ["a certificate that ends in 47 hours", failing(expiring(47)), null, 0, "SEV2"],
  ["one that ended in 50 hours, 3 hours later", failing(expiring(50)), null, 3 * 60 * MINUTE, "SEV2"],
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

const H1 = { checkId: "p/api/health@h1", places: 2 };
const H2 = { checkId: "p/api/health@h2", places: 2 };

test.each<[string, IncidentRecord[], Situation | null, string]>([
  ["on one of two hosts", [failing(H1)], down(["api"], 1), "SEV2"],
  ["on both", [failing(H1), failing(H2)], null, "SEV1"],
  [
    "on one, as its process and as its health",
    [failing(H1), failing({ ...H1, checkId: "p/api/process@h1" })],
    null,
    "SEV2",
  ],
  ["on one, of how many nobody remembers", [failing({ checkId: "p/api/health@h1" })], null, "SEV1"],
  [
    "on one, while the other services are down",
    [failing({ ...H1, critical: false })],
    down(["web", "worker"], 3),
    "SEV2",
  ],
])("what is critical and down %s", (_, records, situation, expected) => {
  const [first] = records;
  const members = Object.assign({}, ...records.map((record) => record.members));
  expect(severityOf({ ...(first as IncidentRecord), members, severity: "SEV3" }, situation, START)).toBe(expected);
});

test("an incident names the hosts that fail, also once they are well again", () => {
  const opened = decide(
    null,
    {
      type: "verdict",
      verdict: verdict("DOWN", H2),
      at: START,
      id: "inc-1",
      key: "k",
      previous: null,
      situation: null,
    },
    rules,
  );
  expect(opened.effects).toContainEqual(
    expect.objectContaining({ type: "notify", text: "api not answering (connection refused) on h2" }),
  );
  const well = {
    type: "verdict",
    verdict: verdict("UP", { ...H2, at: START + 1 }),
    at: START + 1,
    id: "",
    key: "k",
    previous: null,
    situation: null,
  } as const;
  const { state } = decide(opened.state, well, rules);
  expect(state && failingHosts(state)).toEqual(["h2"]);
});
