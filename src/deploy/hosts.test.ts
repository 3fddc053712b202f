import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ServiceText, service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import { ExternalError } from "../core/errors.ts";
import type { Platform } from "../platforms/platform.ts";
import type { WantedRoute } from "../platforms/traffic.ts";
import { readLedger } from "../store/ledger.ts";
import { findRollout } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { liveUnits } from "../store/units.ts";
import type { Deployer } from "./deployer.ts";
import { hostsBehind } from "./left-hosts.ts";
import { reap, removeStrays } from "./reap.ts";
import { planDeploy } from "./request.ts";
import { restartService } from "./restart.ts";
import type { DeployDependencies } from "./run.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

const TARGET = { app: "lab", environment: "local", service: "app" };

let lab: DeployLab;
let deployer: Deployer;
let dependencies: DeployDependencies;
let hosts = ["a", "b"];
let exclusive: string | null = "it has a volume";
/** What the platform was asked since the test began. */
let stopped: { id: string; generation: number | undefined }[] = [];
let applied: WantedRoute[] = [];

beforeAll(async () => {
  lab = await openDeployLab();
  dependencies = { ...lab.dependencies, platform: onHosts(lab.dependencies.platform) };
  deployer = lab.another(dependencies);
});
afterAll(() => lab.close());
beforeEach(() => {
  stopped = [];
  applied = [];
});

/** This machine as if it were several hosts with one proxy. */
function onHosts(platform: Platform): Platform {
  const { traffic } = platform;
  if (!traffic) throw new Error("no traffic");
  return {
    ...platform,
    hosts: () => hosts,
    describe: async (name, context) => ({
      fingerprint: "",
      ...(await platform.describe?.(name, context)),
      exclusive,
    }),
    start: async (request, context) => ({ ...(await platform.start(request, context)), host: request.host }),
    stop: async (unit, graceMs, context) => {
      stopped.push({ id: unit.id, generation: context.generation });
      return await platform.stop(unit, graceMs, context);
    },
    traffic: {
      ...traffic,
      apply: async (target, wanted, context) => {
        applied.push(wanted);
        return await traffic.apply(target, wanted, context);
      },
    },
  };
}

const plan = async () => await planDeploy({ ...lab.sources(), platform: dependencies.platform }, { actor: "test" });
async function ship(text: ServiceText = {}): Promise<RolloutRow> {
  lab.manifest({ services: { app: service({ drain: "1s", ...text }) } });
  return await deployer.run((await deployer.begin(await plan())).id);
}
const units = async () => await liveUnits(lab.engine.store.db, { app: "lab", env: "local" });
const where = async () => (await units()).map(({ role, state, address }) => `${address.host} ${role} ${state}`).sort();
const restart = async (change: Partial<DeployDependencies> = {}) =>
  await restartService(
    { ...dependencies, ...change },
    { environment: "local", service: "app", which: "all", signal: AbortSignal.timeout(60_000) },
  );
const routed = async () => {
  const view = await dependencies.platform.traffic?.read(TARGET, { signal: AbortSignal.timeout(10_000) });
  return view?.stable.map(({ id }) => id).sort();
};

test("what cannot run twice is restarted host by host: requests wait where none is left, under the lease", async () => {
  expect((await ship()).state).toBe("SUCCEEDED");
  stopped = [];
  applied = [];
  expect(await restart()).toHaveLength(2);
  expect(applied.map(({ hold }) => hold !== null)).toEqual([true, false, true, false]);
  expect(applied.map(({ stable }) => stable.length)).toEqual([2, 2, 2, 2]);
  expect(stopped).toHaveLength(2);
  expect(stopped.every(({ generation }) => generation !== undefined)).toBe(true);
  await reap(dependencies, "local");
  expect(await where()).toEqual(["a stable running", "b stable running"]);
});

test("a crash in it: the fresh unit of its host has its place, the other host keeps its own", async () => {
  const probe = () => Promise.reject(new Error("broken"));
  const before = await units();
  await expect(restart({ probe })).rejects.toThrow("broken");
  await removeStrays(dependencies, "local");
  await reap(dependencies, "local");
  const after = await units();
  expect(after.map(({ address, role }) => `${address.host} ${role}`).sort()).toEqual(["a stable", "b stable"]);
  expect(after.filter(({ id }) => before.some((unit) => unit.id === id))).toHaveLength(1);
  expect(await routed()).toEqual(after.map(({ id }) => id).sort());
});

