import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseManifest } from "../config/load.ts";
import { GOOD } from "../config/testing.ts";
import { systemClock } from "../core/clock.ts";
import { postChecks } from "./post-checks.ts";

const signal = new AbortController().signal;
let server: Server;
let base: string;
const asked: Record<string, number> = {};
/** Answers well from the third request of a path on. */
beforeAll(async () => {
  server = createServer(({ url = "" }, response) => {
    asked[url] = (asked[url] ?? 0) + 1;
    response.writeHead((asked[url] ?? 0) > 2 ? 200 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

function open(checks: string) {
  return postChecks({
    ...{ manifest: parseManifest(`${GOOD}checks:\n${checks}`, "m.yaml"), environment: "local", clock: systemClock },
    ...{ redact: (text: string) => text, resolve: async (text: string) => text },
    downSince: async (id) => (id === "local/check/known" ? 500 : id === "local/check/new" ? 1_500 : null),
  });
}

test("what fails at first is asked again within its time limit", async () => {
  const { checks } = open(`  entry: { service: api, url: "${base}/entry", timeout: 20s }\n`);
  expect(await checks(["api"], 1_000, signal)).toEqual([{ name: "entry", outcome: "ok", detail: "" }]);
  expect(asked["/entry"]).toBe(3);
});

test("what may change something is asked twice at most", async () => {
  const { journeys } = open(`  way: { timeout: 20s, steps: [{ post: "${base}/way" }] }\n`);
  expect(await journeys(1_000, signal)).toMatchObject([{ name: "way", outcome: "fail" }]);
  expect(asked["/way"]).toBe(2);
});

test("only those of the services, and of the kinds that say something of a release", async () => {
  const { checks } = open(`  one: { service: api, url: "${base}/one", timeout: 20s }
  two: { service: web, url: "${base}/two" }
  three: { url: "${base}/three" }
  four: { process: api }
  five: { service: api, heartbeat: { period: 1h, grace: 1m } }
  six: { service: api, ping: 127.0.0.1 }
  seven: { service: api, tcp: "127.0.0.1:1", timeout: 100ms }
`);
  const found = await checks(["api"], 1_000, signal);
  expect(found.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["one", "ok"],
    ["seven", "fail"],
  ]);
});

test("who stops the rollout stops the questions", async () => {
  const { checks } = open(`  down: { service: api, tcp: "127.0.0.1:1", timeout: 30s }\n`);
  const stop = new AbortController();
  const end = checks(["api"], 1_000, stop.signal);
  stop.abort(new Error("lease lost"));
  await expect(end).rejects.toThrow("lease lost");
});

test("what was down before the rollout is told, and no fault of the release", async () => {
  const down = 'service: api, tcp: "127.0.0.1:1", timeout: 100ms';
  const { checks } = open(`  known: { ${down} }\n  new: { ${down} }\n  other: { ${down} }\n`);
  const found = await checks(["api"], 1_000, signal);
  expect(found.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["known", "unknown"],
    ["new", "fail"],
    ["other", "fail"],
  ]);
  expect(found[0]?.detail).toContain("was down before this rollout, and is: ");
});
