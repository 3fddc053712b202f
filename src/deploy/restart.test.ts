import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadReport, runLoad } from "../../bench/load.ts";
import { service } from "../../test/lab/lab.ts";
import { kill, processesOf } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";
import { run } from "../exec/run.ts";
import type { WantedRoute } from "../platforms/traffic.ts";
import { releaseLease, takeLease } from "../store/leases.ts";
import { findRelease } from "../store/releases.ts";
import { findRollout } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { insertUnit, liveUnits } from "../store/units.ts";
import { giveBack } from "./holder.ts";
import { reap, removeStrays } from "./reap.ts";
import { restartService } from "./restart.ts";
import type { DeployDependencies } from "./run.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

const SCOPE = { app: "lab", env: "local" };
const TARGET = { app: "lab", environment: "local", service: "app" };
/** The edges of a restart's steps, in order; from `routed` on the fresh process has the requests. */
const EDGES = ["recorded", "started", "healthy", "routed", "adopted", "drained", "stopped"];

let lab: DeployLab;
beforeAll(async () => {
  lab = await openDeployLab();
  expect((await lab.ship()).state).toBe("SUCCEEDED");
});
afterAll(() => lab.close());

const units = async () => await liveUnits(lab.engine.store.db, SCOPE);
const appPids = () =>
  processesOf(lab.root)
    .filter(({ command }) => command.includes("app.mjs"))
    .map(({ pid }) => pid);
const restart = (which: "all" | "failing", change: Partial<DeployDependencies> = {}, signal?: AbortSignal) =>
  restartService(
    { ...lab.dependencies, ...change },
    { environment: "local", service: "app", which, signal: signal ?? AbortSignal.timeout(30_000) },
  );
const pid = async (): Promise<number> => JSON.parse((await lab.ask("/version")).body).pid;

async function underLoad(work: () => Promise<unknown>): Promise<LoadReport> {
  const end = new AbortController();
  const mix = { getKeepAlive: 1, getNew: 1, postBody: 1 };
  const load = runLoad({ url: await lab.url(), rate: 30, signal: end.signal, mix });
  await work().finally(() => end.abort());
  return await load;
}

/** What must be true once the next start has put things in order: one process, and it is the one with the requests. */
async function tidy(): Promise<void> {
  await reap(lab.dependencies, "local");
  expect((await units()).map(({ role, state }) => `${role} ${state}`)).toEqual(["stable running"]);
  const [unit] = await units();
  const view = await lab.engine.platform.traffic.read(TARGET, { signal: AbortSignal.timeout(10_000) });
  expect(view).toMatchObject({ stable: [{ id: unit?.id }], candidate: [] });
  expect(await pid()).toBe(unit?.address.pid);
  await until("one process", () => String(appPids()) === String([unit?.address.pid]));
}

/** A restart by another process, which can be killed. */
async function restartElsewhere(env: Record<string, string>) {
  const place = { config: join(lab.root, "stationmaster.yaml"), state: lab.state };
  const options = { environment: "local", service: "app", which: "all" };
  const program = `
    import { openEngine } from ${JSON.stringify(new URL("../daemon/engine.ts", import.meta.url))};
    import { findPlace } from ${JSON.stringify(new URL("../daemon/place.ts", import.meta.url))};
    import { restartService } from ${JSON.stringify(new URL("./restart.ts", import.meta.url))};
    const engine = await openEngine(findPlace(${JSON.stringify(place)}));
    await restartService(engine.deploy, { ...${JSON.stringify(options)}, signal: AbortSignal.timeout(30_000) });
  `;
  return await run([process.execPath, "--input-type=module", "-e", program], {
    deadlineMs: 60_000,
    env: { PATH: process.env.PATH ?? "", ...lab.env, ...env },
  });
}

/** A rollout of a new release, under way. */
async function baking(): Promise<{ id: string; ended: Promise<RolloutRow> }> {
  lab.manifest({ strategy: { bake: "10m" }, services: { app: service({ env: { STEP: "bakes" } }) } });
  const { id } = await lab.deployer.begin(await lab.plan());
  const ended = lab.deployer.run(id);
  await until("BAKING", async () => (await findRollout(lab.engine.store.db, id))?.state === "BAKING");
  return { id, ended };
}

