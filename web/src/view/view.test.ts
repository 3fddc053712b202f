import { describe, expect, test } from "vitest";
import { effectName, type JournalEntry, type Release, type Rollout } from "../../../src/contract/rollout.ts";
import { deployRequestOf } from "./deploy-request.ts";
import { ago, bytes, commitName, duration, latency, percent, plain, plural } from "./format.ts";
import { pairJournal } from "./journal.ts";
import { canAbort, canPromote, stopsOf } from "./progress.ts";
import { rollbackTargets } from "./rollback-targets.ts";

const T0 = Date.parse("2026-03-01T12:00:00.000Z");
const at = (ms: number) => new Date(T0 + ms).toISOString();

describe("format", () => {
  test.each([
    [0, "0 ms"],
    [-5, "0 ms"],
    [850, "850 ms"],
    [4_200, "4.2 s"],
    [59_990, "1 min"],
    [185_000, "3 min 5 s"],
    [3_600_000, "1 h"],
    [7_800_000, "2 h 10 min"],
    [273_600_000, "3 d 4 h"],
  ])("duration of %d ms is %s", (ms, text) => expect(duration(ms)).toBe(text));

  test.each([
    [-60_000, "now"],
    [1_000, "now"],
    [12_900, "12 s ago"],
    [300_000, "5 min ago"],
    [10_800_000, "3 h ago"],
    [172_800_000, "2 d ago"],
  ])("%d ms before now reads %s", (ms, text) => expect(ago(at(-ms), T0)).toBe(text));

  test("a share below one never reads 100 %", () => {
    expect(percent(0.99999)).toBe("99.99 %");
    expect(percent(1)).toBe("100 %");
    expect(percent(0)).toBe("0 %");
  });

  test("bytes, latency, counts and plain values", () => {
    expect(bytes(96_400_000)).toBe("91.9 MiB");
    expect(bytes(512)).toBe("512 B");
    expect([latency(null), latency(0.84), latency(12.4), latency(1_250)]).toEqual(["–", "0.8 ms", "12 ms", "1.25 s"]);
    expect([plural(1, "error"), plural(18_204, "request")]).toEqual(["1 error", "18,204 requests"]);
    expect([commitName("9f2c1ab40d7e43aa01"), commitName("9f2c1ab40d7e43aa01-dirty")]).toEqual([
      "9f2c1ab40d7e",
      "9f2c1ab40d7e-dirty",
    ]);
    expect([plain(null), plain("a"), plain(["a", 2]), plain({ a: 1 })]).toEqual(["–", "a", "a, 2", '{"a":1}']);
    expect([plain([]), plain([["up", "up"], ["down"]])]).toEqual(["none", "up, up, down"]);
    expect([plural(1, "entry", "entries"), plural(2, "entry", "entries")]).toEqual(["1 entry", "2 entries"]);
  });
});

function entry(
  seq: number,
  key: string,
  phase: JournalEntry["phase"],
  extra: Partial<JournalEntry> = {},
): JournalEntry {
  return { seq, key, phase, step: "STARTED", target: "api", payload: {}, at: at(seq * 1_000), ...extra };
}

function rolled(state: Rollout["state"], journal: JournalEntry[]): Parameters<typeof pairJournal>[0] {
  return { state, journal, reason: "503", failure: null };
}

describe("journal", () => {
  test("pairs intent and outcome by key, in the order of the intents", () => {
    const steps = pairJournal(
      rolled("FAILED", [
        entry(3, "start:api-1", "outcome", { payload: { pid: 7 } }),
        entry(1, "start:api-1", "intent", { payload: { port: 80 } }),
        entry(2, "start:api-2", "intent"),
        entry(5, "start:api-2", "outcome", { payload: { failed: true, code: "SM-X" } }),
      ]),
    );
    expect(steps.map(({ key, status, durationMs }) => [key, status, durationMs])).toEqual([
      ["start:api-1", "done", 2_000],
      ["start:api-2", "failed", 3_000],
    ]);
    expect(steps[0]?.facts).toEqual({ port: 80, pid: 7 });
  });

  test("a missing outcome is running in an active rollout and unfinished after it; a lone outcome is a note", () => {
    const journal = [entry(1, "a", "intent"), entry(2, "note", "outcome")];
    expect(pairJournal(rolled("STARTED", journal)).map(({ status }) => status)).toEqual(["running", "done"]);
    expect(pairJournal(rolled("SUCCEEDED", journal))[0]?.status).toBe("unfinished");
    expect(pairJournal(rolled("SUCCEEDED", journal))[1]?.durationMs).toBeNull();
    const skipped = [
      entry(1, "post:page", "outcome", { payload: { ok: true, skipped: true, evidence: "no browser" } }),
    ];
    expect(pairJournal(rolled("SUCCEEDED", skipped))[0]?.status).toBe("skipped");
  });

  test("in a failed rollout the last step without outcome is what failed, unless another says that it did", () => {
    const journal = [entry(1, "verify:api@1", "intent"), entry(2, "verify:api@2", "intent"), entry(3, "x", "outcome")];
    const steps = pairJournal(rolled("FAILED", journal));
    expect(steps.map(({ status }) => status)).toEqual(["unfinished", "failed", "done"]);
    expect(steps[1]?.facts.message).toBe("503");
    expect(steps.map(effectName)).toEqual(["verify:api", "verify:api", "x"]);
    const told = [...journal, entry(4, "y", "outcome", { payload: { failed: true } })];
    expect(pairJournal(rolled("FAILED", told))[1]?.status).toBe("unfinished");
  });
});

