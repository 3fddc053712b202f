import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Rollout } from "../contract/rollout.ts";
import { UserError } from "../core/errors.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { rollout } from "../server/answers/testing.ts";
import { type RunningServer, startServer } from "../server/index.ts";
import { createFakeHouse } from "../server/testing.ts";
import { failureLines, followRollout, PATIENCE_MS } from "./progress.ts";
import { createRemote } from "./remote.ts";

let server: RunningServer;
let said: string[];
let state: Rollout["state"];
const house = createFakeHouse();
const usecases: UseCases = { ...house.usecases, rollout: async () => ({ ...rollout, state }) };
const serve = () => startServer({ usecases, port: 0, version: "1" });
const remote = createRemote(async () => ({ url: server.url }));

beforeEach(async () => {
  server = await serve();
  state = "BAKING";
  said = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

test("a rollout is followed through a restart of the daemon on another port, which is told once", async () => {
  const following = followRollout(remote, "ro-1", { quiet: false, signals: false, patienceMs: PATIENCE_MS });
  await vi.waitFor(() => expect(said.join("")).toContain("BAKING"), { timeout: 10_000 });
  await server.close();
  await vi.waitFor(() => expect(said.join("")).toContain("no daemon answers"), { timeout: 10_000 });
  await new Promise((done) => setTimeout(done, 700));
  state = "SUCCEEDED";
  server = await serve();
  expect(await following).toMatchObject({ state: "SUCCEEDED" });
  expect(said.filter((line) => line.includes("asking again for 1 min"))).toHaveLength(1);
});

test("when nobody answers for long, the outcome is unknown: the rollout, where to look, an exit code of its own", async () => {
  await server.close();
  const following = followRollout(remote, "ro-1", { quiet: true, signals: false, patienceMs: 600 });
  await expect(following).rejects.toMatchObject({
    code: "SM-ROLLOUT-UNSEEN",
    exitCode: 4,
    message: expect.stringContaining("ro-1"),
    next: expect.stringContaining("stationmaster status"),
  });
  expect(said).toEqual([]);
});

test("work of this process that broke off is not waited for", async () => {
  await server.close();
  const following = followRollout(remote, "ro-1", { quiet: true, signals: false });
  await expect(following).rejects.toMatchObject({ code: "SM-DAEMON-GONE" });
});

test("an answer that will not change is no reason to wait", async () => {
  const gone = new UserError({ code: "SM-ROLLOUT-UNKNOWN", message: "there is no rollout ro-2" });
  const asked = { ...usecases, rollout: () => Promise.reject(gone) };
  await expect(followRollout(asked, "ro-2", { quiet: true, signals: false, patienceMs: 60_000 })).rejects.toBe(gone);
});

test("Ctrl-C asks for the way back until it was heard", async () => {
  const following = followRollout(remote, "ro-1", { quiet: true, patienceMs: PATIENCE_MS });
  await server.close();
  process.emit("SIGINT");
  await new Promise((done) => setTimeout(done, 700));
  server = await serve();
  await vi.waitFor(() => expect(house.calls).toContainEqual(["abort", "ro-1", expect.any(String)]), {
    timeout: 10_000,
  });
  state = "ROLLED_BACK";
  expect(await following).toMatchObject({ state: "ROLLED_BACK" });
  expect(house.calls.filter(([name]) => name === "abort")).toHaveLength(1);
});

test("of a long stack the lines are shown that say what broke", () => {
  const frames = Array.from({ length: 20 }, (_, at) => `    at Module.load (node:internal/${at}:1:1)`);
  const logs = ["starting", "Error: Cannot find module 'express'", ...frames];
  const lines = failureLines({
    ...rollout,
    failure: { code: "SM-UNIT-DIED", message: "died", logs } as Rollout["failure"],
  });
  expect(lines.join("\n")).toContain("Cannot find module 'express'");
  expect(lines.length).toBeLessThanOrEqual(10);
});
