import { expect, test } from "vitest";
import type { HostFacts } from "./docker/host-facts.ts";
import { judgeHosts, type KnownHost, type Needs } from "./facts.ts";

const WELL: HostFacts = {
  dockerVersion: "28.2.2",
  compose: "docker compose",
  dockerFree: 50e9,
  folderFree: 50e9,
  memoryAvailable: 4e9,
  clockSkewMs: 12,
  ports: new Set([22, 80]),
};
const NEEDS: Needs = { memory: 0.5e9, listen: [{ port: 80, bind: "0.0.0.0" }] };

function host(name: string, change: Partial<HostFacts> = {}, ours: number[] = [80]): KnownHost {
  return { name, facts: { ...WELL, ...change }, ours: new Set(ours) };
}

test("hosts that are well: one row an item, with what each has", () => {
  expect(judgeHosts([host("a"), host("b")], NEEDS)).toEqual([
    { item: "disk", ok: true, evidence: "a: 50.0 GB free; b: 50.0 GB free" },
    {
      item: "memory",
      ok: true,
      evidence: "a: 4.0 GB available, 0.5 GB for a second copy; b: 4.0 GB available, 0.5 GB for a second copy",
    },
    { item: "clock", ok: true, evidence: "a: 0.0 s from here; b: 0.0 s from here" },
    { item: "ports", ok: true, evidence: "a: free, or ours; b: free, or ours" },
  ]);
});

test.each([
  ["disk", host("b", { folderFree: 0.2e9 }), "b: 0.2 GB free"],
  ["disk", host("b", { dockerFree: 0.3e9 }), "b: 0.3 GB free"],
  ["memory", host("b", { memoryAvailable: 0.4e9 }), "b: 0.4 GB available, 0.5 GB for a second copy"],
  ["clock", host("b", { clockSkewMs: -2_400 }), "b: -2.4 s from here"],
  ["ports", host("b", {}, [443]), "b: 80 taken by another program"],
])("one that falls short of %s is named, with what to do", (item, short, evidence) => {
  const rows = judgeHosts([host("a"), short], NEEDS);
  expect(rows.find((row) => row.item === item)).toMatchObject({ ok: false, evidence, next: expect.any(String) });
  expect(rows.filter(({ ok }) => !ok)).toHaveLength(1);
});
