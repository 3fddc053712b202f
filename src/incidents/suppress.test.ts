import fc from "fast-check";
import { expect, test } from "vitest";
import type { Verdict } from "../contract/check.ts";
import type { Severity } from "../contract/incident.ts";
import { timingFor } from "../watch/timing.ts";
import { incidentKey } from "./key.ts";
import { decide } from "./lifecycle.ts";
import type { Hold } from "./silences/silence.ts";
import { CALM, MINUTE, SECOND, START, verdict } from "./testing.ts";
import type { Effect, IncidentRecord, LifecycleEvent, Rules } from "./types.ts";

const rules: Rules = { environment: "staging", protected: false, remedies: {}, timing: timingFor };

/** One incident with a check each 5 s, as time and verdicts make it. */
function createTale() {
  let state: IncidentRecord | null = null;
  let at = START;
  const told: string[] = [];
  const take = (decision: { state: IncidentRecord | null; effects: Effect[] }) => {
    state = decision.state;
    for (const effect of decision.effects) if (effect.type === "notify") told.push(effect.kind);
  };
  return {
    told,
    get state() {
      return state as IncidentRecord | null;
    },
    say: (to: Verdict, holds: readonly Hold[]) => {
      const event = verdict(to, { checkId: "a", at, onset: at, class: to === "UP" ? null : "assertion" });
      take(
        decide(
          state,
          {
            type: "verdict",
            at,
            verdict: event,
            id: "inc-1",
            key: incidentKey(event),
            previous: null,
            situation: CALM,
            holds,
          },
          rules,
        ),
      );
    },
    judge: (severity: Severity) =>
      take(decide(state, { type: "judge", at, severity, actor: "alice", note: null }, rules)),
    /** Whatever it was about to do is over. */
    decline: () => take(decide(state, { type: "freeze", at, frozen: true, actor: "alice" }, rules)),
    acknowledge: () => take(decide(state, { type: "acknowledge", at, actor: "alice", note: null }, rules)),
    pass: (ms: number, holds: readonly Hold[]) => {
      for (const end = at + ms; at < end; ) {
        at += SECOND;
        take(decide(state, { type: "tick", at, holds }, rules));
      }
    },
  };
}

const DB: Hold = { by: "db" };
const SILENCE: Hold = { by: "sil-1" };

const steps = fc.array(
  fc.record({
    to: fc.constantFrom<Verdict>("UP", "SUSPECT", "DOWN", "DEGRADED", "UNKNOWN"),
    for: fc.integer({ min: 1, max: 90 }),
    holds: fc.constantFrom<readonly Hold[]>([], [DB], [SILENCE], [{ by: "sil-2", severity: "SEV2" }], [DB, SILENCE]),
  }),
  { maxLength: 12 },
);

test("whatever kept it quiet, what still fails after its end is told of within two minutes", () => {
  fc.assert(
    fc.property(steps, (list) => {
      const tale = createTale();
      for (const step of list) {
        tale.say(step.to, step.holds);
        tale.pass(step.for * SECOND, step.holds);
      }
      tale.say("DOWN", [SILENCE]);
      tale.pass(2 * MINUTE, []);
      expect(tale.state).toMatchObject({ state: expect.stringMatching(/open|healing/), suppressed: null });
      expect(tale.told.lastIndexOf("resolved")).toBeLessThan(
        Math.max(...["opened", "reopened", "update"].map((kind) => tale.told.lastIndexOf(kind))),
      );
    }),
  );
});

test("whatever keeps it quiet, what passes again is over in time", () => {
  fc.assert(
    fc.property(steps, fc.constantFrom<readonly Hold[]>([], [DB], [SILENCE]), (list, holds) => {
      const tale = createTale();
      for (const step of list) {
        tale.say(step.to, step.holds);
        tale.pass(step.for * SECOND, step.holds);
      }
      tale.say("UP", holds);
      tale.pass(20 * MINUTE, holds);
      expect(["none", "resolved", "review", "closed"]).toContain(tale.state?.state ?? "none");
      const ends = tale.told.filter((kind) => kind === "resolved").length;
      expect(ends).toBe(tale.told.filter((kind) => kind === "opened").length + reopenings(tale.told));
    }),
  );
});

