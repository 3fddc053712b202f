import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Step } from "../../../config/checks.ts";
import { systemClock } from "../../../core/clock.ts";
import { createRedactor } from "../../../core/redact.ts";
import type { CheckSpec } from "../../types.ts";
import { runProbe } from "../run.ts";

const TOKEN = "tok-7f3a91c2";
const SESSION = "sess-55d0aa11";
let server: Server;
let base: string;
let hits: string[];
let mode: "good" | "broken" | "leaky" | "hanging";

/** A sign-in as applications have it: a form token in the page, a session cookie, a bearer token, a sign-out. */
async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = `${request.method} ${request.url}`;
  hits.push(call);
  const json = (status: number, value: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (call === "GET /login") return void response.end('<input name="csrf" value="form-4711">');
  if (call === "POST /login") {
    const body = JSON.parse(await text(request));
    if (body.password !== "right" || request.headers["x-csrf"] !== "form-4711")
      return void json(401, { error: "wrong" });
    response.setHeader("set-cookie", [`sid=${SESSION}; Path=/; HttpOnly; Secure`, "old=1; Max-Age=0"]);
    return void json(200, { token: TOKEN, user: { id: 17 } });
  }
  if (mode === "hanging") return;
  const known = request.headers.cookie === `sid=${SESSION}` && request.headers.authorization === `Bearer ${TOKEN}`;
  if (call === "POST /logout") return void response.writeHead(204).end();
  if (!known) return void json(403, { error: "no session" });
  if (mode === "broken") return void json(500, { error: "database" });
  json(200, { id: 17, echo: mode === "leaky" ? request.headers.authorization : "" });
}

beforeAll(async () => {
  server = createServer((request, response) => void handle(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  hits = [];
  mode = "good";
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

function flow(password = "right"): Step[] {
  return [
    { get: `${base}/login`, save: { csrf: { regex: 'value="([^"]+)"' } } },
    {
      post: `${base}/login`,
      headers: { "x-csrf": `\${csrf}` },
      json: { email: "canary@example.com", password },
      save: { token: "$.token", user: "$.user.id", session: { cookie: "sid" } },
    },
    {
      get: `${base}/users/\${user}`,
      headers: { authorization: `Bearer \${token}` },
      expect: { status: 200, json: { id: 17 } },
    },
    { post: `${base}/logout`, headers: { authorization: `Bearer \${token}` }, always: true, expect: { status: 204 } },
  ].map((step) => Step.parse(step));
}

function run(steps: Step[], timeoutMs = 10_000, more: Partial<CheckSpec["options"]> = {}) {
  const options = { every: 300_000, timeout: timeoutMs, critical: true, steps, wrong_password: false, ...more };
  const spec: CheckSpec = {
    id: "login",
    environment: "local",
    service: null,
    component: "login",
    type: "steps",
    everyMs: 300_000,
    timeoutMs,
    critical: true,
    recheck: 1,
    options,
    target: "",
  };
  return runProbe(spec, {
    clock: systemClock,
    redact: createRedactor(),
    processes: () => Promise.reject(new Error("unused")),
  });
}

test("signs in with a form token, a cookie and a bearer token, and signs out", async () => {
  expect(await run(flow())).toMatchObject({ outcome: "ok", detail: null });
  expect(hits).toEqual(["GET /login", "POST /login", "GET /users/17", "POST /logout"]);
});

test("every step uses addresses of the wanted IP version only", async () => {
  const steps = [Step.parse({ get: `${base.replace("127.0.0.1", "localhost")}/login` })];
  expect(await run(steps, 10_000, { ip: 4 })).toMatchObject({ outcome: "ok" });
  expect(await run(steps, 10_000, { ip: 6 })).toMatchObject({ outcome: "fail", class: "auth-step:1" });
});

test("a refused sign-in names its step; there is nothing to sign out of", async () => {
  const result = await run(flow("wrong"));
  expect(result).toMatchObject({
    outcome: "fail",
    class: "auth-step:2",
    family: "auth",
    detail: "step 2 (POST /login): answered 401, expected 2xx",
  });
  expect(hits).toEqual(["GET /login", "POST /login"]);
});

test("signs out after a later step failed, or hung", async () => {
  mode = "broken";
  expect(await run(flow())).toMatchObject({
    class: "auth-step:3",
    detail: expect.stringContaining(`step 3 (GET /users/\${user}): answered 500, expected 200`),
  });
  expect(hits.at(-1)).toBe("POST /logout");
  mode = "hanging";
  hits = [];
  expect(await run(flow(), 1_000)).toMatchObject({ outcome: "fail", class: "auth-step:3", family: "auth" });
  expect(hits.at(-1)).toBe("POST /logout");
});

test("saved values appear in no message and in no body", async () => {
  mode = "leaky";
  const steps = flow().slice(0, 3);
  const result = await run([
    ...steps.slice(0, 2),
    Step.parse({
      get: `${base}/me`,
      headers: { authorization: `Bearer \${token}` },
      expect: { json: { echo: "nothing" } },
    }),
  ]);
  expect(result.class).toBe("auth-step:3");
  expect(result.detail).toContain("echo");
  for (const secret of [TOKEN, SESSION, "form-4711"]) expect(JSON.stringify(result)).not.toContain(secret);
});

test("a value that is not in the answer fails the step that saves it", async () => {
  const steps = [
    Step.parse({ get: `${base}/login`, save: { token: "$.token" } }),
    Step.parse({ get: `${base}/\${token}` }),
  ];
  expect(await run(steps)).toMatchObject({
    class: "auth-step:1",
    detail: "step 1 (GET /login): the answer holds no token",
  });
  expect(hits).toEqual(["GET /login"]);
});

test("a refused connection is a failed step too", async () => {
  const result = await run([Step.parse({ get: "http://127.0.0.1:1/" })]);
  expect(result).toMatchObject({ outcome: "fail", class: "auth-step:1", family: "auth" });
});
