import { expect, test } from "vitest";
import type { Silence } from "../contract/silence.ts";
import { localTime } from "./output.ts";
import { addedText } from "./silence-lines.ts";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const until = "2026-12-20T08:00:00.000Z";
const nextAt = "2026-11-29T02:00:00.000Z";
const silence: Silence = {
  ...{
    id: "sil-1",
    kind: "silence",
    environment: "local",
    matcher: { service: "api" },
    author: "alice",
    reason: "work",
  },
  ...{ from: "2026-11-22T08:00:00.000Z", until, recurrence: null, active: true },
  checks: ["local/api/health", "local/api/process"],
};
const weekly = { recurrence: { cron: "0 2 * * 0", durationMs: 7_200_000, zone: "UTC" }, active: false };
const span = `0 2 * * 0 UTC for 2 h, until ${localTime(until)}`;

test.each<[string, Partial<Silence>, string]>([
  ["holds at once", {}, `sil-1 holds until ${localTime(until)}`],
  ["begins later", { active: false, from: nextAt }, `sil-1 holds from ${localTime(nextAt)}, until ${localTime(until)}`],
  ["returns", { ...weekly, nextAt }, `sil-1 holds from ${localTime(nextAt)}, ${span}`],
  ["returns after its end", { ...weekly, nextAt: null }, `sil-1 never holds, ${span}`],
])("one that %s says when, what it is about, what it does, and how it ends", (_, change, first) => {
  const about = "it is about local/api/health, local/api/process";
  const effect = "what begins to fail opens no incident, calls nobody and is not healed while it holds";
  expect(addedText({ ...silence, ...change }, NOW)).toBe(
    `${first}\n${about}\n${effect}\nstationmaster silence end sil-1 ends it`,
  );
});
