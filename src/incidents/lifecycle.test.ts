import fc from "fast-check";
import { expect, test } from "vitest";
import type { Verdict } from "../contract/check.ts";
import { timingFor } from "../watch/timing.ts";
import { incidentKey } from "./key.ts";
import { decide } from "./lifecycle.ts";
import { CALM, START, verdict } from "./testing.ts";
import type { Effect, IncidentRecord, LifecycleEvent, Rules } from "./types.ts";

const rules: Rules = { environment: "staging", protected: false, remedies: {}, timing: timingFor };
const evidence = { logs: [], metrics: {}, changes: [], missing: [] };
const situation = { ...CALM, lastDeployAt: START - 60_000, previousGood: "r1" };
const actionsLeft = { hour: 4, day: 10 };

type Raw = { gap: number } & (
  | { type: "verdict"; to: Verdict; check: string; class: string; held: boolean }
  | { type: "checks"; left: string[] }
  | { type: "tick"; held: boolean; flap: number | null }
  | { type: "acknowledge" | "approve" | "resume" | "gone" | "freeze" | "close" | "judge" | "fold" | "gather" }
  | {
      type: "evidence" | "situation" | "acted";
      off: number;
      outcome: "done" | "failed" | "busy";
      left: number;
      held: boolean;
    }
);

/** Whether something the service needs fails. */
const held = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const gap = fc.oneof(fc.nat(5_000), fc.nat(120_000), fc.nat(3_600_000));
const raw: fc.Arbitrary<Raw> = fc.oneof(
  fc.record({
    gap,
    type: fc.constant("verdict" as const),
    to: fc.constantFrom<Verdict>("UP", "SUSPECT", "DOWN", "DEGRADED", "INTERMITTENT", "UNKNOWN"),
    check: fc.constantFrom("a", "b"),
    class: fc.constantFrom("refused", "process-gone", "replica-gone", "assertion", "http-5xx"),
    held,
  }),
  fc.record({
    gap,
    type: fc.constant("tick" as const),
    held,
    flap: fc.constantFrom(null, null, 0, 0.2, 0.4),
  }),
  fc.record({
    gap,
    type: fc.constantFrom(
      ...(["acknowledge", "acknowledge", "approve", "approve", "resume", "gone", "freeze", "close"] as const),
      ...(["judge", "fold", "gather"] as const),
    ),
  }),
  fc.record({
    gap,
    type: fc.constantFrom("evidence" as const, "situation" as const, "acted" as const),
    off: fc.constantFrom(0, 0, 0, 1),
    outcome: fc.constantFrom("done" as const, "done" as const, "failed" as const, "busy" as const),
    left: fc.nat(2),
    held,
  }),
);
const withChecks = fc.oneof(
  { weight: 20, arbitrary: raw },
  {
    weight: 1,
    arbitrary: fc.record({
      gap,
      type: fc.constant("checks" as const),
      left: fc.constantFrom(["a", "b"], ["a"], ["b"], [] as string[]),
    }),
  },
);

/** The event a raw one stands for in this state: answers mostly fit the work that is awaited. */
function eventOf(item: Raw, state: IncidentRecord | null, at: number): LifecycleEvent {
  const holds = "held" in item && item.held ? [{ by: "db" }] : [];
  const around = { ...situation, dependenciesDown: holds.map(({ by }) => by) };
  const work = (state?.healing.pending ?? 0) + ("off" in item ? item.off : 0);
  switch (item.type) {
    case "verdict": {
      const event = verdict(item.to, {
        checkId: item.check,
        at,
        onset: at,
        ...(item.to === "UP" || item.to === "UNKNOWN" ? {} : { class: item.class }),
      });
      const key = incidentKey(event);
      return { type: "verdict", at, verdict: event, id: "inc-1", key, previous: null, situation: around, holds };
    }
    case "checks":
      return { type: "checks", at, checks: item.left };
    case "evidence":
      return { type: "evidence", at, work, evidence };
    case "situation":
      return {
        type: "situation",
        at,
        work,
        situation: around,
        healedElsewhereAt: null,
        restartsLeft: item.left,
        actionsLeft,
      };
    case "acted":
      return { type: "acted", at, work, outcome: item.outcome, detail: "x" };
    case "acknowledge":
      return { type: "acknowledge", at, actor: "alice", note: null };
    case "approve":
      return { type: "approve", at, actor: "alice" };
    case "resume":
      return { type: "resume", at, begun: true };
    case "gone":
      return { type: "gone", at, action: state?.healing.action ?? 0, detail: "ended (exit 1)" };
    case "tick":
      return { type: "tick", at, holds, flap: item.flap };
    case "freeze":
      return { type: "freeze", at, frozen: !state?.frozen, actor: "alice" };
    case "close":
      return { type: "close", at, actor: "alice", note: "seen to" };
    case "judge":
      return { type: "judge", at, severity: state?.severity === "SEV3" ? "SEV2" : "SEV3", actor: "alice", note: null };
    case "fold":
      return { type: "fold", at, head: "inc-2", cause: "class refused" };
    case "gather":
      return {
        ...{ type: "gather", at, cause: "class refused", severity: "SEV3" },
        members: [{ id: "inc-3", service: "web", symptom: "x" }],
      };
  }
}

