import { expect, test } from "vitest";
import type { RunResult } from "./types.ts";
import { decide, newCheck } from "./verdict.ts";

const EVERY_MS = 60_000;
const facts = { notAfter: 1_900_000_000, secondsLeft: 9 * 86_400 };

function run(at: number, expiring: boolean): RunResult {
  const times = { plannedAt: at, startedAt: at, kind: "scheduled", durationMs: 5 } as const;
  if (!expiring) return { ...times, outcome: "ok", class: null, family: null, detail: null };
  return { ...times, outcome: "slow", class: "tls-expiring", family: "tls", detail: "expires on 2030-03-17", facts };
}

test("a certificate that ends soon is DEGRADED at once and says when; a new one brings the check back up", () => {
  let state = { ...newCheck, verdict: "UP" as const, since: 0 };
  const changes = [true, true, ...Array.from({ length: 12 }, () => false)].flatMap((expiring, index) => {
    const event = { result: run(index * EVERY_MS, expiring), blind: null, random: 0.5 };
    const decision = decide(state, event, { everyMs: EVERY_MS, recheck: 2 });
    state = decision.state as typeof state;
    return decision.effects.filter(({ type }) => type === "verdict");
  });
  expect(changes).toMatchObject([
    { from: "UP", to: "DEGRADED", class: "tls-expiring", family: "tls", detail: "expires on 2030-03-17", facts },
    { from: "DEGRADED", to: "UP" },
  ]);
});
