import { expect, test } from "vitest";
import { errorIn, newPatterns, patternOf } from "./patterns.ts";

test.each([
  ["2026-11-21T10:00:00.123Z ERROR order 4711 failed after 12.5 ms", "ERROR order # failed after # ms"],
  ["[21/Nov/2026 10:00:00 +0100] error", "[ +#] error"],
  ["10:00:00,123 Error: connect ECONNREFUSED 10.0.0.7:5432", "Error: connect ECONNREFUSED #:#"],
  ['user "ada" of 1f2e3d4c-1111-2222-3333-444455556666 not found', "user * of * not found"],
  ["job a94a8fe5ccb19ba61c4c0873d391e987982fbbd3 failed", "job * failed"],
  ["GET https://api.example.com:8443/orders/17 timed out", "GET /orders/# timed out"],
])("%s → %s", (line, pattern) => {
  expect(patternOf(line)).toBe(pattern);
});

test.each([
  ["Error: connect refused", true],
  ["TypeError: x is not a function", true],
  ["java.lang.NullPointerException: null", true],
  ["\u001b[31mERROR\u001b[39m out", true],
  ["payment failed", true],
  ["listening on 8080", false],
  ["checked 12 files, no errors", false],
  ["done: errors=0 failed: 0", false],
  ['result {"error": null}', false],
  ["done: errors=0, but the mail failed", true],
  ["    at handleError (/app/server.js:3:1)", false],
  ["terrors of the deep", false],
  ['{"level":50,"msg":"db is away"}', true],
  ['{"level":30,"msg":"retry after error"}', false],
  ['{"level":"warn","message":"payment failed"}', false],
  ['{"severity":"ERROR","message":"boom"}', true],
  ['{"msg":"no level","err":{"message":"Error: boom"}}', true],
  ['{"broken json error', true],
])("%s: %s", (line, expected) => {
  expect(errorIn(line) !== undefined).toBe(expected);
});

const times = (count: number, line: (number: number) => string) => Array.from({ length: count }, (_, i) => line(i));
const found = (lines: string[], before: string[] = []) =>
  newPatterns(lines, before).map(({ pattern, times: seen }) => `${seen} × ${pattern}`);

test.each<[string, string[], string[], string[]]>([
  ["quiet", ["listening"], ["listening"], []],
  ["one odd request", ["error: bad input 17"], [], []],
  ["again and again", times(3, (i) => `error: order ${i} lost`), [], ["3 × error: order # lost"]],
  ["the old release says so too", times(50, (i) => `error: order ${i} lost`), ["error: order 9 lost"], []],
  ["dying once is enough", ["FATAL: no schema"], [], ["1 × FATAL: no schema"]],
  ["dying as the old one does", ["FATAL: no schema"], ["FATAL: no schema"], []],
  ["several kinds", ["panic: a", ...times(4, () => '{"level":"error","msg":"b"}')], [], ["1 × panic: a", "4 × b"]],
  ["two units that report it together", times(2, () => "x failed").concat("x failed"), [], ["3 × x failed"]],
])("%s", (_, lines, before, expected) => {
  expect(found(lines, before)).toEqual(expected);
});

test("with no log of before, repetitions tell nothing and a dying process does", () => {
  const lines = [...times(5, () => "error: order lost"), "panic: a"];
  expect(newPatterns(lines, undefined).map(({ pattern }) => pattern)).toEqual(["panic: a"]);
});

test("a line of any length takes no long time", () => {
  const line = `error ${"a1-".repeat(200_000)} ${'"'.repeat(100_001)}`;
  const begin = performance.now();
  expect(newPatterns([line, line, line], [])).toHaveLength(1);
  expect(performance.now() - begin).toBeLessThan(5_000);
});
