import { describe, expect, test } from "vitest";
import { timingFor } from "../watch/timing.ts";
import { type GuardInput, veto } from "./guard.ts";
import { decide } from "./lifecycle.ts";
import { CALM, MINUTE, START, verdict } from "./testing.ts";
import type { IncidentRecord, Rules } from "./types.ts";

const rules: Rules = { environment: "production", protected: true, remedies: {}, timing: timingFor };

function incident(change: Parameters<typeof verdict>[1] = {}, to: "DOWN" | "UNKNOWN" = "DOWN"): IncidentRecord {
  const begun = { type: "verdict", at: START, id: "inc-1", key: "k", previous: null, situation: CALM } as const;
  let { state } = decide(null, { ...begun, verdict: verdict("DOWN", change) }, rules);
  const later = { ...begun, at: START + 1, verdict: verdict(to, { ...change, at: START + 1 }) };
  if (to !== "DOWN") state = decide(state, later, rules).state;
  if (!state) throw new Error("no incident");
  return state;
}

const fine: GuardInput = {
  record: incident(),
  remedy: "restart",
  situation: CALM,
  healedElsewhereAt: null,
  actionsLeft: { hour: 4, day: 10 },
  rules,
  at: START,
};

test("nothing objects to a restart of the only service that fails", () => {
  expect(veto(fine)).toBeUndefined();
});

const held = { since: START, lookAt: START, told: false, missed: false };

describe("each row objects to what it is for", () => {
  test.each<[rule: string, kind: string, change: Partial<GuardInput>, reason: string]>([
    ["frozen", "stop", { record: { ...fine.record, frozen: true } }, "frozen"],
    ["unknown", "quiet", { record: incident({}, "UNKNOWN") }, "no check can say"],
    [
      "explained",
      "quiet",
      { record: { ...fine.record, needs: ["api"], suppressed: { ...held, by: ["inc-2"] } } },
      "inc-2 stands for it",
    ],
    [
      "storm",
      "freeze",
      { situation: { ...CALM, servicesTotal: 4, recentlyDown: ["api", "web", "worker"] } },
      "3 services fail at once (api, web, worker)",
    ],
    ["class", "unfit", { record: incident({ class: "http-4xx" }) }, 'does not help against "answers 4xx"'],
    ["class", "unfit", { record: incident({ class: "crash-loop", family: "deploy" }) }, "crashes again and again"],
    ["class", "unfit", { record: incident({ class: "tls-expired", family: "tls" }) }, "certificate expired"],
    ["class", "unfit", { record: incident({ class: "late" }) }, 'does not help against "missed its beat"'],
    ["budget", "stop", { actionsLeft: { hour: 0, day: 6 } }, "4 healing actions of an hour"],
    ["budget", "stop", { actionsLeft: { hour: 0, day: 0 } }, "10 healing actions of a day"],
    ["deploying", "wait", { situation: { ...CALM, deploying: true } }, "a deployment is in progress"],
    [
      "deploying",
      "wait",
      { situation: { ...CALM, deploying: true, restarting: true } },
      "another restart is under way",
    ],
    ["platform", "wait", { situation: { ...CALM, platformTrouble: "nothing is known of web2" } }, "web2"],
    [
      "database",
      "wait",
      { situation: { ...CALM, dependenciesDown: ["db"], databasesDown: ["db"] } },
      "db is down, and",
    ],
    ["parent", "wait", { situation: { ...CALM, dependenciesDown: ["auth"] } }, "auth is down"],
    ["elsewhere", "wait", { healedElsewhereAt: START - 4 * MINUTE }, "another service was healed"],
  ])("%s", (rule, kind, change, reason) => {
    expect(veto({ ...fine, ...change })).toMatchObject({ rule, kind, reason: expect.stringContaining(reason) });
  });
});

describe("and not to more than that", () => {
  test.each<[string, Partial<GuardInput>]>([
    [
      "three services that fail are half the house where there are three",
      { situation: { ...CALM, recentlyDown: ["a", "b", "c"] } },
    ],
    ["two of many", { situation: { ...CALM, servicesTotal: 9, recentlyDown: ["a", "b"] } }],
    [
      "services that have been down for long",
      { situation: { ...CALM, servicesTotal: 9, servicesDown: ["a", "b", "c"] } },
    ],
    [
      "going back to another release, whatever the class",
      { remedy: "redeploy", record: incident({ class: "crash-loop" }) },
    ],
    ["the late job of a worker", { record: incident({ class: "late" }), situation: { ...CALM, isWorker: true } }],
    ["another service that was healed 5 min ago", { healedElsewhereAt: START - 5 * MINUTE }],
    [
      "another service, where nothing is protected",
      { healedElsewhereAt: START, rules: { ...rules, protected: false } },
    ],
    [
      "a silence, which mutes and does not stop healing",
      { record: { ...fine.record, needs: ["api"], suppressed: { ...held, by: ["sil-1"] } } },
    ],
    [
      "an incident that shares a class with others and needs none of them",
      { record: { ...fine.record, suppressed: { ...held, by: ["inc-2"] } } },
    ],
    ["the last action there is", { actionsLeft: { hour: 1, day: 1 } }],
  ])("%s", (_what, change) => {
    expect(veto({ ...fine, ...change })).toBeUndefined();
  });
});
