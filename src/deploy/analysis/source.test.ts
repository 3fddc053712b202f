import { expect, test } from "vitest";
import { ExternalError } from "../../core/errors.ts";
import type { RequestSample, RouteView } from "../../platforms/traffic.ts";
import type { Run } from "../run.ts";
import { createSource } from "./source.ts";

const DOWN = new ExternalError({ code: "SM-PROXY-DEADLINE", message: "h1: the proxy did not answer", next: "wait" });

/** A data plane that tells what `tells` holds, or throws it. */
function stage() {
  let now = 0;
  let requests = 0;
  const tells: (RequestSample[] | Error)[] = [];
  const samples = async () => {
    const next = tells.shift() ?? [];
    if (next instanceof Error) throw next;
    return next;
  };
  const run = {
    row: { app: "shop", env: "production" },
    signal: new AbortController().signal,
    dependencies: { platform: { traffic: { samples } }, clock: { monotonic: () => now } },
  };
  const source = createSource(run as unknown as Run, "web");
  const look = async (after: number, told: RequestSample[] | Error, served: number, seen?: RouteView["figures"]) => {
    now += after;
    requests += served;
    tells.push(told);
    const figures = seen ?? { a: { inflight: 0, streams: 0, requests, errors: 0 } };
    return await source.look({ figures } as unknown as RouteView);
  };
  return { look, times: source.times };
}

const answered = (ms: number, status = 200): RequestSample => ({ unit: "a", status, ms });

test("what the data plane does not tell at once it tells later, and nothing is counted twice", async () => {
  const { look, times } = stage();
  expect(await look(0, [answered(5)], 1)).toMatchObject({ first: true, answers: [{ ms: 5 }] });
  expect(await look(500, DOWN, 2)).toEqual({ first: false, answers: [] });
  expect(await look(4_000, DOWN, 2)).toEqual({ first: false, answers: [] });
  expect(await look(500, [answered(7), answered(8, 503), answered(9, -1)], 1)).toEqual({
    first: false,
    answers: [
      { unit: "a", ms: 7, failed: false },
      { unit: "a", ms: 8, failed: true },
    ],
  });
  expect(times()).toBe("told");
});

test("where it stays silent its counters say the rest, without times and for good", async () => {
  const { look, times } = stage();
  await look(0, [], 10);
  await look(500, [answered(5)], 1);
  expect((await look(500, DOWN, 2)).answers).toEqual([]);
  expect((await look(6_000, DOWN, 1)).answers).toEqual([]);
  expect((await look(500, DOWN, 4)).answers).toEqual(
    Array.from({ length: 7 }, () => ({ unit: "a", failed: false, ms: null })),
  );
  expect(times()).toBe("lost");
  expect((await look(500, [answered(5)], 2)).answers).toHaveLength(2);
});

test("what a unit did before the first look, or before its host was away for one, is not counted again", async () => {
  const { look } = stage();
  await look(0, DOWN, 1_000_000);
  await look(3_000, DOWN, 1);
  expect(await look(3_000, DOWN, 1)).toEqual({ first: true, answers: [] });
  expect((await look(500, [], 2)).answers).toHaveLength(2);
  expect((await look(500, [], 0, {})).answers).toEqual([]);
  expect((await look(500, [], 3)).answers).toHaveLength(3);
});
