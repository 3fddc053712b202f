import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExternalError } from "../../core/errors.ts";
import { everywhere, failureOf, reachable, switchAll, waves } from "./waves.ts";

const AWAY = new ExternalError({ code: "SM-SSH-UNREACHABLE", message: "b cannot be reached", retryable: true });
const SILENT = new ExternalError({ code: "SM-SSH-DEADLINE", message: "b: docker did not end within 10 s" });
const WRONG = new Error("refused");

describe("waves", () => {
  test.each([
    [["a"], [["a"]]],
    [
      ["a", "b"],
      [["a"], ["b"]],
    ],
    [
      ["a", "b", "c"],
      [["a"], ["b"], ["c"]],
    ],
    [
      ["a", "b", "c", "d", "e", "f", "g", "h"],
      [["a"], ["b", "c"], ["d", "e", "f", "g", "h"]],
    ],
  ])("%j", (hosts, expected) => {
    expect(waves(hosts)).toEqual(expected);
  });

  test("every host once, the first alone", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { minLength: 1 }), (hosts) => {
        const made = waves(hosts);
        expect(made.flat()).toEqual(hosts);
        expect(made[0]).toHaveLength(1);
      }),
    );
  });
});

describe("switchAll", () => {
  test("all or none: what was switched goes back, also the one that failed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.nat(19), async (count, failing) => {
        const hosts = Array.from({ length: count }, (_, index) => index);
        const state = new Map(hosts.map((host) => [host, "old"]));
        const work = switchAll(hosts, {
          forth: async (host) => {
            state.set(host, "new");
            if (host === failing) throw new Error(`host ${host}`);
            return host;
          },
          back: async (host) => state.set(host, "old"),
        });
        if (failing < count) await expect(work).rejects.toThrow(`host ${failing}`);
        else expect(await work).toEqual(hosts);
        expect(new Set(state.values())).toEqual(new Set([failing < count ? "old" : "new"]));
      }),
    );
  });
});

test.each([
  ["nothing failed", [], 2, undefined],
  ["one is away, and the others are enough", [AWAY], 2, undefined],
  ["one fell silent in a call", [SILENT], 2, undefined],
  ["too few are left", [AWAY, SILENT], 2, AWAY],
  ["all are wanted", [AWAY], undefined, AWAY],
  ["what is wrong on a host is no loss of it", [AWAY, WRONG], 1, WRONG],
])("of three hosts: %s", (_, failures, quorum, thrown) => {
  const ends = Array.from({ length: 3 }, (_host, index) =>
    failures[index]
      ? { status: "rejected" as const, reason: failures[index] }
      : { status: "fulfilled" as const, value: 0 },
  );
  expect(failureOf(ends, { hosts: 3, quorum })?.reason).toBe(thrown);
});

test("everywhere reaches all, then says what failed", async () => {
  const reached: number[] = [];
  const work = everywhere([1, 2, 3], async (host) => {
    reached.push(host);
    if (host === 2) throw new Error("two");
  });
  await expect(work).rejects.toThrow("two");
  expect(reached).toEqual([1, 2, 3]);
});

describe("reachable", () => {
  const away = new ExternalError({ code: "SM-SSH-UNREACHABLE", message: "b cannot be reached", retryable: true });
  const work = (failing: Record<string, unknown>) => (host: string) =>
    failing[host] ? Promise.reject(failing[host]) : Promise.resolve(host);

  test("one that is away keeps the others from nothing", async () => {
    expect(await reachable(["a", "b", "c"], work({ b: away }))).toEqual(["a", "c"]);
  });

  test("none that answers, or another failure, is thrown", async () => {
    await expect(reachable(["b"], work({ b: away }))).rejects.toBe(away);
    const refused = new Error("refused");
    await expect(reachable(["a", "b", "c"], work({ b: away, c: refused }))).rejects.toBe(refused);
  });
});