describe("restart", () => {
  test("new before old: no request fails", async () => {
    const before = appPids();
    const load = await underLoad(async () => expect(await restart("all")).toHaveLength(1));
    expect(load).toMatchObject({ failed: 0, failures: [] });
    expect(appPids()).toHaveLength(1);
    expect(appPids()).not.toEqual(before);
  });

  test("is refused while a rollout works, and refuses a rollout meanwhile", async () => {
    const { id, ended } = await baking();
    await expect(restart("all")).rejects.toMatchObject({ code: "SM-DEPLOY-BUSY", exitCode: 3 });
    await lab.deployer.abort(id, "test");
    await ended;
    const planned = await lab.plan();
    const [restarted, begun] = await Promise.allSettled([
      restart("all"),
      until("the restart", () => appPids().length === 2).then(() => lab.another().begin(planned)),
    ]);
    expect(restarted.status).toBe("fulfilled");
    expect(begun).toMatchObject({ status: "rejected", reason: { code: "SM-DEPLOY-BUSY" } });
  });

  test("says that it begins once it may, and never where it is refused", async () => {
    const said: string[] = [];
    const order = (name: string) =>
      restartService(lab.dependencies, {
        ...{ environment: "local", service: "app", which: "all", signal: AbortSignal.timeout(30_000) },
        begin: async () => void said.push(name),
      });
    const first = order("first");
    await until("its beginning", () => said.length === 1);
    await expect(order("second")).rejects.toMatchObject({
      code: "SM-DEPLOY-BUSY",
      message: "another restart works on local",
    });
    await first;
    expect(said).toEqual(["first"]);
  });

  test("one that does not come up leaves the old process where it is", async () => {
    const before = await lab.ask("/version");
    const probe = async () => ({ ok: false, detail: "GET /health → 503", body: null });
    const change = { probe, clock: { ...lab.dependencies.clock, monotonic: () => performance.now() * 1_000 } };
    await expect(restart("all", change)).rejects.toMatchObject({ code: "SM-UNIT-UNHEALTHY" });
    expect(await lab.ask("/version")).toEqual(before);
    expect(appPids()).toHaveLength(1);
  });

  test("a dead process is replaced", async () => {
    kill(appPids()[0] ?? 0, "SIGKILL");
    await until("its end", () => appPids().length === 0);
    expect(await restart("failing")).toHaveLength(1);
    expect((await lab.ask("/version")).status).toBe(200);
  });

  test("one that ends while it is looked at is replaced too", async () => {
    const before = appPids()[0] ?? 0;
    kill(before, "SIGKILL");
    await until("its end", () => appPids().length === 0);
    let looks = 0;
    const { observe } = lab.dependencies.platform;
    const platform: DeployDependencies["platform"] = {
      ...lab.dependencies.platform,
      observe: async (...args) => {
        looks += 1;
        const seen = await observe(...args);
        return looks === 1 ? { ...seen, alive: true } : seen;
      },
    };
    expect(await restart("failing", { platform })).toHaveLength(1);
    expect((await lab.ask("/version")).status).toBe(200);
    expect(appPids()).not.toEqual([before]);
  });

  test("several dead ones: only living ones are ever in the route", async () => {
    lab.manifest({ services: { app: service({ replicas: 2 }) } });
    expect((await lab.ship()).state).toBe("SUCCEEDED");
    for (const dead of appPids()) kill(dead, "SIGKILL");
    await until("their end", () => appPids().length === 0);
    const applied: WantedRoute[] = [];
    const { traffic } = lab.dependencies.platform;
    if (!traffic) throw new Error("no traffic");
    const apply: typeof traffic.apply = (target, wanted, context) => {
      applied.push(wanted);
      return traffic.apply(target, wanted, context);
    };
    const platform = { ...lab.dependencies.platform, traffic: { ...traffic, apply } };
    expect(await restart("failing", { platform })).toHaveLength(2);
    expect(applied.map(({ stable }) => stable.length)).toEqual([1, 2]);
    lab.manifest({});
    expect((await lab.ship()).state).toBe("SUCCEEDED");
  });
});