function play(items: readonly Raw[]) {
  let state: IncidentRecord | null = null;
  let at = START;
  const log: {
    event: LifecycleEvent;
    before: IncidentRecord | null;
    after: IncidentRecord | null;
    effects: Effect[];
  }[] = [];
  for (const item of items) {
    at += item.gap;
    const event = eventOf(item, state, at);
    const decision = decide(state, event, rules);
    log.push({ event, before: state, after: decision.state, effects: decision.effects });
    state = decision.state;
  }
  return { state, log };
}

const games = fc.array(withChecks, { minLength: 1, maxLength: 60 });

test("the same events make the same incident, and the log replays to the same state", () => {
  fc.assert(
    fc.property(games, (items) => {
      const { state, log } = play(items);
      let replayed: IncidentRecord | null = null;
      for (const { event, before, effects } of log) {
        const frozen = structuredClone(before);
        const decision = decide(replayed, event, rules);
        expect(decision.effects).toEqual(effects);
        expect(before).toEqual(frozen);
        replayed = decision.state;
      }
      expect(replayed).toEqual(state);
    }),
    { numRuns: 500 },
  );
});

test("an event that comes twice changes nothing the second time", () => {
  fc.assert(
    fc.property(games, (items) => {
      for (const { event, after } of play(items).log) {
        if (event.type === "resume") continue;
        // A suspicion that was dropped leaves nothing that could know the event again.
        if (after === null) continue;
        const again = decide(after, event, rules);
        expect(again.state).toEqual(after);
        expect(again.effects).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

test("every action rests on evidence, at most one is under way, and UNKNOWN neither opens nor acts", () => {
  fc.assert(
    fc.property(games, (items) => {
      const running = new Set<number>();
      for (const { event, before, after, effects } of play(items).log) {
        for (const effect of effects) {
          if (effect.type === "action" && effect.outcome === "running") {
            expect(effect.evidenceSeq).not.toBeNull();
            running.add(effect.number);
          }
          if (effect.type === "conclude") running.delete(effect.number);
          if (effect.type === "act")
            expect(
              Object.values(after?.members ?? {}).some(
                (member) => member.verdict === "DOWN" || member.verdict === "DEGRADED",
              ),
            ).toBe(true);
        }
        expect(running.size).toBeLessThanOrEqual(1);
        if (event.type === "verdict" && event.verdict.to === "UNKNOWN") {
          expect(after?.state ?? null).toBe(before?.state ?? null);
          expect(effects.some((effect) => effect.type === "act" || effect.type === "notify")).toBe(false);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("acknowledging hides nothing: the same story with and without it differs in who is called, not in what is seen", () => {
  fc.assert(
    fc.property(games, (items) => {
      const seen = (list: readonly Raw[]) =>
        play(list)
          .log.flatMap(({ after }) =>
            after ? [{ state: after.state, occurrence: after.occurrence, members: after.members }] : [null],
          )
          .at(-1);
      const without = items.map(
        (item): Raw => (item.type === "acknowledge" ? { gap: item.gap, type: "approve" } : item),
      );
      expect(seen(items)).toEqual(seen(without));
    }),
    { numRuns: 500 },
  );
});

test("a resolve follows each opening that ends, once, and nothing is told after it", () => {
  fc.assert(
    fc.property(games, (items) => {
      let open = false;
      for (const { effects } of play(items).log)
        for (const effect of effects) {
          if (effect.type !== "notify") continue;
          if (effect.kind === "opened") {
            expect(open).toBe(false);
            open = true;
          } else if (effect.kind === "resolved") {
            expect(open).toBe(true);
            open = false;
          } else if (effect.kind === "reopened") open = true;
          else expect(open).toBe(true);
        }
    }),
    { numRuns: 500 },
  );
});

test("a restart that had no ticket yet when the daemon died has not happened, and is chosen anew", () => {
  const down = (at: number): LifecycleEvent => {
    const event = verdict("DOWN", { checkId: "a", at });
    return { type: "verdict", at, verdict: event, id: "inc-1", key: incidentKey(event), previous: null, situation };
  };
  let state: IncidentRecord | null = null;
  for (const next of [
    () => down(START),
    () => ({ type: "evidence" as const, at: START + 1, work: state?.healing.pending ?? 0, evidence }),
    () => ({
      type: "situation" as const,
      at: START + 2,
      work: state?.healing.pending ?? 0,
      situation,
      healedElsewhereAt: null,
      restartsLeft: 2,
      actionsLeft,
    }),
  ])
    state = decide(state, next(), rules).state;
  expect(state?.healing).toMatchObject({ phase: "acting", remedy: "restart", step: 1 });
  const { state: after, effects } = decide(state, { type: "resume", at: START + 3, begun: false }, rules);
  expect(effects).toContainEqual(expect.objectContaining({ type: "conclude", outcome: "skipped" }));
  expect(effects.at(-1)).toMatchObject({ type: "look" });
  expect(after?.healing).toMatchObject({ phase: "choosing", step: 1, lastRestartAt: null });
});

test("the games reach every state", () => {
  const reached = new Set<string>();
  for (const items of fc.sample(games, { numRuns: 2_000, seed: 7 }))
    for (const { after, effects } of play(items).log) {
      reached.add(after?.state ?? "none");
      for (const effect of effects) if (effect.type === "notify") reached.add(effect.kind);
    }
  const states = ["none", "suspect", "open", "healing", "monitoring", "resolved", "review", "closed"];
  const told = ["opened", "reopened", "severity", "escalated", "update", "acknowledged", "recovering", "resolved"];
  expect([...reached].sort()).toEqual([...new Set([...states, ...told])].sort());
});
