import fc from "fast-check";
import { expect, test } from "vitest";
import { recheckDelayMs, timeoutFor, timingFor } from "./timing.ts";
import type { RunResult } from "./types.ts";
import { decide, type Effect, isDeciding, newCheck, type VerdictState } from "./verdict.ts";

type Letter = "S" | "F" | "L" | "U" | "f" | "s" | "g" | "r";
const RULES = { everyMs: 5_000, recheck: 2 };

/** S, F, L, U: scheduled runs that pass, fail, are slow or unknown; f, s: confirmations; g: a scheduled failure of a process, r: of one of several. */
function result(letter: Letter, at: number): RunResult {
  const upper = letter.toUpperCase();
  const outcome =
    upper === "F" || letter === "g" || letter === "r"
      ? "fail"
      : upper === "L"
        ? "slow"
        : upper === "U"
          ? "unknown"
          : "ok";
  const name =
    letter === "g"
      ? "process-gone"
      : letter === "r"
        ? "replica-gone"
        : outcome === "fail"
          ? "refused"
          : outcome === "slow"
            ? "slow"
            : outcome === "unknown"
              ? "prober"
              : null;
  const kind = letter === "f" || letter === "s" ? "confirmation" : "scheduled";
  const family =
    outcome === "ok" ? null : outcome === "slow" ? "latency" : outcome === "unknown" ? "none" : "availability";
  return { plannedAt: at, startedAt: at, kind, outcome, class: name, family, detail: name, durationMs: 1 };
}

function play(
  letters: string,
  options: { from?: VerdictState; blind?: (index: number) => string | null; rules?: typeof RULES } = {},
) {
  const { from = newCheck, blind = () => null, rules = RULES } = options;
  let state = from;
  const effects: Effect[] = [];
  for (const [index, letter] of [...letters].entries()) {
    const decision = decide(
      state,
      { result: result(letter as Letter, 1_000_000 + index * rules.everyMs), blind: blind(index), random: 0.5 },
      rules,
    );
    state = decision.state;
    effects.push(...decision.effects);
  }
  const verdicts = effects.flatMap((effect) => (effect.type === "verdict" ? [effect.to] : []));
  const counted = effects.flatMap((effect) => (effect.type === "count" ? [effect.result.outcome] : []));
  return { state, effects, verdicts, counted };
}

test("three failures make DOWN, a success between makes a blip", () => {
  expect(play("SFff").verdicts).toEqual(["UP", "SUSPECT", "DOWN"]);
  const blip = play("SFfs");
  expect(blip.verdicts).toEqual(["UP", "SUSPECT", "UP"]);
  expect(blip.effects.filter(({ type }) => type === "blip")).toHaveLength(1);
});

test("one replica of several that is gone is DEGRADED; all gone is DOWN; both are over with their runs", () => {
  const rules = { everyMs: 5_000, recheck: 0 };
  expect(play("Srrrrr", { rules }).verdicts).toEqual(["UP", "DEGRADED"]);
  expect(play("Srrrrrr", { rules }).counted.filter((outcome) => outcome === "fail")).toHaveLength(6);
  expect(play("SrrgrS", { rules }).verdicts).toEqual(["UP", "DEGRADED", "DOWN"]);
  expect(play(`S${"r".repeat(12)}SSSSSS`, { rules }).verdicts).toEqual(["UP", "DEGRADED", "UP"]);
});

test("scheduled failures between do not replace a confirmation that must wait", () => {
  expect(play("SFFFFF").state.verdict).toBe("SUSPECT");
  expect(play("SFFFff").state.verdict).toBe("DOWN");
});

test("a dead process needs one confirmation, no recheck none", () => {
  const gone = play("Sg");
  expect(gone.state.verdict).toBe("SUSPECT");
  const again = decide(
    gone.state,
    { result: { ...result("g", 2_000_000), kind: "confirmation" }, blind: null, random: 0.5 },
    RULES,
  );
  expect(again.state.verdict).toBe("DOWN");
  expect(play("SF", { rules: { everyMs: 5_000, recheck: 0 } }).verdicts).toEqual(["UP", "DOWN"]);
});

test("the event tells since when: the first failed run of the episode", () => {
  const { effects } = play("SSFff");
  const down = effects.find((effect) => effect.type === "verdict" && effect.to === "DOWN");
  expect(down).toMatchObject({
    from: "SUSPECT",
    onset: 1_010_000,
    at: 1_020_001,
    class: "refused",
    family: "availability",
  });
});

