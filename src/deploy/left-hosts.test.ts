import { expect, test } from "vitest";
import { askAgainAt } from "./left-hosts.ts";

const MINUTE = 60_000;
const SINCE = Date.parse("2026-11-21T10:00:00Z");

test.each([
  ["never asked: at once", null, 0],
  ["asked at once: 30 s later", 0, MINUTE / 2],
  ["away for ten minutes: ten minutes later", 10 * MINUTE, 20 * MINUTE],
  ["away for long: an hour later", 300 * MINUTE, 360 * MINUTE],
])("%s", (_, triedAfter, askedAfter) => {
  const triedAt = triedAfter === null ? null : SINCE + triedAfter;
  expect(askAgainAt(SINCE, triedAt) - SINCE).toBe(askedAfter);
});