/** Reopenings after an end; those before it are of the same occurrence. */
function reopenings(told: readonly string[]): number {
  const endings = told.filter((kind) => ["opened", "resolved", "reopened"].includes(kind));
  return endings.filter((kind, index) => kind === "reopened" && endings[index - 1] === "resolved").length;
}

test("a silence over a failure that began before it mutes it, and ends in one word", () => {
  const tale = createTale();
  tale.say("DOWN", []);
  tale.pass(10 * SECOND, []);
  const before = tale.told.length;
  tale.pass(40 * MINUTE, [SILENCE]);
  expect(tale.told).toHaveLength(before);
  tale.pass(2 * MINUTE, []);
  expect(tale.state?.suppressed).toBeNull();
});

test("a silence of one severity lets a rise through", () => {
  const hold: Hold = { by: "sil-1", severity: "SEV2" };
  const tale = createTale();
  tale.say("DEGRADED", [hold]);
  tale.pass(5 * MINUTE, [hold]);
  expect(tale.state).toMatchObject({ state: "suspect", severity: "SEV2" });
  expect(tale.told).toEqual([]);
  tale.say("DOWN", [hold]);
  tale.pass(2 * MINUTE, [hold]);
  expect(tale.state).toMatchObject({ state: "open", severity: "SEV1" });
});

test("the severity of what is kept quiet does not feed on itself", () => {
  const said = (to: "DEGRADED" | "INTERMITTENT", at: number): LifecycleEvent => {
    const event = verdict(to, { at, onset: START });
    const holds = [{ by: "db" }];
    return { type: "verdict", at, verdict: event, id: "inc-1", key: "k", previous: null, situation: null, holds };
  };
  const first = decide(null, said("DEGRADED", START), rules).state;
  const intermittent = said("INTERMITTENT", START + 31 * MINUTE);
  const second = decide(first, intermittent, rules).state;
  expect([first, second].map((state) => state?.severity)).toEqual(["SEV2", "SEV3"]);
  expect(decide(second, intermittent, rules).state).toEqual(second);
});

test("what a rise lifts out of a silence is told of within seconds, as a rise", () => {
  const hold: Hold = { by: "sil-1", severity: "SEV2" };
  const tale = createTale();
  tale.say("DEGRADED", []);
  tale.pass(10 * SECOND, [hold]);
  tale.judge("SEV1");
  expect(tale.told).toEqual(["opened"]);
  tale.pass(5 * SECOND, [hold]);
  expect(tale.told).toEqual(["opened", "severity"]);
  expect(tale.state?.suppressed).toBeNull();
});

test("after a rise an acknowledgement holds no longer than one of the new severity", () => {
  const tale = createTale();
  tale.say("DEGRADED", []);
  tale.acknowledge();
  tale.pass(MINUTE, []);
  tale.say("DOWN", []);
  expect(tale.state).toMatchObject({ severity: "SEV1", acknowledged: { until: START + 31 * MINUTE } });
});

test("what gives up while it is kept quiet has called nobody, and does so when it is not any more", () => {
  const tale = createTale();
  tale.say("DOWN", []);
  tale.pass(10 * SECOND, [SILENCE]);
  expect(tale.state?.suppressed).not.toBeNull();
  tale.pass(20 * MINUTE, [SILENCE]);
  expect(tale.state).toMatchObject({ escalated: false });
  expect(tale.told).toEqual(["opened"]);
  tale.decline();
  expect(tale.state).toMatchObject({ escalated: false, healing: { phase: "done" } });
  tale.pass(10 * MINUTE, [SILENCE]);
  expect(tale.told).toEqual(["opened"]);
  tale.pass(2 * MINUTE, []);
  expect(tale.told.filter((kind) => kind === "escalated")).toHaveLength(1);
  expect(tale.state).toMatchObject({ escalated: true });
});
