import { expect, test } from "vitest";
import type { HostFacts } from "./docker/host-facts.ts";
import { judgeHosts } from "./facts.ts";

const WELL: HostFacts = {
  dockerVersion: "28.2.2",
  compose: "docker compose",
  dockerFree: 50e9,
  folderFree: 50e9,
  memoryAvailable: 4e9,
  clockSkewMs: 12,
  ports: new Set([22]),
};

test("hosts that are well: one row an item, with what each has", () => {
  const rows = judgeHosts([
    { name: "a", facts: WELL },
    { name: "b", facts: WELL },
  ]);
  expect(rows).toEqual([
    { item: "disk", ok: true, evidence: "a: 50.0 GB free; b: 50.0 GB free" },
    { item: "memory", ok: true, evidence: "a: 4.0 GB available; b: 4.0 GB available" },
    { item: "clock", ok: true, evidence: "a: 0.0 s from here; b: 0.0 s from here" },
  ]);
});

test.each([
  ["disk", { folderFree: 0.2e9 }, "b: 0.2 GB free"],
  ["disk", { dockerFree: 0.3e9 }, "b: 0.3 GB free"],
  ["memory", { memoryAvailable: 0.1e9 }, "b: 0.1 GB available"],
  ["clock", { clockSkewMs: -2_400 }, "b: -2.4 s from here"],
])("one that falls short of %s is named, with what to do", (item, change, evidence) => {
  const rows = judgeHosts([
    { name: "a", facts: WELL },
    { name: "b", facts: { ...WELL, ...change } },
  ]);
  expect(rows.find((row) => row.item === item)).toMatchObject({ ok: false, evidence, next: expect.any(String) });
  expect(rows.filter(({ ok }) => !ok)).toHaveLength(1);
});
