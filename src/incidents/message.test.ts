import { expect, test } from "vitest";
import { timingFor } from "../watch/timing.ts";
import { decide } from "./lifecycle.ts";
import { causeOf, messageOf, refreshed } from "./message.ts";
import { CALM, MINUTE, START, verdict } from "./testing.ts";
import type { Effect, IncidentRecord, LifecycleEvent, Rules } from "./types.ts";

test("the last change before the first failure is named, none that came later or is older than an hour", () => {
  const iso = (at: number) => new Date(at).toISOString();
  const around = (...ats: number[]) => ({
    onset: START,
    evidence: { logs: [], metrics: {}, missing: [], changes: ats.map((at) => ({ at: iso(at), text: "deploy of r2" })) },
  });
  expect(causeOf(around(START + MINUTE, START - MINUTE, START - 2 * MINUTE))).toBe(
    "deploy of r2 (2026-03-01 11:59 UTC)",
  );
  expect(causeOf(around(START + MINUTE, START - 61 * MINUTE))).toBeUndefined();
  expect(causeOf({ onset: START, evidence: null })).toBeUndefined();
});

const rules: Rules = { environment: "production", protected: true, remedies: {}, timing: timingFor };

/** An incident whose plan waits for a person, and the message that proposes it. */
function proposed() {
  let state: IncidentRecord | null = null;
  const effects: Effect[] = [];
  const take = (event: LifecycleEvent) => {
    const decision = decide(state, event, rules);
    state = decision.state;
    effects.push(...decision.effects);
  };
  const at = START;
  take({ type: "verdict", at, verdict: verdict("DOWN"), id: "inc-1", key: "k", previous: null, situation: CALM });
  const work = () => state?.healing.pending ?? 0;
  const nothing = { logs: [], metrics: {}, changes: [], missing: [] };
  take({ type: "evidence", at, work: work(), evidence: nothing });
  const left = { healedElsewhereAt: null, restartsLeft: 2, actionsLeft: { hour: 4, day: 10 } };
  take({ type: "situation", at, work: work(), situation: CALM, ...left });
  const effect = effects.filter((one) => one.type === "notify").find(({ kind }) => kind === "proposal");
  if (state === null || effect === undefined) throw new Error("nothing was proposed");
  return { record: state as IncidentRecord, message: messageOf(state, effect, { project: "shop", links: [] }) };
}

test("a proposal that waits says until when it holds, and is withdrawn once that is over or the plan is another", () => {
  const { record, message } = proposed();
  expect(message.approveUntil).toBe(new Date(START + 30 * MINUTE).toISOString());
  const withdrawn = (change: Partial<IncidentRecord>, now = START + MINUTE) =>
    refreshed(message, { ...record, ...change }, now).withdrawn ?? false;
  const { healing } = record;
  expect(withdrawn({})).toBe(false);
  expect(withdrawn({}, START + 31 * MINUTE)).toBe(true);
  expect(withdrawn({ state: "monitoring", healing: { ...healing, phase: "idle" } })).toBe(true);
  expect(withdrawn({ healing: { ...healing, phase: "done", reason: "alice declined the plan" } })).toBe(true);
  expect(withdrawn({ healing: { ...healing, until: START + 50 * MINUTE } })).toBe(true);
});

test.each([
  ["api", "late", "api job backup missed its beat", "job backup missed its beat"],
  ["api", "job-failed", "api job backup says that it failed", "job backup says that it failed"],
  ["backup", "late", "backup job missed its beat", "job missed its beat"],
  [null, "late", "backup missed its beat", "missed its beat"],
])("the message about a job of %s that is %s names it", (service, failure, text, symptom) => {
  const late = verdict("DOWN", { service, component: "backup", checkId: "staging/check/backup", class: failure });
  const event = {
    type: "verdict",
    at: START,
    verdict: late,
    id: "inc-1",
    key: "k",
    previous: null,
    situation: CALM,
  } as const;
  const { state, effects } = decide(null, event, rules);
  const told = effects.find((effect) => effect.type === "notify");
  if (state === null || told === undefined) throw new Error("nobody was told");
  const message = messageOf(state, told, { project: "shop", links: [] });
  expect(message).toMatchObject({ text, incident: { symptom } });
});
