import { expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import type { ProcessCount } from "../types.ts";
import { runProbe } from "./run.ts";
import { redact, spec } from "./testing.ts";

const all = { alive: 2, expected: 2, detail: null };

test.each<[string, ProcessCount, number | undefined, object]>([
  ["all alive", all, undefined, { outcome: "ok", facts: { alive: 2, restarts: 0 } }],
  ["few restarts", { ...all, restarts: 2 }, undefined, { outcome: "ok" }],
  ["a crash loop", { ...all, restarts: 3 }, undefined, { outcome: "fail", class: "crash-loop", family: "deploy" }],
  ["a limit of its own", { ...all, restarts: 3 }, 4, { outcome: "ok" }],
  ["an exchange of replicas", { ...all, restarts: 9, exchanging: true }, undefined, { outcome: "ok" }],
  [
    "how it ended",
    { alive: 0, expected: 1, restarts: 3, detail: "ended (exit 1)" },
    undefined,
    { class: "crash-loop", detail: "started 3 times anew within 10 min: ended (exit 1)" },
  ],
])("%s", async (_what, count, most, expected) => {
  const check = spec("process", { process: "api", ...(most === undefined ? {} : { max_restarts: most }) });
  expect(await runProbe(check, { clock: systemClock, redact, processes: async () => count })).toMatchObject(expected);
});
