import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runLoad } from "../../bench/load.ts";
import { type Lab, openLab, service } from "../lab/lab.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

// A sample, without a daemon; `npm run bench -- crash` kills a daemon at every boundary.
const POINTS = [
  { at: "before outcome start:", end: "new" },
  { at: "after intent shift:", end: "new" },
  { at: "after intent stop:", end: "new" },
  { at: "state CLEANING", end: "old" },
] as const;

let lab: Lab;
let step = 0;
const boundaries = { new: [] as string[], old: [] as string[] };
beforeAll(async () => {
  lab = await openLab();
  expect((await lab.deploy()).code).toBe(0);
  boundaries.new = await deployWith({}, false);
  boundaries.old = await deployWith({}, true);
});
afterAll(() => lab.close());

/** Deploys another release with the environment of a fault test; answers the boundaries it passed. */
async function deployWith(env: Record<string, string>, fails: boolean, kind = "blue-green"): Promise<string[]> {
  const trace = join(lab.root, "trace");
  rmSync(trace, { force: true });
  step += 1;
  const mode: Record<string, string> = fails ? { MODE: "never-healthy" } : {};
  const app = service({ startup: fails ? "1s" : "30s", env: { STEP: String(step), ...mode } });
  lab.manifest({ services: { app }, strategy: { kind } });
  await lab.run(["deploy", "local", "--yes", "--json"], { env: { STATIONMASTER_FAULT_TRACE: trace, ...env } });
  return readFileSync(trace, "utf8").trim().split("\n");
}

test.each(POINTS)("kill -9 at `$at`: the $end release serves, whole, and nothing is left", async (point) => {
  const passed = boundaries[point.end];
  const number = passed.findIndex((line) => line.replace(/^\d+ /, "").startsWith(point.at)) + 1;
  expect(number, `${point.at} in ${passed.join(", ")}`).toBeGreaterThan(0);
  const before = await lab.ask("/version");
  const end = new AbortController();
  const load = runLoad({ url: await lab.url(), rate: 20, signal: end.signal });
  const crashed = await deployWith({ STATIONMASTER_FAULT_KILL_AT: String(number) }, point.end === "old");
  expect(crashed).toHaveLength(number);
  // Any command that plans puts it in order; this one changes nothing itself.
  expect((await lab.run(["deploy", "local", "--plan"])).code).toBe(0);
  end.abort();
  expect(await load).toMatchObject({ failed: 0, failures: [] });
  const { services, rollouts } = await lab.status();
  expect(rollouts[0]).toMatchObject({
    state: point.end === "new" ? "SUCCEEDED" : "FAILED",
    endedAt: expect.any(String),
  });
  const after = await lab.ask("/version");
  expect(after.release === before.release).toBe(point.end === "old");
  expect(services[0]).toMatchObject({ state: "healthy", release: after.release, replicas: [{ weight: 100 }] });
  const pids = () => lab.processes().flatMap(({ pid, command }) => (command.includes("app.mjs") ? [pid] : []));
  await until("the one process", () => String(pids()) === String(services[0]?.replicas.map(({ pid }) => pid)), 5_000);
});

test("recreate, killed when it has stopped the old release, with a new one that is never well: the old one comes back", async () => {
  const before = await lab.ask("/version");
  const passed = await deployWith({}, true, "recreate");
  const number = passed.findIndex((line) => line.includes(" after outcome stop:")) + 1;
  expect(number, passed.join(", ")).toBeGreaterThan(0);
  expect(await deployWith({ STATIONMASTER_FAULT_KILL_AT: String(number) }, true, "recreate")).toHaveLength(number);
  expect((await lab.run(["deploy", "local", "--plan"])).code).toBe(0);
  const { services, rollouts } = await lab.status();
  expect(rollouts[0]).toMatchObject({ state: "ROLLED_BACK", endedAt: expect.any(String) });
  expect((await lab.ask("/version")).release).toBe(before.release);
  expect(services[0]).toMatchObject({ state: "healthy", release: before.release, replicas: [{ weight: 100 }] });
});
