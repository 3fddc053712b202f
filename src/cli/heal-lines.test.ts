import { expect, test } from "vitest";
import type { HealingFigures, HealingPlan } from "../contract/healing.ts";
import { figureLines, orderQuestion, planLines } from "./heal-lines.ts";

const plan: HealingPlan = {
  ...{ incident: "inc-1", service: "api", mode: "propose", phase: "proposed", underWay: null, after: ["restart"] },
  next: { remedy: "restart", step: 2, rung: 1, name: "restart of api (1 of 2)", evidence: "inc-1#2", graceMs: 180_000 },
  ...{ refused: [], veto: null, notBefore: null, validUntil: null, stopped: null, well: false },
  left: { restarts: 1, actionsThisHour: 3, actionsToday: 9 },
};

test("a plan says what is next, why not yet, what comes after and what is left", () => {
  expect(planLines({ ...plan, veto: { rule: "database", reason: "db is down" } })).toEqual([
    "inc-1  api  proposes, and a person decides",
    "next     restart of api (1 of 2)",
    "checks   have 3 min to pass after it",
    "waits    db is down",
    "then     restart",
    "evidence inc-1#2",
    "left     1 restart; 3 of 4 actions this hour, 9 of 10 today",
  ]);
});

test("who orders the next remedy hears what would hold it back", () => {
  expect(orderQuestion(plan)).toBe("Carry out restart of api (1 of 2) now?");
  expect(orderQuestion({ ...plan, veto: { rule: "database", reason: "db is down" } })).toBe(
    "Carry out restart of api (1 of 2) now, although by itself it would wait (db is down)?",
  );
});

test("after a person declined, or without a plan, it does not promise one", () => {
  const lines = planLines({ ...plan, phase: "done", stopped: "alice declined the plan: the disk is full" });
  expect(lines.slice(0, 2)).toEqual([
    "inc-1  api  healing has stopped: alice declined the plan: the disk is full",
    "by hand  restart of api (1 of 2), with stationmaster heal inc-1 --now",
  ]);
  expect(planLines({ ...plan, phase: "waiting" })[0]).toBe("inc-1  api  acts on a person's word only");
});

test("where nothing is left it says why, and of a check without a service nothing but that", () => {
  const refused = [{ remedy: "restart" as const, reason: "the 2 restarts of this hour are used" }];
  const lines = planLines({ ...plan, mode: "act", next: null, after: [], refused });
  expect(lines).toContain("next     nothing: people are called");
  expect(lines).toContain("by hand  stationmaster restart api, or stationmaster rollback");
  expect(lines).toContain("refused  restart: the 2 restarts of this hour are used");
  expect(planLines({ ...plan, service: null })).toEqual(["inc-1 is about no service: there is nothing to heal"]);
});

test("of an incident that has recovered it says that nothing is to be done, and calls nobody", () => {
  const lines = planLines({ ...plan, phase: "idle", next: null, after: [], well: true });
  expect(lines.slice(0, 2)).toEqual(["inc-1  api  is well and watched", "next     nothing, all checks pass"]);
  expect(lines.join("\n")).not.toMatch(/people are called|by hand/);
});

test("figures are a table, or one line where there are none", () => {
  const none = { actions: 0, verified: 0, held: 0, failed: 0, declined: 0, undone: 0, success: null, regret: null };
  const figures: HealingFigures = { since: "2026-03-01T12:00:00.000Z", total: none, steps: [], classes: [] };
  expect(figureLines(figures)).toEqual([expect.stringMatching(/^nothing was healed since /)]);
  const some = { ...none, actions: 3, verified: 2, held: 2, failed: 1, success: 2 / 3, regret: 0 };
  const text = figureLines({
    ...figures,
    total: some,
    steps: [{ step: 3, remedy: "restart", ...some }],
    classes: [{ class: "refused", ...some }],
  }).join("\n");
  expect(text).toMatch(/second restart +3 +2 +2 +1 +0 +0 +67 % +0 %/);
  expect(text).toContain("against refused");
});
