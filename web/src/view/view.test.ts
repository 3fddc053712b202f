import { describe, expect, test } from "vitest";
import type { JournalEntry, Release } from "../../../src/contract/rollout.ts";
import { deployRequestOf } from "./deploy-request.ts";
import { ago, bytes, duration, latency, percent, plain, plural } from "./format.ts";
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

describe("journal", () => {
  test("pairs intent and outcome by key, in the order of the intents", () => {
    const steps = pairJournal(
      [
        entry(3, "start:api-1", "outcome", { payload: { pid: 7 } }),
        entry(1, "start:api-1", "intent", { payload: { port: 80 } }),
        entry(2, "start:api-2", "intent"),
        entry(5, "start:api-2", "outcome", { payload: { failed: true, code: "SM-X" } }),
      ],
      true,
    );
    expect(steps.map(({ key, status, durationMs }) => [key, status, durationMs])).toEqual([
      ["start:api-1", "done", 2_000],
      ["start:api-2", "failed", 3_000],
    ]);
    expect(steps[0]?.facts).toEqual({ port: 80, pid: 7 });
  });

  test("a missing outcome is running in an active rollout and unfinished after it; a lone outcome is a note", () => {
    const journal = [entry(1, "a", "intent"), entry(2, "note", "outcome")];
    expect(pairJournal(journal, true).map(({ status }) => status)).toEqual(["running", "done"]);
    expect(pairJournal(journal, false)[0]?.status).toBe("unfinished");
    expect(pairJournal(journal, false)[1]?.durationMs).toBeNull();
  });
});

describe("progress", () => {
  const journal = (...steps: JournalEntry["step"][]) =>
    steps.map((step, index) => entry(index, `${index}`, "intent", { step }));
  const shape = (state: JournalEntry["step"], ...steps: JournalEntry["step"][]) =>
    stopsOf({ state, startedAt: at(0), endedAt: null, journal: journal(...steps) }).map(
      (stop) => `${stop.state} ${stop.status}`,
    );

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
      "CLEANING done",
      "FAILED failed",
    ]);
    expect(shape("ROLLING_BACK", "SHIFTING").slice(-3)).toEqual([
      "SHIFTING failed",
      "ROLLING_BACK current",
      "ROLLED_BACK todo",
    ]);
    expect(shape("SUCCEEDED").every((stop) => stop.endsWith("done"))).toBe(true);
  });

  test("the offset counts from the start of the rollout", () => {
    const way = { startedAt: at(0), journal: journal("PREPARED", "STARTED") };
    const offset = (state: JournalEntry["step"], endedAt: string | null) =>
      stopsOf({ ...way, state, endedAt }).find((stop) => stop.state === state)?.offsetMs;
    expect(offset("STARTED", null)).toBe(1_000);
    expect(offset("SUCCEEDED", at(5_000))).toBe(5_000);
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

  test("one may go back to any release but the current one and one that is being rolled out", () => {
    const release = (name: string, hour: number, extra: Partial<Release>): Release => ({
      name,
      commit: null,
      createdAt: at(hour * 3_600_000),
      services: [],
      current: false,
      state: "SUCCEEDED",
      ...extra,
    });
    const targets = rollbackTargets([
      release("r5", 5, { state: "SHIFTING" }),
      release("r4", 4, { current: true }),
      release("r3", 3, { state: "FAILED" }),
      release("r2", 2, {}),
      release("r1", 1, {}),
    ]);
    expect(targets.map(({ name }) => name)).toEqual(["r3", "r2", "r1"]);
  });
});
