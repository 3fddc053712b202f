import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiError } from "../contract/status.ts";
import { ExternalError, PolicyError, UserError } from "../core/errors.ts";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse } from "./testing.ts";

const house = createFakeHouse();
const written: string[] = [];
const log = pino({ level: "warn" }, { write: (line: string) => void written.push(line) });
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ usecases: house.usecases, port: 0, version: "9.8.7", log });
});
afterAll(() => server.close());

function post(path: string, body: string, headers: Record<string, string> = {}) {
  return fetch(server.url + path, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
}

async function errorOf(response: Response) {
  return { status: response.status, ...ApiError.parse(await response.json()).error };
}

test.each([
  [new UserError({ code: "SM-X", message: "m", next: "n" }), 400, 2],
  [new UserError({ code: "SM-X-UNKNOWN", message: "m", next: "n" }), 404, 2],
  [new PolicyError({ code: "SM-FREEZE", message: "m", next: "n" }), 409, 3],
  [new ExternalError({ code: "SM-DB", message: "m", next: "n" }), 502, 1],
])("%o is told with its status", async (error, status, exitCode) => {
  const usecases = { ...house.usecases, doctor: () => Promise.reject(error) };
  const failing = await startServer({ usecases, port: 0, version: "1", log });
  const answer = await errorOf(await fetch(`${failing.url}/api/doctor`));
  expect(answer).toEqual({ status, code: error.code, message: "m", next: "n", exitCode });
  await failing.close();
});

test("a fault is logged, not told; a secret in a message is masked", async () => {
  const refuse = new ExternalError({ code: "SM-DB", message: "postgres://u:hunter2@db failed: password=hunter2" });
  const usecases = {
    ...house.usecases,
    releases: () => Promise.reject(new TypeError("cannot read /etc/secret/path")),
    doctor: () => Promise.reject(refuse),
  };
  const failing = await startServer({ usecases, port: 0, version: "1", log });
  const answer = await (await fetch(`${failing.url}/api/releases`)).text();
  expect(answer).toContain("SM-BUG");
  expect(answer).not.toMatch(/secret|at .*\.ts|TypeError/);
  expect(written.join("")).toContain("/etc/secret/path");
  expect(await (await fetch(`${failing.url}/api/doctor`)).text()).not.toContain("hunter2");
  await failing.close();
});

test.each([
  ["/api/deploy", '{"relase":"r1"}', "relase"],
  ["/api/deploy", '{"only":"web"}', '"only" of the body is wrong: it must be an array'],
  ["/api/deploy", '{"only":[1]}', '"only.0" of the body is wrong: it must be a string'],
  ["/api/deploy", '{"release":"../../x"}', '"release" of the body is wrong: a name has letters'],
  ["/api/deploy", '{"release":"a b"}', '"release" of the body is wrong: a name has letters'],
  ["/api/deploy", "[]", "body"],
  ["/api/deploy", "null", "body"],
  ["/api/deploy", "", "JSON"],
  ["/api/plan", '{"strategy":"yolo"}', "it must be one of blue-green, rolling, canary, recreate"],
  ["/api/rollback", '{"to":7}', "to"],
  [
    "/api/incidents/inc-1/acknowledge",
    JSON.stringify({ note: "x".repeat(501) }),
    '"note" of the body is wrong: at most 500 characters',
  ],
  ["/api/incidents", '{"symptom":"x"}', "severity"],
  ["/api/incidents/inc-1/close", "{}", "note"],
  ["/api/silences", '{"matcher":{"chek":"a"},"reason":"x","until":"2026-01-01T00:00:00Z"}', "chek"],
])("%s refuses %s and names the field", async (path, body, field) => {
  const calls = house.calls.length;
  const answer = await errorOf(await post(path, body));
  expect(answer).toMatchObject({ status: 400, code: "SM-REQUEST-INVALID", exitCode: 2 });
  expect(answer.message).toContain(field);
  expect(answer.message).not.toMatch(/\n|Invalid|expected/);
  expect(house.calls).toHaveLength(calls);
});

test.each([
  "/api/rollouts?limit=0",
  "/api/audit?limit=many",
  "/api/incidents?state=odd",
  "/api/checks/a/series?window=2h",
  "/api/checks?verdict=FINE",
  "/api/checks?limit=1001",
])("%s is refused", async (path) => {
  const answer = await errorOf(await fetch(server.url + path));
  expect(answer).toMatchObject({ status: 400, code: "SM-REQUEST-INVALID" });
  expect(answer.message).toMatch(/limit|state|window|verdict/);
});

test("unknown routes and methods of the API are 404 in the shape of every error", async () => {
  for (const [path, method] of [
    ["/api", "GET"],
    ["/api/nope", "GET"],
    ["/api/status", "DELETE"],
    ["/api/status", "POST"],
  ] as const)
    expect(await errorOf(await fetch(server.url + path, { method }))).toMatchObject({
      status: 404,
      code: "SM-ROUTE-UNKNOWN",
    });
});

test("the actor is taken from the header when it is a plain name", async () => {
  const actors = ["cli:ada", "<script>", "a b", "x".repeat(65), undefined];
  for (const actor of actors) await post("/api/deploy", "{}", actor ? { "x-stationmaster-actor": actor } : {});
  const recorded = house.calls.filter(([name]) => name === "deploy").map((call) => call.at(-1));
  expect(recorded).toEqual(["cli:ada", "web", "web", "web", "web"]);
});

test("a deploy is accepted with 202; with planOnly it answers the plan with 200", async () => {
  const deploy = await post("/api/deploy", "{}");
  expect([deploy.status, await deploy.json()]).toMatchObject([202, { rollout: { id: "ro-1" } }]);
  const plan = await post("/api/deploy", '{"planOnly":true}');
  expect([plan.status, await plan.json()]).toMatchObject([200, { hash: "h" }]);
  const back = await post("/api/rollback", '{"planOnly":true}');
  expect([back.status, await back.json()]).toMatchObject([200, { hash: "h" }]);
});

test("a restart that lasts is accepted at once, one that is refused says so", async () => {
  const lasting = { ...house.usecases, restart: () => new Promise<void>(() => {}) };
  const slow = await startServer({ usecases: lasting, port: 0, version: "1", log });
  const accepted = await fetch(`${slow.url}/api/services/web/restart`, { method: "POST" });
  expect([accepted.status, await accepted.json()]).toEqual([202, {}]);
  await slow.close();
  expect(await errorOf(await post("/api/services/nope/restart", "{}"))).toMatchObject({ status: 404 });
});

test("answers of the API are not stored by caches", async () => {
  expect((await fetch(`${server.url}/api/status`)).headers.get("cache-control")).toBe("no-store");
  expect(await (await fetch(`${server.url}/healthz`)).text()).toBe("ok");
});
