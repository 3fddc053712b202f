import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CheckType } from "../contract/check.ts";
import { systemClock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { freePort } from "../platforms/local/ports.ts";
import { drillCheck } from "./drill.ts";
import type { CheckSpec } from "./types.ts";

let asked = 0;
const server = createServer((_, response) => {
  asked++;
  response.end("well");
});
let address = "";
let nowhere = "";
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  nowhere = `127.0.0.1:${await freePort(new Set())}`;
});
afterAll(() => void server.close());

const never = new AbortController().signal;
/** The waits between confirmations take no time here. */
const clock = { ...systemClock, sleep: async () => {} };
const hold = (spec: CheckSpec) => drillCheck(spec, { clock, redact: createRedactor(), nowhere, signal: never });

function spec(type: CheckType, options: object): CheckSpec {
  return {
    ...{ id: "local/check/it", environment: "local", service: null, component: "it", type, recheck: 1 },
    ...{ everyMs: 10_000, timeoutMs: 2_000, critical: true, target: "it" },
    options: { every: 10_000, critical: true, ...options } as CheckSpec["options"],
  };
}

test.each<[CheckType, () => object]>([
  ["http", () => ({ url: `http://${address}/`, expect: {} })],
  ["tcp", () => ({ tcp: address })],
  ["tls", () => ({ tls: address })],
  ["dns", () => ({ dns: "localhost", resolver: address })],
  ["postgres", () => ({ postgres: `postgres://u:p@${address}/db` })],
  ["redis", () => ({ redis: `redis://${address}` })],
  ["process", () => ({ process: "api" })],
  ["heartbeat", () => ({ heartbeat: { period: 60_000, grace: 1_000 } })],
  ["steps", () => ({ steps: [{ post: `http://${address}/login`, expect: {}, always: false }] })],
])("a fault put into a check of %s makes it DOWN, and its target is not asked", async (type, options) => {
  const before = asked;
  expect(await hold(spec(type, options()))).toBeGreaterThan(0);
  expect(asked).toBe(before);
});

test("a check that cannot be run at all notices nothing", async () => {
  const broken = spec("process", { process: "api" });
  expect(
    await hold({ ...broken, options: { ...broken.options, process: undefined } } as unknown as CheckSpec),
  ).toBeNull();
});
