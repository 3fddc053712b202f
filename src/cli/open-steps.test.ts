import { expect, test } from "vitest";
import type { JournalEntry } from "../contract/rollout.ts";
import { failedStep, nameOf, waitingLine } from "./open-steps.ts";
import { createProgressLines } from "./progress-lines.ts";

const T0 = Date.parse("2026-03-01T12:00:00.000Z");

function entry(
  seq: number,
  key: string,
  phase: JournalEntry["phase"],
  extra: Partial<JournalEntry> = {},
): JournalEntry {
  const at = new Date(T0 + seq * 1_000).toISOString();
  return { seq, key, phase, step: "STARTED", target: null, payload: {}, at, ...extra };
}

const journal = [
  entry(0, "start:api-0", "intent"),
  entry(1, "start:api-0", "outcome"),
  entry(2, "verify:api@12", "intent"),
  entry(9, "verify:web@12", "intent"),
];

test.each([
  [11_000, undefined],
  [12_000, "verify api (10 s)"],
  [21_900, "verify api (10 s), verify web (10 s)"],
  [72_000, "verify api (1 min 10 s), verify web (1 min)"],
])("after %d ms it is said what takes long", (ms, line) => expect(waitingLine(journal, T0 + ms)).toBe(line));

test("a step is named without its generation", () => {
  expect([nameOf({ key: "verify:api@12" }), nameOf({ key: "verify:api@12#2" })]).toEqual([
    "verify api",
    "verify api#2",
  ]);
});

test("a rollout failed at what it had begun last, unless the journal names the failure itself", () => {
  expect(failedStep({ state: "FAILED", journal })?.key).toBe("verify:web@12");
  expect(failedStep({ state: "SUCCEEDED", journal })).toBeUndefined();
  const told = entry(70, "verify:web@12", "outcome", { payload: { failed: true, message: "503" } });
  expect(failedStep({ state: "FAILED", journal: [...journal, told] })).toBeUndefined();
});

function written(isTTY: boolean): string {
  const texts: string[] = [];
  const lines = createProgressLines({ isTTY, columns: 19, write: (text: unknown) => texts.push(String(text)) > 0 });
  for (const what of ["verify api (10 s)", "verify api (10 s)", "verify api (20 s)"]) lines.waiting(what);
  lines.note("done");
  lines.end();
  return texts.join("");
}

test("a terminal shows one living line, a file one line for each span", () => {
  const back = "\r\u001b[K";
  expect(written(true)).toBe(`  … verify api (10${back}  … verify api (20${back}done\n`);
  expect(written(false)).toBe("  … verify api (10 s)\n  … verify api (20 s)\ndone\n");
});
