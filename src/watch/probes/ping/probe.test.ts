import { expect, test } from "vitest";
import { run, spec } from "../testing.ts";
import { judgeEchoes, readEchoes } from "./echoes.ts";

const { outcome } = await run(spec("ping", { ping: "127.0.0.1", count: 1 }));
const works = outcome !== "unknown";
if (!works) console.log("ping: skipped, it is not installed or may not send");

test.skipIf(!works)("this machine answers, a name that is none does not resolve", async () => {
  const result = await run(spec("ping", { ping: "127.0.0.1", count: 2 }));
  expect(result).toMatchObject({ outcome: "ok", facts: { lossPercent: 0, roundTripMs: expect.any(Number) } });
  expect(await run(spec("ping", { ping: "no-such-host.invalid" }, 20_000))).toMatchObject({
    outcome: "fail",
    class: "dns",
  });
});

test.each([
  [
    "3 packets transmitted, 3 received, 0% packet loss, time 402ms\nrtt min/avg/max/mdev = 0.031/0.042/0.060/0.012 ms",
    { sent: 3, received: 3, lossPercent: 0, roundTripMs: 0.042 },
  ],
  [
    "3 packets transmitted, 2 packets received, 33.3% packet loss\nround-trip min/avg/max/stddev = 1.2/3.4/5.6/0.1 ms",
    { sent: 3, received: 2, lossPercent: 33.3, roundTripMs: 3.4 },
  ],
  [
    "4 packets transmitted, 1 packets received, 75% packet loss\nround-trip min/avg/max = 1.2/3.4/5.6 ms",
    { sent: 4, received: 1, lossPercent: 75, roundTripMs: 3.4 },
  ],
  [
    "2 packets transmitted, 0 received, +2 errors, 100% packet loss",
    { sent: 2, received: 0, lossPercent: 100, roundTripMs: null },
  ],
  ["ping: unknown host", undefined],
])("%s", (output, expected) => {
  expect(readEchoes(output)).toEqual(expected);
});

test("lost echoes: all is an outage, more than may be is told with its share", () => {
  const echoes = { sent: 4, received: 1, lossPercent: 75, roundTripMs: 3 };
  expect(judgeEchoes(echoes, 75)).toBeNull();
  expect(judgeEchoes(echoes, 50)).toMatchObject({
    class: "assertion",
    detail: "1 of 4 echoes came back, 75 % lost, expected at most 50 %",
  });
  expect(judgeEchoes({ ...echoes, received: 0, lossPercent: 100 }, 50)).toMatchObject({ class: "connect-timeout" });
});
