import { expect, test } from "vitest";
import type { Clock } from "../../core/clock.ts";
import type { Usage } from "./docker/stats.ts";
import { createUsage } from "./usage.ts";

const figures = (cpuPercent: number) => new Map([["app-1", { cpuPercent, memoryBytes: 1_000 }]]);

/** Time stands still but for `pass`; a sleep ends at once. */
function stage() {
  let now = 0;
  const pass = (ms: number) => {
    now += ms;
  };
  const clock: Clock = { now: () => now, monotonic: () => now, sleep: async (ms) => pass(ms) };
  const measured: { host: string; answer: (found: Map<string, Usage> | Error) => Promise<void> }[] = [];
  const usage = createUsage(async (host) => {
    const { promise, resolve, reject } = Promise.withResolvers<Map<string, Usage>>();
    const answer = async (found: Map<string, Usage> | Error) => {
      found instanceof Error ? reject(found) : resolve(found);
      await new Promise(setImmediate);
    };
    measured.push({ host, answer });
    return promise;
  }, clock);
  return { of: (host: string) => usage(host, ["app-1"]), measured, pass };
}

test("the first figures are waited for 3 s; later ones are there at once and measured anew meanwhile", async () => {
  const { of, measured, pass } = stage();
  expect(await of("h1")).toEqual(new Map());
  expect(measured.map(({ host }) => host)).toEqual(["h1"]);
  await measured[0]?.answer(figures(1));
  expect(await of("h1")).toEqual(figures(1));
  expect(measured).toHaveLength(1);
  pass(6_000);
  expect([await of("h1"), await of("h1")]).toEqual([figures(1), figures(1)]);
  expect(measured).toHaveLength(2);
  await measured[1]?.answer(figures(2));
  expect(await of("h1")).toEqual(figures(2));
});

test("of a host that does not answer there are none after a minute, and it holds up no other", async () => {
  const { of, measured, pass } = stage();
  const first = of("h1");
  await measured[0]?.answer(figures(1));
  expect(await first).toEqual(figures(1));
  pass(30_000);
  expect(await of("h1")).toEqual(figures(1));
  await measured[1]?.answer(new Error("silent"));
  pass(31_000);
  expect(await of("h1")).toEqual(new Map());
  const other = of("h2");
  await measured[3]?.answer(figures(5));
  expect(await other).toEqual(figures(5));
});