test("a crash before the address of the fresh one is known: it goes, and the next restart replaces the dead one", async () => {
  const boundary = (point: string) => {
    if (point === "restart started") throw new Error("broken");
  };
  await expect(restart({ boundary })).rejects.toThrow("broken");
  await removeStrays(dependencies, "local");
  expect(await where()).toEqual(["a stable running", "b stable running"]);
  expect(await restart()).toHaveLength(2);
  await reap(dependencies, "local");
  expect(await where()).toEqual(["a stable running", "b stable running"]);
  expect(await routed()).toEqual((await units()).map(({ id }) => id).sort());
});

test("a rollout tidies up first, under its own generation", async () => {
  exclusive = null;
  expect((await ship({ env: { STEP: "may run twice" } })).state).toBe("SUCCEEDED");
  const boundary = (point: string) => {
    if (point === "restart recorded") throw new Error("broken");
  };
  // The clean-up fails too, as when the process ends.
  const { platform } = dependencies;
  const broken = { ...platform, stop: async () => Promise.reject(new Error("gone")) };
  await expect(restart({ boundary, platform: broken })).rejects.toThrow("broken");
  expect((await units()).filter(({ role }) => role === "candidate")).toHaveLength(1);
  const refused = lab.another({ ...dependencies, platform: broken });
  lab.manifest({ services: { app: service({ drain: "1s", env: { STEP: "after a crash" } }) } });
  const failed = await refused.run((await refused.begin(await plan())).id);
  expect(failed).toMatchObject({ state: "FAILED", failure: { message: expect.stringContaining("gone") } });
  stopped = [];
  const row = await ship({ env: { STEP: "after a crash" } });
  expect(row.state).toBe("SUCCEEDED");
  expect(stopped).toHaveLength(3);
  expect(new Set(stopped.map(({ generation }) => generation))).toEqual(new Set([row.generation]));
});

test("other hosts: the release comes to all of them, and what is elsewhere is left to be ended later", async () => {
  hosts = ["a", "c"];
  const { plan: wanted } = await plan();
  expect(wanted.services).toMatchObject([{ action: "replace", changes: ["hosts"] }]);
  stopped = [];
  const row = await ship({ env: { STEP: "after a crash" } });
  expect(row).toMatchObject({ state: "SUCCEEDED" });
  expect(await where()).toEqual(["a stable running", "b stable draining", "c stable running"]);
  expect(stopped).toMatchObject([{ generation: row.generation }]);
  const left = (await units()).filter(({ address }) => address.host === "b").map(({ id }) => id);
  expect(await reap(dependencies, "local")).toEqual(left);
  expect(stopped.at(-1)).toEqual({ id: left[0], generation: undefined });
  expect((await plan()).plan.services).toMatchObject([{ action: "keep" }]);
});

test("a host that was taken out is asked again with growing pauses, written off after a day, and known when it is back", async () => {
  const asked: string[] = [];
  let shift = 0;
  const clock = { ...dependencies.clock, now: () => Date.now() + shift };
  const clear = async (_target: unknown, host: string) => {
    asked.push(host);
    throw new ExternalError({ code: "SM-SSH-UNREACHABLE", message: `${host}: no answer`, next: "-", retryable: true });
  };
  const vacate = { clear, look: () => Promise.reject(new Error("not asked")) };
  const later = { ...dependencies, clock, platform: { ...dependencies.platform, vacate } };
  hosts = ["a"];
  const other = lab.another(later);
  expect(await other.run((await other.begin(await plan())).id)).toMatchObject({ state: "SUCCEEDED" });
  for (const ms of [0, 31_000, 45_000, 70_000, 75_000]) {
    shift = ms;
    await reap(later, "local");
  }
  expect(asked).toEqual(["c", "c", "c"]);
  expect(await where()).toEqual(["a stable running", "c stable draining"]);
  const [unit] = (await units()).filter(({ address }) => address.host === "c");
  expect(await hostsBehind(later, "local")).toMatchObject([{ host: "c", units: [unit?.id], writtenOff: false }]);
  shift = 25 * 3_600_000;
  await reap(later, "local");
  expect(await where()).toEqual(["a stable running"]);
  expect(await hostsBehind(later, "local")).toMatchObject([{ host: "c", units: [unit?.id], writtenOff: true }]);
  const [entry] = await readLedger(lab.engine.store.db, 1);
  expect(entry).toMatchObject({ action: "host.written-off", subject: "c", detail: { environment: "local" } });
  hosts = ["a", "c"];
  stopped = [];
  await reap(later, "local");
  expect(stopped.map(({ id }) => id)).toEqual([unit?.id]);
  expect(await hostsBehind(later, "local")).toEqual([]);
  expect((await ship({ env: { STEP: "after a crash" } })).state).toBe("SUCCEEDED");
});

