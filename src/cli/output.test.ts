import { afterEach, beforeEach, expect, test } from "vitest";
import type { IncidentSummary } from "../contract/incident.ts";
import { Bug, ExternalError, PolicyError, UserError } from "../core/errors.ts";
import { plural } from "../core/plural.ts";
import { evidenceLines } from "./evidence-lines.ts";
import { errorText, wholeNumber } from "./failure.ts";
import { noneOpen } from "./incident-table.ts";
import { ago, localTime } from "./output.ts";

let zone: string | undefined;
beforeEach(() => {
  zone = process.env.TZ;
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each([
  ["UTC", "2026-11-21 14:03:07 +00:00"],
  ["America/St_Johns", "2026-11-21 10:33:07 -03:30"],
  ["Asia/Kolkata", "2026-11-21 19:33:07 +05:30"],
])("a time on the clock of %s", (name, expected) => {
  process.env.TZ = name;
  expect(localTime("2026-11-21T14:03:07.500Z")).toBe(expected);
});

test.each([
  [-5, "now"],
  [0, "now"],
  [59, "59 s ago"],
  [60, "1 min ago"],
  [7_199, "1 h ago"],
  [86_400 * 3, "3 d ago"],
])("%i s", (seconds, expected) => {
  const now = Date.parse("2026-11-21T14:00:00Z");
  expect(ago(new Date(now - seconds * 1_000).toISOString(), now)).toBe(expected);
});

test("one is one", () => {
  expect([0, 1, 2].map((count) => plural(count, "entry", "entries"))).toEqual(["0 entries", "1 entry", "2 entries"]);
  expect(plural(2, "service")).toBe("2 services");
});

test.each([
  [new UserError({ code: "SM-A", message: "a", next: "b" }), 2, "b"],
  [new PolicyError({ code: "SM-A", message: "a" }), 3, null],
  [new ExternalError({ code: "SM-A", message: "a\nsecond" }), 1, null],
])("an error is one line, also as JSON", (error, exitCode, next) => {
  const json = errorText(error, { json: true, verbose: false });
  expect(JSON.parse(json)).toEqual({ error: { code: "SM-A", message: error.message, next, exitCode } });
  expect(json).not.toContain("\n");
  expect(errorText(error, { json: false, verbose: false })).toMatch(/^error SM-A: .*$/);
});

test("the mistakes of a manifest are a line each for people, and one document as JSON", () => {
  const error = new UserError({
    code: "SM-CONFIG-KEY",
    message: "m.yaml has 2 mistakes:\n  m.yaml:1: a",
    next: "see b",
  });
  expect(errorText(error, { json: false, verbose: false })).toBe(
    "error SM-CONFIG-KEY: m.yaml has 2 mistakes:\n  m.yaml:1: a\nsee b",
  );
  expect(JSON.parse(errorText(error, { json: true, verbose: false })).error.message).toBe(error.message);
});

test("no open incident names the last one", () => {
  const at = Date.parse("2026-11-21T14:00:10Z");
  const last = { id: "inc-m1", service: "api", symptom: "process gone", resolvedAt: "2026-11-21T14:00:00Z" };
  expect(noneOpen(undefined)).toBe("no open incident");
  expect(noneOpen(last as IncidentSummary, at)).toBe(
    "no open incident; last: inc-m1 api process gone, resolved 10 s ago (--all shows them)",
  );
});

test("evidence in words", () => {
  const metrics = {
    replicas_running: 0,
    replicas: 1,
    last_exit: "SIGKILL",
    cpu_percent: 0,
    memory_mb: 45,
    errors_5xx: 3,
  };
  expect(
    evidenceLines({ metrics: { ...metrics, none: null }, logs: ["boot"], changes: [], missing: ["x: y"] }),
  ).toEqual([
    "  replicas running 0 · replicas 1 · last exit SIGKILL · CPU 0 % · memory 45 MB · errors (5xx) 3",
    "  | boot",
    "  missing: x: y",
  ]);
});

test("the stack of the cause comes with --verbose, in JSON inside the document", () => {
  const error = new Bug({ code: "SM-BUG", message: "m", cause: new TypeError("deep") });
  expect(errorText(error, { json: false, verbose: true })).toContain("TypeError: deep\n    at");
  expect(JSON.parse(errorText(error, { json: true, verbose: true })).error.stack).toContain("TypeError: deep");
});

test.each(["", " ", "x", "1.5", "-1", "51", "1e9"])("%j is no number from 0 to 50", (text) => {
  const read = () => wholeNumber(text, { option: "--lines", from: 0, to: 50 });
  expect(read).toThrow(expect.objectContaining({ code: "SM-USAGE", exitCode: 2 }));
});
