import { afterEach, expect, test } from "vitest";
import { runLoad } from "../../bench/load.ts";
import { type LabOptions, type ServiceText, service } from "../../test/lab/lab.ts";
import { kill, processesOf } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";
import type { Platform } from "../platforms/platform.ts";
import { findRollout, readJournal } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { liveUnits } from "../store/units.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

let lab: DeployLab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

/** A release that serves, and a newer one that is aborted while it bakes; `change` is what the platform does otherwise meanwhile. */
async function undone(
  options: LabOptions,
  change: (platform: Platform, lab: DeployLab) => Partial<Platform>,
): Promise<{ it: DeployLab; row: RolloutRow }> {
  const it = await openDeployLab(options);
  lab = it;
  expect((await it.ship()).state).toBe("SUCCEEDED");
  const newer = (text: ServiceText) => ({ ...text, env: { ...text.env, STEP: "newer" } });
  const services = Object.entries(options.services ?? {}).map(([name, text]) => [name, newer(text)]);
  it.manifest({ services: Object.fromEntries(services), strategy: { ...options.strategy, bake: "10m" } });
  const { platform } = it.dependencies;
  const deployer = it.another({ platform: { ...platform, ...change(platform, it) } });
  const { id } = await deployer.begin(await it.plan());
  const ended = deployer.run(id);
  await until("BAKING", async () => (await findRollout(it.engine.store.db, id))?.state === "BAKING");
  await deployer.abort(id, "test");
  return { it, row: await ended };
}

test("recreate goes back as it came: never two side by side, and requests wait", async () => {
  const beside: number[] = [];
  const services = { app: service({ drain: "1s" }) };
  const end = new AbortController();
  let load: ReturnType<typeof runLoad> | undefined;
  const { it, row } = await undone({ services, strategy: { kind: "recreate" } }, (platform, { root, url }) => ({
    start: async (request, context) => {
      beside.push(processesOf(root).filter(({ command }) => command.includes("app.mjs")).length);
      load ??= runLoad({ url: await url(), rate: 30, signal: end.signal, timeoutMs: 40_000 });
      return await platform.start(request, context);
    },
  }));
  end.abort();
  expect(row.state).toBe("ROLLED_BACK");
  expect(beside).toEqual([0, 0]);
  expect(await load).toMatchObject({ failed: 0, failures: [] });
  expect((await it.ask("/version")).release).toBe("r1");
});

test("all services have their old release back before the first candidate goes, also where one cannot be stopped", async () => {
  const services = { api: service({ drain: "1s" }), web: service({ drain: "1s" }) };
  const { it, row } = await undone({ services }, (platform) => ({
    stop: async (unit, ...rest) => {
      if (unit.target.service === "api") throw new Error("no answer");
      return await platform.stop(unit, ...rest);
    },
  }));
  expect(row.state).toBe("STUCK");
  const done = (await readJournal(it.engine.store.db, row.id)).map(({ key, phase }) => `${key} ${phase}`);
  const given = ["api", "web"].map((name) => done.indexOf(`undo:${name} outcome`));
  const first = done.findIndex((key) => key.startsWith("stop:"));
  expect(Math.min(...given)).toBeGreaterThan(0);
  expect(Math.max(...given)).toBeLessThan(first);
  for (const name of ["api", "web"]) expect((await it.ask("/version", name)).release).toBe("r1");
});

test("recreate that was to fill up its number and fails: the old release is there in full, on the same release", async () => {
  const it = await openDeployLab({ services: { app: service({ replicas: 2 }) }, strategy: { kind: "recreate" } });
  lab = it;
  expect((await it.ship()).state).toBe("SUCCEEDED");
  const units = async () => await liveUnits(it.engine.store.db, { app: "lab", env: "local" });
  const [dead, ...living] = await units();
  kill(dead?.address.pid ?? 0, "SIGKILL");
  const { platform } = it.dependencies;
  let starts = 0;
  const start: Platform["start"] = async (request, context) => {
    starts += 1;
    if (starts === 1) throw new Error("no room");
    return await platform.start(request, context);
  };
  const deployer = it.another({ platform: { ...platform, start } });
  await until("its end", async () => (await it.plan()).plan.kind === "restore");
  const row = await deployer.run((await deployer.begin(await it.plan())).id);
  expect(row).toMatchObject({ state: "ROLLED_BACK", kind: "restore" });
  const after = await units();
  expect(after.map(({ role, state, release }) => `${release} ${role} ${state}`)).toEqual(
    Array.from({ length: 2 }, () => "r1 stable running"),
  );
  expect(after.some(({ id }) => living.some((unit) => unit.id === id))).toBe(false);
  expect(await it.ask("/version")).toMatchObject({ status: 200, release: "r1" });
});
