import { expect, test } from "vitest";
import { nextOpen, parseHours } from "./work-hours.ts";

const open = (text: string, at: string) => new Date(nextOpen(parseHours(text) ?? [], Date.parse(at))).toISOString();

test.each([
  ["Mon-Fri 09:00-18:00 Europe/Paris", "2026-03-01T12:00:00Z", "2026-03-02T08:00:00.000Z"],
  ["Mon-Fri 09:00-18:00 Europe/Paris", "2026-03-02T16:59:00Z", "2026-03-02T16:59:00.000Z"],
  ["Mon-Fri 09:00-18:00 Europe/Paris", "2026-03-06T17:00:00Z", "2026-03-09T08:00:00.000Z"],
  ["Sun 10:00-11:00", "2026-03-02T00:00:00Z", "2026-03-08T10:00:00.000Z"],
])("%s after %s opens at %s", (text, at, expected) => {
  expect(open(text, at)).toBe(expected);
});

test.each(["", "Fri-Mon 09:00-18:00", "Mon 18:00-09:00", "Mon-Fri 09:00-18:00 Mars/Base", "Foo 09:00-10:00"])(
  "%j is no such hours",
  (text) => expect(parseHours(text)).toBeUndefined(),
);
