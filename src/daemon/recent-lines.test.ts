import { expect, test } from "vitest";
import { linesSince } from "./recent-lines.ts";

const SINCE = Date.parse("2026-03-01T12:00:00Z");

test.each<[string, string[], string[]]>([
  ["lines without any time are kept", ["boot", "Error: x"], ["boot", "Error: x"]],
  [
    "older lines go, with what belongs to them",
    ["boot", "2026-03-01T11:00:00Z Error: old", "  at old.js:1", "2026-03-01T12:00:01Z Error: new", "  at new.js:1"],
    ["2026-03-01T12:00:01Z Error: new", "  at new.js:1"],
  ],
  [
    "what stands before the first line that is recent is kept",
    ["boot", "2026-03-01 14:00:05+02:00 up"],
    ["boot", "2026-03-01 14:00:05+02:00 up"],
  ],
  [
    "JSON lines with epoch ms",
    [`{"level":30,"time":${SINCE - 1},"msg":"old"}`, `{"level":30,"time":${SINCE},"msg":"new"}`],
    [`{"level":30,"time":${SINCE},"msg":"new"}`],
  ],
  ["a time without a zone says nothing", ["2026-03-01T11:00:00 old"], ["2026-03-01T11:00:00 old"]],
  ["a date that is none says nothing", ["2026-99-99T99:99:99Z"], ["2026-99-99T99:99:99Z"]],
])("%s", (_what, lines, expected) => {
  expect(linesSince(lines, SINCE)).toEqual(expected);
});
