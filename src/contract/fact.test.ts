import { expect, test } from "vitest";
import { factTexts, figureTexts } from "./fact.ts";

const writer = {
  duration: (ms: number) => `${ms} ms`,
  bytes: (count: number) => `${count} B`,
  moment: (at: string) => at.slice(0, 10),
};

test("facts read as words with units, what is new under its own name, and a due time not at all", () => {
  const facts = {
    notAfter: 1_798_790_400,
    secondsLeft: 60,
    memoryUsed: 7,
    lossPercent: 20,
    dueSeconds: 3,
    newOne: 1_234,
  };
  expect(factTexts(facts, writer)).toEqual([
    ["valid until", "2027-01-01"],
    ["valid for", "60000 ms"],
    ["memory used", "7 B"],
    ["lost", "20 %"],
    ["newOne", "1,234"],
  ]);
});

test("figures of evidence have words too", () => {
  const figures = {
    cpu_percent: 12.5,
    memory_mb: 80,
    errors_5xx: 3,
    inflight: 0,
    replicas_running: 1,
    last_exit: null,
  };
  expect(figureTexts(figures)).toEqual([
    ["CPU", "12.5 %"],
    ["memory", "80 MB"],
    ["errors (5xx)", "3"],
    ["in flight", "0"],
    ["replicas running", "1"],
    ["last exit", null],
  ]);
});