describe("a restart that breaks off", () => {
  test.each(EDGES)("by a failure at `%s`: users notice nothing, one process is left", async (edge) => {
    const before = await pid();
    const boundary = (point: string) => {
      if (point === `restart ${edge}`) throw new Error("broken");
    };
    const load = await underLoad(async () => {
      await expect(restart("all", { boundary })).rejects.toThrow("broken");
      await tidy();
    });
    expect(load).toMatchObject({ failed: 0, failures: [] });
    expect((await pid()) === before).toBe(EDGES.indexOf(edge) < EDGES.indexOf("routed"));
  });

  test.each(EDGES)("by kill -9 at `%s`: the next start puts it in order, users notice nothing", async (edge) => {
    const before = await pid();
    const trace = join(lab.root, "trace");
    rmSync(trace, { force: true });
    const load = await underLoad(async () => {
      const killAt = String(EDGES.indexOf(edge) + 1);
      const env = { STATIONMASTER_FAULT_KILL_AT: killAt, STATIONMASTER_FAULT_TRACE: trace };
      expect(await restartElsewhere(env)).toMatchObject({ code: null });
      expect(readFileSync(trace, "utf8").trim().split("\n").at(-1)).toBe(`${killAt} restart ${edge}`);
      await tidy();
    });
    expect(load).toMatchObject({ failed: 0, failures: [] });
    expect((await pid()) === before).toBe(EDGES.indexOf(edge) < EDGES.indexOf("routed"));
  });

  test("by its time: once the fresh process has the requests it goes on to the end", async () => {
    const before = await pid();
    const time = new AbortController();
    const boundary = (point: string) => point === "restart routed" && time.abort(new Error("too late"));
    expect(await restart("all", { boundary }, time.signal)).toHaveLength(1);
    expect(await pid()).not.toBe(before);
    await tidy();
  });

  test("by a router whose answer got lost: the old process has its place again before the fresh one goes", async () => {
    const before = await pid();
    const { traffic } = lab.dependencies.platform;
    if (!traffic) throw new Error("no traffic");
    let lost = false;
    const apply: typeof traffic.apply = async (...args) => {
      const view = await traffic.apply(...args);
      if (lost) return view;
      lost = true;
      throw new Error("no answer");
    };
    const platform = { ...lab.dependencies.platform, traffic: { ...traffic, apply } };
    const load = await underLoad(() => expect(restart("all", { platform })).rejects.toThrow("no answer"));
    expect(load).toMatchObject({ failed: 0, failures: [] });
    expect(await pid()).toBe(before);
    await tidy();
  });

  test("a store that is away for a moment keeps nobody out afterwards", async () => {
    const lease = await takeLease(lab.engine.store.db, SCOPE, "somebody");
    if (!lease) throw new Error("no lease");
    let tries = 0;
    const { store } = lab.engine;
    const db = new Proxy(store.db, {
      get: (real, key) => {
        if (key === "execute" && ++tries < 3) return () => Promise.reject(new Error("away"));
        return Reflect.get(real, key);
      },
    });
    await giveBack({ ...lab.dependencies, store: { ...store, db } }, lease);
    expect(await restart("all")).toHaveLength(1);
  });
});

describe("what a crash in a restart left", () => {
  const candidate = async () => (await units()).filter(({ role }) => role === "candidate");

  test("the fresh process has its place in the route already: it is the one that counts", async () => {
    const before = await lab.ask("/version");
    await lab.engine.store.pool.query("update unit set role = 'candidate' where state = 'running'");
    await removeStrays(lab.dependencies, "local");
    expect(await candidate()).toEqual([]);
    expect(await lab.ask("/version")).toEqual(before);
  });

  test("it never got there: it goes, but not while somebody works on it", async () => {
    const [serving] = await units();
    if (!serving) throw new Error("nothing serves");
    const id = `${serving.id}-stray`;
    const release = await findRelease(lab.engine.store.db, "lab", serving.release);
    const target = { app: "lab", environment: "local", service: "app" };
    const environment = await lab.dependencies.resolveEnvironment("local", "app", release?.services.app as never);
    const address = await lab.engine.platform.start(
      {
        id,
        target,
        release: release as never,
        environment,
        labels: { rollout: serving.rolloutId, generation: serving.generation, role: "candidate" },
      },
      { signal: AbortSignal.timeout(10_000) },
    );
    await insertUnit(lab.engine.store.db, { ...serving, id, role: "candidate", state: "running", address });
    const lease = await takeLease(lab.engine.store.db, SCOPE, "somebody");
    await removeStrays(lab.dependencies, "local");
    expect(await candidate()).toHaveLength(1);
    if (lease) await releaseLease(lab.engine.store.db, lease);
    await removeStrays(lab.dependencies, "local");
    expect(await candidate()).toEqual([]);
    await until("one process", () => appPids().length === 1);
  });
});
