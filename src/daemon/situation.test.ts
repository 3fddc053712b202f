import { expect, test } from "vitest";
import type { Verdict } from "../contract/check.ts";
import { silentHosts } from "./situation.ts";

const check = (id: string, verdict: Verdict) => ({ id, service: "web", verdict });

test.each<[string, ReturnType<typeof check>[], string | null]>([
  ["no checks", [], null],
  ["one place without a name is this machine", [check("local/web/health", "UNKNOWN")], null],
  [
    "a host of which nothing is known",
    [check("p/web/health@h1", "UP"), check("p/web/health@h2", "UNKNOWN")],
    "nothing is known of h2",
  ],
  [
    "a host where one check still answers",
    [check("p/web/health@h2", "UNKNOWN"), check("p/web/process@h2", "DOWN")],
    null,
  ],
])("%s", (_what, verdicts, expected) => {
  expect(silentHosts(verdicts)).toBe(expected);
});
