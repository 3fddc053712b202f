import colors from "picocolors";
import { expect, test } from "vitest";
import type { Rollout } from "../contract/rollout.ts";
import { hostRollout, hostTraffic } from "../contract/testing.ts";
import { printable } from "../core/text.ts";
import { rollout as local } from "../server/answers/testing.ts";
import { waitingLine } from "./open-steps.ts";
import { eventsOf } from "./progress-events.ts";
import { hostBlock } from "./progress-hosts.ts";
import { createProgressLines } from "./progress-lines.ts";

const said = (rollout: Rollout) => eventsOf(rollout).map(({ line }) => printable(line));
const withoutTimes = (lines: string[]) => lines.map((line) => line.replace(/ (?:\d+ min )?[\d.]+ m?s\b/g, " T"));

test("a canary on three hosts, told line by line", () => {
  const lines = withoutTimes(said(hostRollout("canary")));
  expect(lines.slice(0, 7)).toEqual([
    "→ PREPARED",
    "  ✓ all hosts: prepare T",
    "→ STARTED (PREPARED took T)",
    "  ✓ web1: start api-12-h0-0 T",
    "  ✓ web1: start api-12-h0-1 T",
    "  ✓ web2: start api-12-h1-0 T",
    "  ✓ web2: start api-12-h1-1 T",
  ]);
  expect(lines).toContain("  ✓ all hosts: verify api T");
  expect(lines).toContain("  judge: api errors, e-value 0.9 (fails at 300)");
  expect(lines.at(-1)).toBe("  judge: api errors, e-value 2.2 (fails at 300)");
});

test("of twenty hosts a kind of effect is one line, a failure its own", () => {
  const lines = said(hostRollout("stuck", { count: 20 }));
  expect(lines.filter((line) => line.includes("start"))).toEqual([
    expect.stringMatching(/^ {2}✓ 20 of 20 hosts: start api [\d.]+ s$/),
    expect.stringMatching(/^ {2}✓ 20 of 20 hosts: start web [\d.]+ s$/),
  ]);
  expect(lines.at(-2)).toMatch(/✗ web20: undo api .* web20: no answer over SSH in 10 s/);
  expect(lines.at(-1)).toMatch(/^→ STUCK/);
});

test("lines have the same name at each look, and none is lost while the journal grows", () => {
  const whole = hostRollout("judged", { count: 20 });
  const told = new Map<string, string>();
  for (let length = 0; length <= whole.journal.length; length++) {
    const journal = whole.journal.slice(0, length);
    const state = journal.at(-1)?.step ?? "LEASED";
    for (const { id, line } of eventsOf({ ...whole, journal, state, failure: null })) told.set(id, printable(line));
  }
  for (const { id, line } of eventsOf(whole)) told.set(id, printable(line));
  const lines = [...told.values()];
  expect(lines).toEqual(expect.arrayContaining(said(whole)));
  expect(lines.filter((line) => line.includes("start api"))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("→ STARTED"))).toHaveLength(1);
});

test("who promoted it is named", () => {
  const whole = hostRollout("canary");
  const [first] = whole.journal;
  if (!first) throw new Error("no record");
  const promoted = { ...first, key: "promoted", phase: "outcome" as const, payload: { by: "cli:ada" }, seq: 10_000 };
  expect(said({ ...whole, journal: [...whole.journal, promoted] })).toContain("  promoted by cli:ada");
});

test("a check that could not be made is no tick, and says why", () => {
  const [first] = local.journal;
  if (!first) throw new Error("no record");
  const record = { ...first, key: "post:page", step: "BAKING" as const, target: null };
  const journal = [
    { ...record, phase: "intent" as const, payload: {}, seq: 1 },
    { ...record, phase: "outcome" as const, payload: { ok: true, skipped: true, evidence: "no browser" }, seq: 2 },
  ];
  const [, line] = withoutTimes(said({ ...local, state: "SUCCEEDED", journal }));
  expect(line).toMatch(/^ {2}– post page \S+.* skipped: no browser$/);
});