test("recovery takes three OK in a row, spread over two intervals", () => {
  expect(play("SFffSS").state.verdict).toBe("DOWN");
  expect(play("SFffSSFSS").state.verdict).toBe("DOWN");
  expect(play("SFffSSFSSS").state.verdict).toBe("UP");
  const down = play("SFff").state;
  let state = down;
  for (const at of [5_000_000, 5_000_100, 5_000_200])
    state = decide(state, { result: result("S", at), blind: null, random: 0.5 }, RULES).state;
  expect(state.verdict).toBe("DOWN");
});

test("after an outage the old failures do not make it intermittent", () => {
  expect(play("SFffFFFFFFSSSSSS").state.verdict).toBe("UP");
});

test("failing every few runs without ever failing three times is INTERMITTENT, and clears after quiet", () => {
  const failing = play("SFsSFsSFsSFsS");
  expect(failing.state.verdict).toBe("INTERMITTENT");
  expect(failing.effects.findLast((effect) => effect.type === "verdict")).toMatchObject({
    to: "INTERMITTENT",
    class: "refused",
    onset: 1_005_000,
  });
  expect(play("S".repeat(20), { from: failing.state }).state.verdict).toBe("UP");
  expect(play("S".repeat(8), { from: failing.state }).state.verdict).toBe("INTERMITTENT");
  expect(play("Fff", { from: failing.state }).state.verdict).toBe("DOWN");
  expect(play("Fs", { from: failing.state }).verdicts).toEqual([]);
});

test("failing at every turn and passing when asked again is INTERMITTENT too", () => {
  const cold = play("SFsFsFsFs");
  expect(cold.verdicts).toEqual(["UP", "SUSPECT", "UP", "SUSPECT", "UP", "SUSPECT", "UP", "SUSPECT", "INTERMITTENT"]);
  expect(play("FsFsFs", { from: cold.state }).verdicts).toEqual([]);
  expect(play("S".repeat(20), { from: cold.state }).state.verdict).toBe("UP");
});

test("re-checks do not count for m-of-n", () => {
  expect(play("SFfsSFfsSFfsSSS").state.verdict).toBe("UP");
});

test("half of ten slow is DEGRADED; slow alone is never DOWN", () => {
  const slow = play("SLSLSLSLSL");
  expect(slow.state.verdict).toBe("DEGRADED");
  expect(play("S".repeat(8), { from: slow.state }).state.verdict).toBe("UP");
  expect(play("L".repeat(60)).verdicts).not.toContain("DOWN");
});

test("failures that turn out to be ours do not make a check INTERMITTENT later", () => {
  expect(play("SFUSFUSFUSFUSSSS").verdicts).not.toContain("INTERMITTENT");
});

test("unknown while up is UNKNOWN, while down it stays DOWN", () => {
  expect(play("SU").verdicts).toEqual(["UP", "UNKNOWN"]);
  expect(play("SUS").verdicts).toEqual(["UP", "UNKNOWN", "UP"]);
  expect(play("SFffU").state.verdict).toBe("DOWN");
});

test("a store stall between the failure and its confirmation costs nothing", () => {
  const { verdicts, counted } = play("SFfS", { blind: (index) => (index === 2 ? "the store stalls" : null) });
  expect(verdicts).toEqual(["UP", "SUSPECT", "UNKNOWN", "UP"]);
  expect(counted).toEqual(["ok", "unknown", "unknown", "ok"]);
});

const letters = fc
  .array(fc.constantFrom("S", "S", "S", "F", "F", "f", "s", "L", "U", "g"), { maxLength: 80 })
  .map((list) => list.join(""));

test("blind, nothing is ever DOWN and nothing counts as failed", () => {
  fc.assert(
    fc.property(letters, (sequence) => {
      const { verdicts, counted } = play(sequence, { blind: () => "lag" });
      expect(verdicts).not.toContain("DOWN");
      expect(verdicts).not.toContain("SUSPECT");
      expect(counted).not.toContain("fail");
    }),
  );
});

test("every run is counted once or still held; replaying gives the same", () => {
  fc.assert(
    fc.property(letters, fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }), (sequence, blinds) => {
      const blind = (index: number) => (blinds[index] ? "lag" : null);
      const once = play(sequence, { blind });
      expect(once.counted.length + once.state.held.length).toBe(sequence.length);
      expect(play(sequence, { blind })).toEqual(once);
      expect(once.state.outcomes.length).toBeLessThanOrEqual(21);
    }),
  );
});

test("verdicts change one after the other, DOWN only through enough failures in a row, and from JSON it goes on the same", () => {
  fc.assert(
    fc.property(letters, letters, (before, after) => {
      const first = play(before);
      const events = play(before + after).effects.flatMap((effect) => (effect.type === "verdict" ? [effect] : []));
      let previous = "UNKNOWN";
      for (const event of events) {
        expect(event.from).toBe(previous);
        expect(event.to).not.toBe(previous);
        previous = event.to;
      }
      const stored: VerdictState = JSON.parse(JSON.stringify(first.state));
      expect(play(after, { from: stored })).toEqual(play(after, { from: first.state }));
    }),
  );
});

