import { expect, test } from "vitest";
import { closingNote } from "./incident-report.ts";

const at = "2026-03-01T12:00:00.000Z";
const said = (text: string, kind = "closed", actor: string | null = "cli:ada") => ({
  timeline: [{ seq: 1, at, kind, text, data: { actor } }],
});

test.each([
  ["cli:ada closed it: root cause: the pool was too small", "the pool was too small"],
  ["cli:ada closed it: the pool was too small", "the pool was too small"],
  ["cli:bob closed it: the pool was too small", "cli:bob closed it: the pool was too small"],
])("of %j the report gives the words of the person", (text, note) => {
  expect(closingNote(said(text))).toBe(note);
});

test("what a person ended counts, what ended by itself says nothing", () => {
  expect(closingNote(said("cli:ada ended it: Root cause: DNS", "resolved"))).toBe("DNS");
  expect(closingNote(said("quiet for 15 min", "resolved", null))).toBeNull();
});