test("a bake that fails writes nothing at its end: how long it took is told once the way back has begun, and then whole", () => {
  const [first] = local.journal;
  if (!first) throw new Error("no record");
  const at = (ms: number) => new Date(Date.parse(first.at) + ms).toISOString();
  const bake = { ...first, key: "bake", step: "BAKING" as const, target: null, phase: "outcome" as const, payload: {} };
  const baking = [
    { ...bake, seq: 1, at: at(0) },
    { ...bake, key: "post:page", seq: 2, at: at(32) },
  ];
  const back = { ...bake, key: "withdraw:web", step: "ROLLING_BACK" as const, seq: 3, at: at(11_200) };
  const rollout = { ...local, state: "ROLLING_BACK" as const };
  expect(said({ ...rollout, journal: baking }).at(-1)).toBe("→ ROLLING_BACK");
  expect(said({ ...rollout, journal: [...baking, back] })).toContainEqual(
    expect.stringMatching(/^→ ROLLING_BACK \(BAKING took 11(\.\d)? s\)$/),
  );
});

test("where a person decides, the commands are there", () => {
  const lines = said(hostRollout("inconclusive"));
  expect(lines).toContain("  judge: api PASS");
  expect(lines).toContain("  judge: cannot tell, api: 41 of the 160 requests it takes to tell");
  expect(lines.at(-1)).toBe(
    "  a person decides: stationmaster promote ro-inconclusive, or stationmaster abort ro-inconclusive; it goes on by itself when enough requests have come",
  );
});

test("one place is told of without its name", () => {
  expect(said({ ...local, state: "FAILED" })).toEqual(["→ STARTED", "  ✗ start web", "→ FAILED"]);
});

test("the living lines of a terminal: a host each, then the judge", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  expect(hostBlock(hostRollout("canary", { now }), hostTraffic("canary"), now)).toEqual([
    "  web1  at 25 %  has 25 %",
    "  web2  at 25 %  has 25 %",
    "  web3  at 25 %  has 25 %",
    "  judge api: errors 3.1, latency-p95 0.8, latency-p99 0.2 (fails at 300)",
    "  judge web: errors 3.1, latency-p95 0.8, latency-p99 0.2 (fails at 300)",
  ]);
  const stuck = hostBlock(hostRollout("stuck", { now }), hostTraffic("stuck"), now);
  expect(stuck[2]).toBe("  web3  not rolled back  has no answer  web3: no answer over SSH in 10 s");
  expect(hostBlock(hostRollout("canary", { now, count: 20 }), [], now)).toEqual(["  all 20 hosts: at 25 %"]);
  expect(hostBlock({ ...local, state: "BAKING" }, [], now)).toEqual([]);
});

test("what takes long on many hosts is told of together", () => {
  const { journal } = hostRollout("canary", { count: 20 });
  const open = journal.filter(({ key, phase }) => key.startsWith("start:api") && phase === "intent");
  const then = Date.parse(open.at(-1)?.at ?? "");
  expect(waitingLine(open, then + 25_000)).toBe("start api on web01, web02, web03, web04 and 16 more (20 s)");
  expect(waitingLine(open.slice(-1), then + 25_000)).toBe("start api-12-h19-1 on web20 (20 s)");
});

test("a terminal takes all its living lines back, a pipe never sees them", () => {
  const written = (isTTY: boolean) => {
    const texts: string[] = [];
    const lines = createProgressLines({ isTTY, columns: 80, write: (text: unknown) => texts.push(String(text)) > 0 });
    lines.waiting(undefined, ["a", "b"]);
    lines.waiting(undefined, ["a", "b"]);
    lines.note("done");
    return texts.join("");
  };
  expect(written(true)).toBe(`${colors.dim("a")}\n${colors.dim("b")}\r\u001b[K\u001b[1A\r\u001b[Kdone\n`);
  expect(written(false)).toBe("done\n");
});