describe("progress", () => {
  const journal = (...steps: JournalEntry["step"][]) =>
    steps.map((step, index) => entry(index, `${index}`, "intent", { step }));
  const shape = (state: JournalEntry["step"], ...steps: JournalEntry["step"][]) =>
    stopsOf({ state, endedAt: null, journal: journal(...steps) }).map((stop) => `${stop.state} ${stop.status}`);

  test("optional states appear only when they are reached", () => {
    expect(shape("VERIFIED", "PREPARED", "VERIFIED")).toEqual([
      "PLANNED done",
      "LEASED done",
      "PREPARED done",
      "STARTED done",
      "VERIFIED current",
      "SHIFTING todo",
      "PROMOTED todo",
      "BAKING todo",
      "DRAINED todo",
      "SUCCEEDED todo",
    ]);
    expect(shape("ANALYZING")).toContain("ANALYZING current");
  });

  test("a failed rollout leaves the line where it got to", () => {
    expect(shape("FAILED", "PREPARED", "STARTED", "CLEANING")).toEqual([
      "PLANNED done",
      "LEASED done",
      "PREPARED done",
      "STARTED failed",
      "CLEANING undone",
      "FAILED failed",
    ]);
    expect(shape("ROLLING_BACK", "SHIFTING").slice(-3)).toEqual([
      "SHIFTING failed",
      "ROLLING_BACK current",
      "ROLLED_BACK todo",
    ]);
    expect(shape("SUCCEEDED").every((stop) => stop.endsWith("done"))).toBe(true);
  });

  test("each stop has the time until the next one", () => {
    const entries = [entry(1, "a", "intent", { step: "STARTED" }), entry(62, "b", "intent", { step: "CLEANING" })];
    const stops = stopsOf({ state: "FAILED", endedAt: at(62_400), journal: entries });
    expect(stops.flatMap(({ state, tookMs }) => (tookMs === null ? [] : [[state, tookMs]]))).toEqual([
      ["STARTED", 61_000],
      ["CLEANING", 400],
    ]);
  });

  test("what a person may still do", () => {
    expect([canPromote("STARTED"), canPromote("SHIFTING"), canPromote("BAKING")]).toEqual([false, true, true]);
    expect([canAbort("PLANNED"), canAbort("DRAINED"), canAbort("ROLLING_BACK")]).toEqual([true, false, false]);
  });
});

describe("requests", () => {
  test("all services chosen is no restriction; none chosen or a bad name is a problem", () => {
    const services = ["api", "web"];
    const choice = { only: services, strategy: "", release: "" } as const;
    expect(deployRequestOf("local", services, choice)).toEqual({ request: { environment: "local" } });
    expect(deployRequestOf("local", services, { only: ["web"], strategy: "canary", release: "r1" })).toEqual({
      request: { environment: "local", only: ["web"], strategy: "canary", release: "r1" },
    });
    expect(deployRequestOf("local", services, { ...choice, only: [] })).toHaveProperty("problem");
    expect(deployRequestOf("local", services, { ...choice, release: "a b" })).toHaveProperty("problem");
  });

  test("one may go back to any release that served before, but the current one", () => {
    const release = (name: string, hour: number, extra: Partial<Release>): Release => ({
      name,
      commit: null,
      createdAt: at(hour * 3_600_000),
      services: [],
      current: false,
      state: "SUCCEEDED",
      served: true,
      ...extra,
    });
    const targets = rollbackTargets([
      release("r5", 5, { state: "SHIFTING", served: false }),
      release("r4", 4, { current: true }),
      release("r3", 3, { state: "FAILED", served: false }),
      release("r2", 2, {}),
      release("r1", 1, {}),
    ]);
    expect(targets.map(({ name }) => name)).toEqual(["r2", "r1"]);
  });
});
