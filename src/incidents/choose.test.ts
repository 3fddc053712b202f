import { describe, expect, test } from "vitest";
import type { RemediesConfig } from "../config/schema.ts";
import { timingFor } from "../watch/timing.ts";
import { asksFirst, type ChooseInput, choose, ladderOf, modeOf } from "./choose.ts";
import { decide } from "./lifecycle.ts";
import { CALM, MINUTE, START, verdict } from "./testing.ts";
import type { IncidentRecord, Rules } from "./types.ts";

const SESSIONS = { path: "/sessions", method: "DELETE" as const, headers: {} };
const DEFAULT: RemediesConfig["ladder"] = ["clear-sessions", "restart", "restart", "redeploy"];
const rules: Rules = { environment: "staging", protected: false, remedies: {}, timing: timingFor };
const withSessions: Rules = { ...rules, remedies: { api: { ladder: DEFAULT, clear_sessions: SESSIONS } } };
const withRequests: Rules = {
  ...rules,
  remedies: {
    api: {
      ladder: ["clear-sessions", "reconnect-pool", "drop-cache", "restart"],
      reconnect_pool: { path: "/pool", method: "POST", headers: {} },
      drop_cache: { path: "/cache", method: "DELETE", headers: {}, everything: true },
    },
  },
};
const deployed = { ...CALM, lastDeployAt: START - MINUTE, previousGood: "r1" };

function incident(change: Parameters<typeof verdict>[1] = {}, healing: Partial<IncidentRecord["healing"]> = {}) {
  const event = { type: "verdict", at: START, id: "inc-1", key: "k", previous: null, situation: CALM } as const;
  const { state } = decide(null, { ...event, verdict: verdict("DOWN", change) }, rules);
  if (!state) throw new Error("no incident");
  return { ...state, healing: { ...state.healing, ...healing } };
}

const fresh: ChooseInput = {
  record: incident(),
  situation: CALM,
  healedElsewhereAt: null,
  restartsLeft: 2,
  actionsLeft: { hour: 4, day: 10 },
  rules,
  at: START,
};
const login = incident({ class: "auth-step:2", family: "auth", component: "login" });

describe("the first rung that applies", () => {
  test.each<[string, Partial<ChooseInput>, unknown]>([
    ["a dead process is restarted", {}, { type: "act", remedy: "restart", last: false }],
    [
      "a sign-in gets its sessions cleared first",
      { record: login, rules: withSessions },
      { type: "act", remedy: "clear-sessions" },
    ],
    ["a sign-in without a request for that is restarted", { record: login }, { type: "act", remedy: "restart" }],
    [
      "lost connections get their pool cleared first",
      { record: incident({ class: "reset" }), rules: withSessions },
      { type: "act", remedy: "clear-sessions" },
    ],
    [
      "lost connections are made anew, where there is a request for it",
      { record: incident({ class: "reset" }), rules: withRequests },
      { type: "act", remedy: "reconnect-pool" },
    ],
    [
      "a failed sign-in may be its cache's fault, not its pool's",
      { record: login, rules: withRequests },
      { type: "act", remedy: "drop-cache" },
    ],
    ["neither helps against a refused connection", { rules: withRequests }, { type: "act", remedy: "restart" }],
    ["a refused connection does not", { rules: withSessions }, { type: "act", remedy: "restart" }],
    [
      "slowness after a deployment goes back to the release before it",
      { record: incident({ class: "slow", family: "latency" }), situation: deployed },
      { type: "act", remedy: "redeploy", last: false },
    ],
    [
      "slowness without one is restarted",
      { record: incident({ class: "slow", family: "latency" }) },
      { type: "act", remedy: "restart" },
    ],
    [
      "the second restart waits for the first to settle",
      { record: incident({ everyMs: 60_000 }, { step: 2, lastRestartAt: START }) },
      { type: "pace", remedy: "restart", until: START + 2 * MINUTE },
    ],
    [
      "what a restart cannot mend goes back at once, and a person is called",
      { record: incident({ class: "crash-loop", family: "deploy" }), situation: deployed },
      { type: "act", remedy: "redeploy", last: true },
    ],
    ["without restarts and a release to blame nothing is left", { restartsLeft: 0 }, { type: "exhausted" }],
    [
      "once a database was changed for good there is no way back",
      { record: incident({ class: "crash-loop" }), situation: { ...deployed, irreversible: true } },
      { type: "exhausted" },
    ],
    [
      "nor a second time",
      { record: incident({ class: "crash-loop" }, { redeployed: true }), situation: deployed },
      { type: "exhausted" },
    ],
    [
      "nor where others fail that the release left alone",
      { record: incident({ class: "crash-loop" }), situation: { ...deployed, servicesDown: ["api", "web"] } },
      { type: "exhausted" },
    ],
    [
      "what only has to be waited for keeps its rung",
      { situation: { ...CALM, deploying: true } },
      { type: "veto", remedy: "restart" },
    ],
  ])("%s", (_what, change, expected) => {
    expect(choose({ ...fresh, ...change }).next).toMatchObject(expected as object);
  });
});

test("rungs that may not be used are named once, with the reason and whether a limit is used up", () => {
  expect(choose({ ...fresh, restartsLeft: 0 }).refused).toEqual([
    { remedy: "restart", reason: "the 2 restarts of this hour are used", spent: true },
  ]);
  for (const restartsLeft of [2, 0])
    expect(choose({ ...fresh, restartsLeft, record: incident({ class: "dns", family: "dns" }) }).refused).toEqual([
      { remedy: "restart", reason: 'a restart does not help against "name not found"', spent: false },
    ]);
});

test("the order of the manifest, but the sessions first for a sign-in and the release first for slowness", () => {
  const odd: Rules = { ...rules, remedies: { api: { ladder: ["restart", "redeploy", "clear-sessions"] } } };
  const of = (family: IncidentRecord["family"]) => ladderOf({ service: "api", family }, odd);
  expect(of("availability")).toEqual(["restart", "redeploy", "clear-sessions"]);
  expect(of("auth")).toEqual(["clear-sessions", "restart", "redeploy"]);
  expect(of("latency")).toEqual(["redeploy", "restart", "clear-sessions"]);
});

test.each([
  [false, undefined, "act"],
  [true, undefined, "propose"],
  [true, "act", "act"],
  [false, "propose", "propose"],
] as const)("protected %s and mode %s: %s", (isProtected, mode, expected) => {
  const remedies: Rules["remedies"] = mode === undefined ? {} : { api: { mode, ladder: DEFAULT } };
  expect(modeOf({ service: "api" }, { ...rules, protected: isProtected, remedies })).toBe(expected);
});

test("rungs without their request are none, and what reaches further than the service waits for a person", () => {
  const api = { service: "api", family: "availability" } as const;
  const bare: Rules = { ...rules, remedies: { api: { ladder: ["reconnect-pool", "drop-cache", "restart"] } } };
  expect(ladderOf(api, bare)).toEqual(["restart"]);
  expect(ladderOf(api, withRequests)).toEqual(["clear-sessions", "reconnect-pool", "drop-cache", "restart"]);
  const asks = (["reconnect-pool", "drop-cache", "restart"] as const).map((one) => asksFirst(one, api, withRequests));
  expect(asks).toEqual([false, true, false]);
  expect(asksFirst("restart", api, { ...withRequests, protected: true })).toBe(true);
});
