import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { answers } from "./answers/testing.ts";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse, rawRequest } from "./testing.ts";

const house = createFakeHouse();
let open: RunningServer;
let locked: RunningServer;
beforeAll(async () => {
  open = await startServer({ usecases: house.usecases, port: 0, version: "1" });
  locked = await startServer({ usecases: house.usecases, port: 0, version: "1", token: "s3cret-token" });
});
afterAll(async () => {
  await Promise.all([open.close(), locked.close()]);
});
beforeEach(() => void house.calls.splice(0));

test.each([
  ["/hb/beat-token", "ok"],
  ["/hb/beat-token/ok", "ok"],
  ["/hb/beat-token/start", "start"],
  ["/hb/beat-token/fail", "fail"],
])("%s says %s, by GET and POST, under any host name and without the API's token", async (path, beat) => {
  for (const server of [open, locked])
    for (const method of ["GET", "POST"])
      expect(await rawRequest(server.url, { path, method, headers: { host: "ops.example.com" } })).toMatchObject({
        ...{ status: 200, body: '{"ok":true}' },
      });
  expect(house.calls).toEqual([1, 2, 3, 4].map(() => ["beat", beat]));
});

test("a body is not read, also one that is no JSON; a large one is refused", async () => {
  const send = (body: string) => rawRequest(open.url, { path: "/hb/beat-token", method: "POST", body });
  expect((await send("output of the job")).status).toBe(200);
  expect((await send("x".repeat(70_000))).status).toBe(413);
});

test.each(["/hb/guess", "/hb/beat-token/other", "/hb/%2e%2e%2fapi", "/hb/", `/hb/${"x".repeat(100)}`])(
  "%s is no call",
  async (path) => {
    expect([400, 404]).toContain((await rawRequest(open.url, { path, method: "POST" })).status);
    expect(house.calls).toEqual([]);
  },
);

test("a job that calls too often is told so, and strangers who guess do not keep others from calling", async () => {
  const server = await startServer({ usecases: house.usecases, port: 0, version: "1" });
  const call = async (path: string) => (await rawRequest(server.url, { path })).status;
  const guesses = [];
  for (let count = 0; count < 120; count++) guesses.push(await call(`/hb/guess${count}`));
  expect(guesses).toContain(429);
  expect(await call("/hb/beat-token")).toBe(200);
  const often = [];
  for (let count = 0; count < 40; count++) often.push(await call("/hb/beat-token"));
  expect(often).toContain(429);
  await server.close();
});

test("the address of a job is shown to those with the API's token only", async () => {
  const path = "/api/checks/backup/heartbeat";
  expect((await rawRequest(locked.url, { path })).status).toBe(401);
  const { status, body } = await rawRequest(locked.url, { path, headers: { authorization: "Bearer s3cret-token" } });
  expect([status, JSON.parse(body)]).toEqual([200, answers.heartbeat]);
});