test("a suspicion always has a confirmation on its way", () => {
  fc.assert(
    fc.property(letters, (sequence) => {
      const { state, effects } = play(sequence);
      if (state.verdict !== "SUSPECT") return;
      const last = effects.findLastIndex((effect) => effect.type === "recheck");
      const moved = effects.findLastIndex((effect) => effect.type === "verdict" && effect.to !== "SUSPECT");
      expect(last).toBeGreaterThan(moved);
    }),
  );
});

test("delays scale with the interval", () => {
  expect(recheckDelayMs(60_000, 1, "refused", 0.5)).toBe(3_000);
  expect(recheckDelayMs(60_000, 2, "refused", 0.5)).toBe(10_000);
  expect(recheckDelayMs(1_000, 1, "refused", 0.5)).toBe(1_000);
  expect(recheckDelayMs(1_000, 2, "refused", 0)).toBe(1_600);
  expect(recheckDelayMs(5_000, 1, "process-gone", 0.5)).toBe(1_000);
  expect(timingFor(60_000)).toMatchObject({
    recoverySpreadMs: 60_000,
    graceMs: 240_000,
    betweenRestartsMs: 120_000,
    quietMs: 720_000,
  });
  expect(timingFor(5_000)).toMatchObject({
    recoverySpreadMs: 10_000,
    graceMs: 50_000,
    betweenRestartsMs: 30_000,
    quietMs: 60_000,
  });
  expect(timingFor(1_000)).toMatchObject({
    recoverySpreadMs: 2_000,
    graceMs: 20_000,
    betweenRestartsMs: 6_000,
    quietMs: 30_000,
  });
  expect([
    timeoutFor(1_000, 2_000),
    timeoutFor(5_000, 10_000),
    timeoutFor(60_000, 10_000),
    timeoutFor(500, 2_000),
  ]).toEqual([1_000, 2_500, 10_000, 500]);
});

test("slower than usual is DEGRADED while that lasts, and says how slow", () => {
  const said = "95 % of the last runs took up to 900 ms, usual at this hour are 100 ms";
  const up = play("SSS").state;
  const run = (state: VerdictState, at: number, brownOut?: string) =>
    decide(state, { result: result("S", at), blind: null, random: 0.5, brownOut }, RULES);
  const slow = run(up, 2_000_000, said);
  expect(slow.effects.at(-1)).toMatchObject({ to: "DEGRADED", class: "slow", family: "latency", detail: said });
  let state = slow.state;
  for (let i = 1; i <= 10; i++) state = run(state, 2_000_000 + i * 5_000, said).state;
  expect(state.verdict).toBe("DEGRADED");
  for (let i = 11; i <= 14; i++) state = run(state, 2_000_000 + i * 5_000).state;
  expect(state.verdict).toBe("UP");
});

test("the run that is asked about beforehand is the one that makes it DOWN", () => {
  fc.assert(
    fc.property(letters, (sequence) => {
      let state = newCheck;
      for (const [index, letter] of [...sequence].entries()) {
        const run = result(letter as Letter, 1_000_000 + index * RULES.everyMs);
        const next = decide(state, { result: run, blind: null, random: 0.5 }, RULES);
        const down = next.effects.some((effect) => effect.type === "verdict" && effect.to === "DOWN");
        expect(isDeciding(state, run, RULES)).toBe(down);
        state = next.state;
      }
    }),
  );
});

test("the event tells the moment of the verdict apart from the first failed run", () => {
  const { effects } = play("SSFff");
  const [down] = effects.filter((effect) => effect.type === "verdict" && effect.to === "DOWN");
  expect(down?.type === "verdict" && down.at - down.onset).toBe(10_001);
});

test("failures before the last ones, but not those of an earlier outage, say since about when it is so", () => {
  const about = (letters: string, to: string) => {
    const found = play(letters).effects.find((effect) => effect.type === "verdict" && effect.to === to);
    return found?.type === "verdict" && found.about !== undefined ? (found.about - 1_000_000) / RULES.everyMs : null;
  };
  expect(about("SSSSSSSSSSFff", "DOWN")).toBeNull();
  expect(about("SSSSSSSSSSSSFsFsFff", "DOWN")).toBe(12);
  expect(about(`F${"s"}${"S".repeat(13)}FsFsFsS`, "INTERMITTENT")).toBe(15);
  expect(about("SSSSSSSSSSSSSSLSLLLL", "DEGRADED")).toBeNull();
  expect(about("SSSFffFFFFFFSSSSSSFff", "DOWN")).toBeNull();
});