test("what users are led to is read back: a service whose route somebody changed is put right", async () => {
  const target = { ...TARGET };
  const context = { signal: AbortSignal.timeout(10_000) };
  const view = await dependencies.platform.traffic?.read(target, context);
  if (!view) throw new Error("no route");
  const { figures: _, url: __, listensAt: ___, ...route } = view;
  await dependencies.platform.traffic?.apply(target, { ...route, stable: route.stable.slice(1) }, context);
  const { plan: wanted } = await plan();
  expect(wanted.services).toMatchObject([{ action: "restore", changes: ["route to 1 of 2"] }]);
  expect((await deployer.run((await deployer.begin(await plan())).id)).state).toBe("SUCCEEDED");
  expect(await routed()).toEqual((await units()).map(({ id }) => id).sort());
  expect((await plan()).plan.services).toMatchObject([{ action: "keep" }]);
});

/** Ships a release until it bakes, and takes it back. */
async function undone(text: ServiceText, change: (platform: Platform) => Partial<Platform> = () => ({})) {
  lab.manifest({ services: { app: service({ drain: "1s", ...text }) }, strategy: { bake: "10m" } });
  const { platform } = dependencies;
  const other = lab.another({ ...dependencies, platform: { ...platform, ...change(platform) } });
  const { id } = await other.begin(await plan());
  const ended = other.run(id);
  await until("BAKING", async () => (await findRollout(lab.engine.store.db, id))?.state === "BAKING");
  await other.abort(id, "test");
  return await ended;
}

test("other hosts, taken back: the old units serve on where they were, none is started elsewhere", async () => {
  const before = await units();
  hosts = ["d"];
  expect((await undone({ env: { STEP: "after a crash" } })).state).toBe("ROLLED_BACK");
  expect((await units()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(await where()).toEqual(["a stable running", "c stable running"]);
  expect(await routed()).toEqual(before.map(({ id }) => id).sort());
  hosts = ["a", "c"];
});

test("recreated, taken back while a host does not answer: the others have the old release, a person decides", async () => {
  exclusive = "it has a volume";
  const { release } = await lab.ask("/version");
  let left = false;
  const away = new ExternalError({ code: "SM-SSH-UNREACHABLE", message: "c: no answer", next: "-", retryable: true });
  const row = await undone({ env: { STEP: "to be taken back" } }, (platform) => ({
    stop: async (unit, ...rest) => {
      if (unit.address.host === "c" && left) throw away;
      return await platform.stop(unit, ...rest);
    },
    start: async (request, context) => {
      if (request.host === "c" && left) throw away;
      const address = await platform.start(request, context);
      left = request.host === "c" || left;
      return address;
    },
  }));
  expect(row).toMatchObject({ state: "STUCK", failure: { code: "SM-SSH-UNREACHABLE" } });
  const serving = (await units()).filter(({ id, state }) => id.includes("-back") && state === "running");
  expect(serving).toMatchObject([{ address: { host: "a" }, role: "stable", release }]);
  expect(await routed()).toEqual(serving.map(({ id }) => id));
  exclusive = null;
  expect((await ship({ env: { STEP: "decided" } })).state).toBe("SUCCEEDED");
  expect(await where()).toEqual(["a stable running", "c stable running"]);
});

test("what the holder of a lease lets go himself is not taken from him", async () => {
  const [unit] = await units();
  const { pool } = lab.engine.store;
  const routed = { stable: [], candidate: [], share: 0, until: null, hold: null };
  await lab.engine.platform.traffic.apply(TARGET, routed, { signal: AbortSignal.timeout(10_000) });
  await pool.query("update unit set state = 'draining' where id = $1", [unit?.id]);
  await pool.query("update lease set expires_at = now() + interval '1 minute', generation = $1", [unit?.generation]);
  expect(await reap(dependencies, "local")).toEqual([]);
  await pool.query("update lease set expires_at = now() - interval '1 s'");
  expect(await reap(dependencies, "local")).toEqual([unit?.id]);
});
