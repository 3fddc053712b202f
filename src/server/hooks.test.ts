import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createRate } from "../core/rate.ts";
import { concernsPreviews } from "./github-events.ts";
import { signatureMatches } from "./guards.ts";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse, HOOK_SECRET, rawRequest } from "./testing.ts";

const house = createFakeHouse();
let server: RunningServer;
let locked: RunningServer;

beforeAll(async () => {
  server = await startServer({ usecases: house.usecases, port: 0, version: "1" });
  locked = await startServer({ usecases: house.usecases, port: 0, version: "1", token: "s3cret-token" });
});
afterAll(async () => {
  await Promise.all([server.close(), locked.close()]);
});
beforeEach(() => void house.calls.splice(0));

const looks = () => house.calls.filter(([name]) => name === "look").length;
const sign = (body: string, secret = HOOK_SECRET) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

interface Sent {
  path?: string;
  event?: string;
  to?: RunningServer;
  headers?: Record<string, string | undefined>;
}

/** A hook as GitHub sends it; `headers` of undefined are left out. */
async function send(body: string, { path = "/hooks/github", event = "push", to = server, headers = {} }: Sent = {}) {
  const all = {
    "content-type": "application/json",
    "x-github-event": event,
    "x-hub-signature-256": sign(body),
    host: "shop.example.com",
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  const answer = await rawRequest(to.url, { path, method: "POST", headers: given, body });
  return { status: answer.status, body: JSON.parse(answer.body) };
}

const PUSH = JSON.stringify({ ref: "refs/heads/login", commits: [{ message: "ä" }], repository: {} });

test.each([
  ["ping", { zen: "Keep it logically awesome." }, false],
  ["pull_request", { action: "opened" }, true],
  ["pull_request", { action: "synchronize" }, true],
  ["pull_request", { action: "reopened" }, true],
  ["pull_request", { action: "closed" }, true],
  ["pull_request", { action: "labeled" }, false],
  ["push", { ref: "refs/heads/login" }, true],
  ["push", { ref: "refs/tags/v1" }, false],
  ["delete", { ref: "login", ref_type: "branch" }, true],
  ["delete", { ref: "v1", ref_type: "tag" }, false],
  ["issues", { action: "opened" }, false],
  [undefined, {}, false],
])("%s %j makes the daemon look: %s", (event, payload, expected) => {
  expect(concernsPreviews(event, payload)).toBe(expected);
});

test("a signed event is accepted under any host name, without the token, and as often as it is sent again", async () => {
  for (const to of [server, locked, server])
    expect(await send(PUSH, { to })).toEqual({ status: 202, body: { looks: true } });
  expect(looks()).toBe(3);
  expect(await send(`{"zen":"x"}`, { event: "ping" })).toEqual({ status: 202, body: { looks: false } });
  expect(looks()).toBe(3);
});

test.each([
  ["no signature", PUSH, { "x-hub-signature-256": undefined }, 401, "SM-HOOK-SIGNATURE"],
  ["another secret", PUSH, { "x-hub-signature-256": sign(PUSH, "guess") }, 401, "SM-HOOK-SIGNATURE"],
  ["another body", `${PUSH} `, { "x-hub-signature-256": sign(PUSH) }, 401, "SM-HOOK-SIGNATURE"],
  [
    "the token of GitLab",
    PUSH,
    { "x-hub-signature-256": undefined, "x-gitlab-token": HOOK_SECRET },
    401,
    "SM-HOOK-SIGNATURE",
  ],
  ["a form", PUSH, { "content-type": "application/x-www-form-urlencoded" }, 415, "SM-REQUEST-TYPE"],
  ["no JSON", "{", {}, 400, "SM-REQUEST-INVALID"],
  ["another form of payload", `{"ref":7}`, {}, 400, "SM-REQUEST-INVALID"],
  ["more than 1 MiB", JSON.stringify({ ref: "x".repeat(1_100_000) }), {}, 413, "SM-REQUEST-SIZE"],
])("%s is refused", async (_what, body, headers, status, code) => {
  expect(await send(body, { headers })).toMatchObject({ status, body: { error: { code } } });
  expect(looks()).toBe(0);
});

test("up to 1 MiB is read", async () => {
  expect((await send(JSON.stringify({ ref: "refs/heads/x", commits: "x".repeat(1_000_000) }))).status).toBe(202);
});

test("another forge names the environment, and signs likewise or sends its token", async () => {
  const to = (headers: Sent["headers"], path = "/hooks/git/preview") => send("{}", { path, headers });
  const bare = { "x-hub-signature-256": undefined };
  expect((await to({})).status).toBe(202);
  expect((await to({ ...bare, "x-gitlab-token": HOOK_SECRET })).status).toBe(202);
  expect((await to({ "x-gitlab-token": "guess" })).status).toBe(401);
  expect((await to(bare)).status).toBe(401);
  expect((await to({}, "/hooks/git/production")).body).toMatchObject({ error: { code: "SM-HOOK-UNKNOWN" } });
  expect(looks()).toBe(2);
});

test("without a secret in the manifest there is no hook, and a flood is refused", async () => {
  const { previewHook: _, ...usecases } = house.usecases;
  const bare = await startServer({ usecases, port: 0, version: "1" });
  const answers = [];
  for (let count = 0; count < 70; count++) answers.push((await send(PUSH, { to: bare })).status);
  expect(answers[0]).toBe(404);
  expect(answers).toContain(429);
  expect((await rawRequest(bare.url, { path: "/api/status" })).status).toBe(200);
  await bare.close();
});

test("a signature counts for its body and secret only", () => {
  const body = new TextEncoder().encode("Hello, World!");
  // The example of GitHub's documentation.
  const right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  const matches = (header: string | undefined) => signatureMatches(header, body, "It's a Secret to Everybody");
  expect(matches(right)).toBe(true);
  for (const wrong of [undefined, "", "sha256=", right.slice(0, -1), right.replace("7", "8"), right.slice(7)])
    expect(matches(wrong)).toBe(false);
});

test("a rate lets a burst through, then one after the other", () => {
  let now = 0;
  const passes = createRate({ burst: 2, everyMs: 100, now: () => now });
  const next = (ms: number) => {
    now += ms;
    return passes();
  };
  expect([next(0), next(0), next(0), next(50), next(50), next(0), next(1_000), next(0), next(0)]).toEqual([
    ...[true, true, false, false, true, false],
    ...[true, true, false],
  ]);
});
